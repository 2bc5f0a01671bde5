import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { version } from "@pulumi/pulumi/version.js";
import { execa } from "execa";
import { Agent, type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { root } from "../../ops/bundle.mjs";
import { findEngine } from "./find.ts";
import { installEngine, installPlugins } from "./install.ts";
import { lackingPlugins, neededPlugins } from "./plugins.ts";

const real = await findEngine();
/** What was asked for, in order: of the installer's address as the SDK wrote it, of the mirror as curl or Pulumi did. */
let asked: string[] = [];
/** By the end of its path what the mirror has; of anything else it has nothing. */
let has: Record<string, string | Buffer> = {};
const mirror = createServer(({ url = "" }, response) => {
  asked.push(url);
  const found = Object.keys(has).find((end) => url.endsWith(end));
  if (found === undefined) response.statusCode = 404;
  response.end(found && has[found]);
});
let address: string;
let folder: string;
const before = getGlobalDispatcher();

beforeAll(async () => {
  await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
  // Nothing can be told where the installer is: so whatever this process asks for is asked of the mirror.
  const toMirror: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    asked.push(String(options.origin));
    return dispatch({ ...options, origin: address }, handler);
  };
  setGlobalDispatcher(new Agent().compose(toMirror));
});
afterAll(() => {
  setGlobalDispatcher(before);
  mirror.close();
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-install-"));
  asked = [];
  has = {};
  vi.stubEnv("PATH", "/usr/bin:/bin");
  vi.stubEnv("HOME", folder);
  vi.stubEnv("PULUMI_HOME", path.join(folder, "home"));
  vi.stubEnv("PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES", `.*=${address}`);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** A program of so many lines, in an archive as the mirror gives it. */
async function archive(file: string, ...lines: string[]): Promise<Buffer> {
  const place = path.join(folder, "archive", file);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, ["#!/bin/sh", ...lines, ""].join("\n"));
  await chmod(place, 0o755);
  const archived = path.join(folder, "archive.tar.gz");
  await execa("tar", ["-czf", archived, "-C", path.join(folder, "archive"), file]);
  return readFile(archived);
}

/** Takes the options of Pulumi's own installer, and gets an archive from beside itself as that does. */
const installer = () => `#!/bin/sh
set -e
[ "$1 $2 $4" = "--no-edit-path --install-root --version" ]
mkdir -p "$3"
curl --fail --silent --show-error "${address}/pulumi-v$5.tar.gz" | tar -xz -C "$3"
`;

describe("the engine", () => {
  it("is brought by Pulumi's installer, in the version of the SDK, to where it is found from then on", async () => {
    has = {
      "/install.sh": installer(),
      [`/pulumi-v${version}.tar.gz`]: await archive("bin/pulumi", `echo v${version}`),
    };
    expect(await findEngine()).toBeUndefined();
    const engine = await installEngine();
    expect(engine).toEqual({
      path: path.join(folder, "home", "versions", version, "bin", "pulumi"),
      version,
    });
    expect(asked).toEqual(["https://get.pulumi.com", "/install.sh", `/pulumi-v${version}.tar.gz`]);
    expect(await findEngine()).toEqual(engine);
  });

  it.each([
    ["the installer cannot be had", {}, /Failed to download https:\/\/get\.pulumi\.com\/install\.sh: 404/],
    [
      "it fails",
      { "/install.sh": "echo going on; printf '\\033[31merror: no such version\\033[0m\\n' >&2; exit 1" },
      /: no such version$/,
    ],
    ["it brings nothing", { "/install.sh": "exit 0" }, /ENOENT/],
    [
      "it brings an older one",
      {
        "/install.sh": `mkdir -p "$3/bin"; printf '#!/bin/sh\\necho v3.1.0\\n' > "$3/bin/pulumi"; chmod +x "$3/bin/pulumi"`,
      },
      /your current CLI version is v3\.1\.0/,
    ],
  ])("is one line when %s", async (_, there, why) => {
    has = there;
    const { message } = (await installEngine().catch((error: Error) => error)) as Error;
    expect(message).toMatch(why);
    expect(message).toMatch(/^--download: the Pulumi CLI could not be downloaded: .+$/);
    expect(stripVTControlCharacters(message)).toBe(message);
  });
});

describe("a plugin", () => {
  it.skipIf(real === undefined)("is brought by the engine, from where its package says", async () => {
    if (real === undefined) return;
    const plugins = await neededPlugins(root, ["@pulumi/random", "@upstash/pulumi"]);
    for (const { name, version } of plugins)
      has[`/pulumi-resource-${name}-v${version}-${system}.tar.gz`] = await archive(`pulumi-resource-${name}`);
    await installPlugins(real, plugins);
    expect(asked).toEqual(Object.keys(has));
    expect(await lackingPlugins(plugins)).toEqual([]);
  });

  it.skipIf(real === undefined)("that is not there is one line", async () => {
    if (real === undefined) return;
    const plugins = await neededPlugins(root, ["@pulumi/random"]);
    await expect(installPlugins(real, plugins)).rejects.toThrow(
      /^--download: random [\d.]+ could not be downloaded: .*404.*$/,
    );
  });

  it("brings what runs below it, too", async () => {
    const file = path.join(folder, "pulumi");
    await writeFile(file, `#!/bin/sh\necho "$@" >> ${folder}/asked\n`, { mode: 0o755 });
    await installPlugins({ path: file, version }, await neededPlugins(root, ["@pulumi/render"]));
    expect((await readFile(path.join(folder, "asked"), "utf8")).trim().split("\n")).toEqual([
      expect.stringMatching(/^plugin install resource terraform-provider [\d.]+$/),
      expect.stringMatching(/^package get-schema terraform-provider@[\d.]+ render-oss\/render [\d.]+$/),
    ]);
  });
});

/** As Pulumi's archives are named. */
const system = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
