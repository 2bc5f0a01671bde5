/**
 * The road of docs/en/take-over.md, from databases made by hand to rotated passwords: its commands are read from the
 * page and run as they stand, for a stack of another name, and between them is done what the page says.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../ops/bundle.mjs";
import { deploysOf } from "../../sandbox/clouds/render/index.ts";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { leaks, plainCanary } from "../canaries.ts";
import { commandLines, parse, words } from "../docs/markdown.ts";
import { smallBackend } from "../helpers/deploys.ts";
import { Ground } from "./adoption-ground.ts";
import { engineOrReason } from "./harness.ts";
import { kairosToday, type Made, organization, template } from "./kairos-today.ts";
import { logIn } from "./rotation-ground.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: the operator's road with the real engine (${found.reason})`);

const page = parse(await readFile(path.join(root, "docs", "en", "take-over.md"), "utf8"));
const lines = page.blocks
  .filter((block) => block.startsWith("```sh\n"))
  .flatMap((block) => block.split("\n").map((line) => `\`\`\`sh\n${line}`))
  .flatMap((line) =>
    ["npx", "pulumi"].flatMap((program) => commandLines({ ...page, blocks: [line], spans: [] }, program)),
  );

/** What a person answers at the terminal, given beforehand. */
const answers: [RegExp, string[]][] = [
  [/ adopt .*--finish/, ["--yes"]],
  [/ adopt /, ["--yes", "--service", "kairos-api"]],
  [/^pulumi up/, ["--yes", "--skip-preview"]],
];

describe.skipIf("reason" in found)("the operator's road", () => {
  let folder: string;
  let sandbox: Sandbox;
  let ground: Ground;
  let made: Made;
  let before: Record<string, string>;
  const password = plainCanary();

  beforeAll(async () => {
    if (!("engine" in found)) return;
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-road-"));
    sandbox = await startSandbox({ folder, keep: false, organization, deploys: await smallBackend() });
    ground = await Ground.create(found.engine, sandbox.clouds);
    await ground.write(template);
    made = await kairosToday(ground, { password, foreign: plainCanary(), shared: plainCanary() });
    await live();
    before = await variables();
  });
  afterAll(async () => {
    await ground?.remove();
    await sandbox?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function live(): Promise<void> {
    while (deploysOf(sandbox.clouds.render, made.service)[0]?.status !== "live") await sleep(100);
  }

  /** What the service runs with. */
  const variables = async () => deploysOf(sandbox.clouds.render, made.service)[0]?.variables ?? {};

  async function run(line: string): Promise<{ exitCode: number; all: string }> {
    const [program = "", ...args] = words(line.replace("--stack prod", "--stack test"));
    const more = answers.find(([pattern]) => pattern.test(line))?.[1] ?? [];
    if (program === "pulumi")
      return ground.pulumi(...args.filter((word) => word !== "--stack" && word !== "test"), ...more);
    const { all, exitCode = 1 } = await execa(program, [...args, ...more], {
      cwd: root,
      env: { ...ground.environment, KAIROS_PROJECT: ground.folder, NO_COLOR: "1" },
      all: true,
      reject: false,
    });
    ground.printed.push(all);
    return { exitCode, all };
  }

  const handOver = async () => ground.write((await ground.text()).replace(/\n\s+untouched: true/, ""));

  /** On the service's page at Render. */
  async function deleteOwnVariables(): Promise<void> {
    const { envVars } = sandbox.clouds.render.state.services[made.service] ?? { envVars: [] };
    const others = envVars.filter(({ key }) => !/^(MONGODB|POSTGRES)_/.test(key));
    await ground.render("PUT", `/services/${made.service}/env-vars`, others);
  }

  /** What each line of the page says, how it ends, and what the page tells to do after it. */
  const steps: { line: RegExp; says: RegExp; fails?: true; afterwards?: () => Promise<void> }[] = [
    { line: /^npx kairos adopt .*--dry-run/, says: /5 to import; 0 to create/ },
    { line: /^npx kairos adopt /, says: /Pulumi\.test\.yaml is written/ },
    { line: /^pulumi preview/, says: /5 to import/ },
    { line: /^pulumi up/, says: /= 5 imported/ },
    {
      line: /^npx kairos adopt .*--finish/,
      says: /the ids of the imports are gone/,
      async afterwards() {
        // Somebody who is in a hurry hears what is left.
        const { exitCode, all } = await run("npx kairos rotate all --stack prod --leaked");
        expect(exitCode).toBe(1);
        expect(all).toMatch(/in this order: 1\. take untouched: true out of kairos:backend; 2\. pulumi up/);
        await handOver();
      },
    },
    { line: /^pulumi up/, says: /sets MONGODB_URL, .* itself/, fails: true, afterwards: deleteOwnVariables },
    { line: /^pulumi up/, says: /kairos-backend.*-deployed/, afterwards: live },
    { line: /^npx kairos rotate all .*--leaked/, says: /postgres: rotated/ },
    {
      line: /^npx kairos rotate .*--status/,
      says: /mongodb: credential 2 .*\npostgres: credential 2 .*\nredis: nothing/,
    },
    { line: /^npx kairos secrets:scan/, says: /no secret in/ },
  ];

  it("has a step for each command of the page", () => {
    expect(lines).toEqual(steps.map(({ line }) => expect.stringMatching(line)));
  });

  it.each(steps.map((step, index) => [`${index + 1}. ${lines[index]}`, step] as const))(
    "%s",
    async (title, { says, fails, afterwards }) => {
      const { exitCode, all } = await run(title.replace(/^\d+\. /, ""));
      expect(all).toMatch(says);
      expect(exitCode === 0, all).toBe(fails !== true);
      await afterwards?.();
    },
    // The rotation of all is six ups, one after the other.
    600_000,
  );

  it("leads to new passwords, refuses the old ones, and shows neither", async () => {
    const after = await variables();
    await logIn("mongodb", after);
    await expect(logIn("mongodb", before)).rejects.toThrow(/auth/i);
    expect(after.POSTGRES_USER).not.toBe(before.POSTGRES_USER);
    const secrets = [password, new URL(after.MONGODB_URL ?? "").password, after.POSTGRES_PASSWORD ?? ""];
    expect(leaks(ground.printed.join("\n"), secrets)).toEqual([]);
    expect(sandbox.clouds.refused).toEqual([]);
  });
});
