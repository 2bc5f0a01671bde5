/**
 * Records what this release leaves behind: `npx tsx tests/upgrade/record.ts [kind…]`. Each kind of stack (kinds.ts) is
 * brought up by the real engine against the stand-ins, and its settings and state are kept without their credentials.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { root } from "../../ops/bundle.mjs";
import { type Clouds, startClouds } from "../../sandbox/clouds/index.ts";
import { EngineStack } from "../engine/harness.ts";
import { type Fixture, sealed } from "./fixture.ts";
import { type Found, type Kind, kinds, organization, wholeEngine } from "./kinds.ts";

const found = await wholeEngine();
if ("reason" in found) throw new Error(found.reason);
const { engine } = found;

const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as {
  version: string;
};
const target = path.join(root, "tests", "upgrade", "fixtures", version);
await mkdir(target, { recursive: true });

const asked = process.argv.slice(2);
for (const kind of kinds.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const file = path.join(target, `${kind.name}.json`);
  if (existsSync(file)) {
    console.log(`${kind.name}: recorded already, and not changed`);
    continue;
  }
  const start = Date.now();
  const fixture = await record(kind);
  await writeFile(file, JSON.stringify(fixture));
  // Short things on one line, which JSON.stringify cannot.
  await execa("npx", ["biome", "format", "--write", file], { cwd: root });
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(`${kind.name}: ${fixture.resources.length} resources, ${seconds} s`);
}

async function record(kind: Kind): Promise<Fixture> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-record-"));
  const clouds = await startClouds({ folder, organization });
  const stack = await EngineStack.create(engine);
  try {
    const preimages = path.join(folder, "preimages");
    await writeFile(preimages, "", { mode: 0o600 });
    Object.assign(stack.environment, clouds.environment, {
      KAIROS_PREIMAGES: preimages,
      NODE_OPTIONS: `--import=${path.join(import.meta.dirname, "preimages.mjs")}`,
    });
    const settings = kind.settings(await existing(clouds));
    await stack.configure(settings);
    for (const [name, value] of Object.entries(kind.secretSettings ?? {})) await stack.setSecret(name, value);
    await succeeds(stack, "up", "--yes", "--skip-preview");
    for (const step of kind.rotations ?? []) {
      stack.environment.KAIROS_ROTATE = step;
      await succeeds(stack, "up", "--yes", "--skip-preview");
    }
    delete stack.environment.KAIROS_ROTATE;
    await succeeds(stack, "preview", "--expect-no-changes");
    const texts = (await readFile(preimages, "utf8")).trim().split("\n");
    return sealed({
      release: version,
      kind: kind.name,
      about: kind.about,
      settings,
      secretSettings: kind.secretSettings ?? {},
      exported: await succeeds(stack, "stack", "export", "--show-secrets"),
      secrets: [...credentialsOf(clouds.environment), ...stack.secrets.map(passwordOf)],
      preimages: [...new Set(texts)].map((line) => JSON.parse(line) as string),
    });
  } finally {
    await stack.remove();
    await clouds.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function succeeds(stack: EngineStack, ...args: string[]): Promise<string> {
  const { exitCode, all, stdout } = await stack.pulumi(...args, "--stack", "test");
  if (exitCode !== 0) throw new Error(all);
  return stdout;
}

/** What somebody else has made before: a project, and two services. */
async function existing(clouds: Clouds): Promise<Found> {
  const { id: project } = clouds.atlas.projects.create({ name: "Kairos", orgId: organization });
  const create = async (name: string) => {
    const { RENDER_HOST, RENDER_API_KEY, RENDER_OWNER_ID: ownerId } = clouds.environment;
    const response = await fetch(`${RENDER_HOST}/services`, {
      method: "POST",
      headers: { "content-type": "application/json", Authorization: `Bearer ${RENDER_API_KEY}` },
      body: JSON.stringify({
        type: "web_service",
        name,
        ownerId,
        image: { ownerId, imagePath: "registry.example/kairos/backend:7" },
        serviceDetails: { plan: "starter", region: "oregon", runtime: "image" },
      }),
    });
    if (!response.ok) throw new Error(`POST /services: ${response.status} ${await response.text()}`);
    const { service } = (await response.json()) as { service: { id: string } };
    return service.id;
  };
  return { project, services: [await create("website"), await create("jobs")] };
}

function credentialsOf(environment: Record<string, string>): string[] {
  const isKey = (name: string) => /_(API|ACCESS|SECRET)_KEY$/.test(name);
  return Object.entries(environment).flatMap(([name, value]) => (isKey(name) ? [value] : []));
}

/** A setting is a credential, or a URL with one. */
function passwordOf(secret: string): string {
  return URL.canParse(secret) ? new URL(secret).password : secret;
}
