import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../engine/errors.ts";
import { BackupsGround } from "../../tests/helpers/backups.ts";
import { StackFile } from "../adopt/stack-file.ts";
import { restore } from "./restore.ts";

const text = `# As people wrote it.
config:
  kairos:mongodb:
    name: kairos-test
  kairos:postgres:
    plan: basic_1gb # enough
`;

let ground: BackupsGround;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-restore-"));
  await writeFile(path.join(folder, "Pulumi.test.yaml"), text);
  ground = await BackupsGround.create();
});
afterEach(async () => {
  await ground.close();
  await rm(folder, { recursive: true, force: true });
});

const stackFile = () => readFile(path.join(folder, "Pulumi.test.yaml"), "utf8");
const context = async (database: "postgres" | "mongodb") => ({
  ...ground.context(database),
  file: await StackFile.open(folder, "test"),
});

describe.each(["postgres", "mongodb"] as const)("a restore of %s", (database) => {
  it("shows every step in a dry run, and does none of them", async () => {
    const before = ground.there;
    const report = await restore(await context(database), { to: "latest", dryRun: true });
    expect(report.result).toBe("dry run");
    expect(report.steps).toEqual([
      expect.stringMatching(
        /^makes restored-\d{12}-test, an? \w+ \(at least .*\), beside kairos-\w+, which stays as it is$/,
      ),
      expect.stringMatching(/ restores kairos-\w+ as of \d{4}-\S+Z into it$/),
      "looks into it, and says what it holds",
      `writes kairos:${database}.restored into Pulumi.test.yaml, where you allow it`,
      expect.stringMatching(/^pulumi up --stack test moves the variables to it/),
      expect.stringMatching(/ stays until kairos:\w+ says its name/),
    ]);
    expect([ground.there, ground.tags.size, ground.questions, await stackFile()]).toEqual([
      before,
      0,
      [],
      text,
    ]);
  });

  it("makes a new one beside the old one, says what it holds, and names it in the stack file", async () => {
    const before = ground.there;
    ground.copy = ground.source.map((one) => ({ ...one, rows: one.rows + 7 }));
    const to = new Date(Math.floor((Date.now() - 3_600_000) / 1000) * 1000).toISOString();
    const report = await restore(await context(database), { to });
    expect(report).toMatchObject({ result: "restored", point: to, setting: { written: true } });
    const unit = database === "mongodb" ? "documents" : "rows";
    expect(report.holds).toContain(`public.users: 1207 ${unit}; the old database has 1200`);
    const added = ground.there.filter((one) => !before.includes(one));
    expect(added).toEqual([expect.stringMatching(/^(postgres|cluster) restored-\d{12}-test$/)]);
    expect(before.every((one) => ground.there.includes(one))).toBe(true);
    expect(await stackFile()).toContain(`    restored: ${report.setting?.value}\n`);
    expect(await stackFile()).toContain("# As people wrote it.");
    expect(report.next).toEqual([
      "npx kairos plan --stack test",
      "pulumi up --stack test",
      "npx kairos status --stack test",
    ]);
    expect([...ground.tags.keys()]).toEqual([`kairos:restore:${database}`]);
  });

  it("leaves the file alone where nobody agrees to that, and says the setting", async () => {
    const whole = await context(database);
    let asked = 0;
    const report = await restore({ ...whole, confirm: async () => ++asked === 1 }, { to: "latest" });
    expect([report.setting?.written, await stackFile()]).toEqual([false, text]);
    expect(report.next[0]).toEqual(
      expect.stringContaining(
        `put kairos:${database}.restored: ${report.setting?.value} into Pulumi.test.yaml, or`,
      ),
    );
  });

  it("remembers such a copy until it is in use: the same again goes on with it, another one is told of it", async () => {
    const whole = await context(database);
    let asked = 0;
    const first = await restore({ ...whole, confirm: async () => ++asked === 1 }, { to: "latest" });
    const said: string[] = [];
    const other = await context(database);
    other.progress.say = (text) => void said.push(text);
    const to = new Date(Math.floor((Date.now() - 3_600_000) / 1000) * 1000).toISOString();
    await restore(other, { to, dryRun: true });
    expect(said[0]).toContain(`to latest, has left ${first.name}; it stays, and costs`);
    const again = await restore(await context(database), { to: "latest" });
    expect([again.name, again.setting?.written]).toEqual([first.name, true]);
    const once = ground.questions.length;
    const more = await restore(await context(database), { to: "latest" });
    // It is written already, and nobody is asked about that.
    expect([more.name, more.setting?.written, ground.questions.length]).toEqual([first.name, true, once + 1]);
  });

  it.each([
    ["may not be read", { refused: true }, /2 of 2 may not be read/],
    ["nobody can reach", undefined, /nobody could look into it: no way/],
  ])("does not write the setting for what %s, and says what to do", async (_, hidden, why) => {
    const whole = await context(database);
    if (hidden) ground.copy = ground.source.map(({ name }) => ({ name, rows: 0, before: 0, ...hidden }));
    else
      Object.assign(whole, {
        limit: 20,
        count: async () => {
          throw new UserError("no way");
        },
      });
    const report = await restore(whole, { to: "latest" });
    expect([report.setting?.written, await stackFile()]).toEqual([false, text]);
    expect(report.unseen).toMatch(why);
    expect(report.holds.join()).not.toMatch(/0 rows;/);
    expect(report.next[0]).toMatch(/looks again$/);
  });

  it("makes nothing where nobody agrees at all", async () => {
    const before = ground.there;
    ground.agrees = false;
    expect(await restore(await context(database), { to: "latest" })).toMatchObject({ result: "declined" });
    expect([ground.there, ground.tags.size]).toEqual([before, 0]);
  });

  it("killed at each call, before it and after it, goes on with the same database, and never makes a second one", async () => {
    const to = new Date(Math.floor((Date.now() - 3_600_000) / 1000) * 1000).toISOString();
    const { there, production } = ground;
    const killed = await ground.killedEverywhere(
      async () => restore(await context(database), { to }),
      async () => {
        const isKept = (one: string) => ground.there.includes(one);
        expect(there.every(isKept)).toBe(true);
        expect(await restore(await context(database), { to })).toMatchObject({ result: "restored" });
        expect(ground.there.filter((one) => !there.includes(one))).toEqual([
          expect.stringMatching(/^(postgres|cluster) restored-\d{12}-test$/),
        ]);
        expect([...ground.tags.keys()]).toEqual([`kairos:restore:${database}`]);
        expect(ground.production).toEqual(production);
        await forget();
      },
    );
    console.log(`restore of ${database}: killed ${killed} times, 0 left over`);
    expect(killed).toBeGreaterThan(20);
  });

  it("beside a restored one that is in use keeps that as well", async () => {
    const first = await restore(await context(database), { to: "latest" });
    const inUse = String(first.setting?.value);
    // Each is called after its second.
    await sleep(1100);
    const whole = await context(database);
    // As the `up` leaves it.
    const vault = Object.create(whole.vault, { name: { value: first.name } });
    const make = (...args: Parameters<typeof whole.vault.make>) => whole.vault.make(...args);
    await restore({ ...whole, vault: Object.assign(vault, { make }) }, { to: "latest" });
    const section = (await StackFile.open(folder, "test")).get(`kairos:${database}`);
    expect(section).toMatchObject({ earlier: [inUse] });
    expect(section).not.toMatchObject({ restored: inUse });
  });
});

/** Puts everything back to where no restore was made. */
async function forget(): Promise<void> {
  const { atlas, render } = ground.clouds;
  for (const one of Object.values(render.state.postgres))
    if (one.name.startsWith("restored-")) delete render.state.postgres[one.id];
  const [project] = atlas.projects.list();
  for (const { name } of atlas.clusters.list(project?.id ?? ""))
    if (name.startsWith("restored-")) {
      atlas.clusters.get(project?.id ?? "", name).terminationProtectionEnabled = false;
      atlas.clusters.delete(project?.id ?? "", name);
    }
  ground.tags.clear();
  await writeFile(path.join(folder, "Pulumi.test.yaml"), text);
}
