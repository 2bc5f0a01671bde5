/** `review plan`, `review stacks` and `review comment` as the jobs of a pull request run them, on recorded events. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../ops/bundle.mjs";
import { Checkout } from "../checkout.ts";
import { Production } from "../production.ts";
import * as events from "./github/events.ts";
import { GitHubStandIn } from "./github/stand-in.ts";

let checkout: Checkout;
let job: string;
beforeAll(async () => {
  checkout = await Checkout.create();
  job = path.join(checkout.folder, "node_modules", ".cache", `review-${process.pid}`);
  await mkdir(job, { recursive: true });
});
afterEach(() => checkout.restore());
afterAll(() => checkout.remove());

const prod = "Pulumi.prod.yaml";
const redis = "    provider: upstash\n    name: kairos-redis\n    eviction: true";
const out = () => path.join(job, "comment.json");
/** Tests may run in a job of GitHub Actions themselves: its files and its run are not theirs. */
const nowhere = { GITHUB_STEP_SUMMARY: "", GITHUB_OUTPUT: "", GITHUB_RUN_ID: "", GITHUB_ACTIONS: "" };
const plan = async () => {
  const run = await checkout.kairos(["review", "plan", "--base", "HEAD", "--out", out()], {
    ...nowhere,
    GITHUB_BASE_REF: "main",
  });
  return { ...run, ...(JSON.parse(await readFile(out(), "utf8")) as { quiet: boolean; body: string }) };
};
/** A day that many from now, as exceptions have it. */
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const lines = (text: string) => text.split("\n").map((line) => line.replaceAll(/ +\|/g, " |"));
/** What a reviewer sees without opening anything. */
const open = (text: string) => text.replaceAll(/<details>[\s\S]*?<\/details>/g, "");

describe("review plan", () => {
  it("nothing: says so, and asks for no comment", async () => {
    const { quiet, body, stdout, exitCode } = await plan();
    expect({ quiet, exitCode }).toEqual({ quiet: true, exitCode: 0 });
    expect(stdout).toBe(body);
    expect(body).toContain("### ✅ Infrastructure: nothing changes\n\nNo change: `prod`.");
  });

  it.each([
    [
      "an access list that is open",
      "        comment: Render Oregon, outbound",
      "        comment: Render Oregon, outbound\n      - cidr: 0.0.0.0/0\n        comment: test\n        allowFromAnywhere: true",
      "access-list-open (mongodb-access-0.0.0.0/0)",
    ],
    [
      "a key in clear",
      "link: <render-service-id>",
      "link: <render-service-id>\n      variables: { MAIL_API_KEY: opaque }",
      "plain-secret (kairos-backend",
    ],
    [
      "a Postgres that is replaced",
      "database: kairos_db",
      "database: kairos",
      "the data of postgres-database would be lost",
    ],
    [
      "a cluster that is replaced",
      "name: cluster0",
      "name: cluster1",
      "the data of mongodb-cluster would be lost",
    ],
  ])("is red for %s, says so on the page, and how to let it pass", async (_, from, to, why) => {
    await checkout.edit(prod, from, to);
    const { body, stderr, exitCode } = await plan();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`error: prod: ${why}`);
    expect(open(body)).toMatch(/\*\*This check is red\*\*: .* `kairos:policies\.exceptions`/);
  });

  it("is green for a loss that an exception accepts, which stands in the open with its reason", async () => {
    const exception = `{ policy: data-loss, resource: postgres-database, reason: It is empty., until: ${day(5)} }`;
    await checkout.edit(prod, "database: kairos_db", "database: kairos");
    await checkout.edit(
      prod,
      "  kairos:mongodb:",
      `  kairos:policies: { exceptions: [${exception}] }\n\n  kairos:mongodb:`,
    );
    const { body, exitCode } = await plan();
    expect(exitCode).toBe(0);
    expect(open(body)).toContain("**: the data of `postgres-database` may be lost (It is empty.)");
    expect(open(body)).not.toContain("This check is red");
  });

  it("a mistake in a stack file: the line that says it, and a job that fails after it", async () => {
    await checkout.edit(prod, "tier: M10", "tier: M11");
    const { body, exitCode } = await plan();
    expect(exitCode).toBe(1);
    expect(body).toMatch(/^### ❌ prod: cannot be planned\n\n- .*kairos:mongodb\.tier: got "M11"/);
  });

  it("in a job: each risk as a command for the runner, with the changed line", async () => {
    await checkout.edit(prod, "database: kairos_db", "database: kairos");
    const args = ["review", "plan", "--base", "HEAD"];
    const { stdout } = await checkout.kairos(args, { ...nowhere, GITHUB_ACTIONS: "true" });
    const text = await readFile(path.join(checkout.folder, prod), "utf8");
    const line = text.split("\n").indexOf("    database: kairos") + 1;
    expect(line).toBeGreaterThan(20);
    expect(stdout.split("\n").filter((one) => one.startsWith("::"))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^::error file=Pulumi\\.prod\\.yaml,line=${line},title=prod%3A REPLACE postgres-database::it is deleted`,
        ),
      ),
    ]);
  });

  it("a new stack is compared with nothing; one that is removed is said to stay", async () => {
    const staging = "Pulumi.staging.yaml";
    await rm(path.join(checkout.folder, prod));
    await copyFile(path.join(root, staging), path.join(checkout.folder, staging));
    const { body } = await plan();
    await checkout.git("clean", "--quiet", "--force");
    expect(body).toMatch(/^### ⚠️ prod: its stack file is removed\n\nNothing is destroyed by that; /);
    expect(body).toMatch(/### 🔷 staging \(new stack\): \d+ created, 11 new variables/);
  });

  it("a huge change fits into a comment, and the summary keeps more of it", async () => {
    const link = "link: <render-service-id>";
    const many = Array.from(
      { length: 1500 },
      (_, index) => `        KAIROS_FEATURE_${index}: on-and-on-${index}`,
    );
    await checkout.edit(prod, link, `${link}\n      variables:\n${many.join("\n")}`);
    const { body, stdout } = await plan();
    expect(Buffer.byteLength(body)).toBeLessThan(65_536);
    expect(body).toContain("1500 new variables");
    expect(body).toMatch(/_\d folded parts? (is|are) left out here/);
    expect(open(body)).toContain("and 1480 more");
    expect(stdout).toContain("KAIROS_FEATURE_1499");
    expect(Buffer.byteLength(stdout)).toBeLessThan(1024 * 1024);
  });
});

describe("what a reviewer reads", () => {
  let production: Production;
  beforeEach(async () => {
    production = await Production.read();
  });

  it("Redis on: what is created, the variable that appears, what it can cost", async () => {
    production.edit(redis, "    provider: none");
    production.commit();
    production.edit("    provider: none", redis);
    const { markdown: body } = await production.against();
    expect(body).toContain("### 🔷 prod: 1 created, 1 new variable, 1 service deployed");
    expect(lines(body)).toContain("| Created | `redis-upstash` RedisDatabase (upstash) |");
    expect(lines(body)).toContain("| Variables of kairos-backend | + new: `REDIS_URL` |");
    expect(open(body)).toMatch(
      /Cost per month .*\*\*up to \+\$\d+\.\d\d\*\*: from \$\d+\.\d\d as before.*`redis-upstash` up to \$\d+\.\d\d \(new\)/,
    );
    expect(body).not.toMatch(/rediss:/);
  });

  it("a larger Postgres: old and new plan, and what it costs more", async () => {
    production.edit("plan: basic_1gb", "plan: basic_4gb");
    const { markdown: body } = await production.against();
    expect(body).toContain("### 🔷 prod: 1 changed\n");
    expect(open(body)).toContain("`postgres-database` Postgres (render): `plan` `basic_1gb → basic_4gb`");
    expect(open(body)).toMatch(/Cost per month .*\*\*\+\$\d+\.\d\d\*\*/);
  });

  it("a rename that replaces: the loss comes first, before any table", async () => {
    production.edit("database: kairos_db", "database: kairos");
    const { markdown: body } = await production.against();
    expect(body).toMatch(/^### 🛑 prod: 1 REPLACED, 1 policy violation, /);
    const [title, caution] = body.split("\n\n");
    expect(title).toMatch(/^### /);
    expect(caution).toMatch(/^> \[!CAUTION\]\n> \*\*REPLACE postgres-database\*\*.*deleted with its data/);
    expect(open(body)).toContain(
      "⛔ **new** [data-loss](docs/reference/policies.md#data-loss), `postgres-database`",
    );
  });

  it("a database that goes: its variables are gone, in bold", async () => {
    production.edit(redis, "    provider: none");
    const { markdown: body } = await production.against();
    expect(body).toMatch(/^### 🛑 prod: 1 DELETED, /);
    expect(lines(body)).toContain("| Variables of kairos-backend | − gone: **`REDIS_URL`** |");
  });

  it("an access list opened to the world: a violation in the title", async () => {
    const entry = "        comment: Render Oregon, outbound";
    const world = "      - cidr: 0.0.0.0/0\n        comment: test\n        allowFromAnywhere: true";
    production.edit(entry, `${entry}\n${world}`);
    const { markdown: body } = await production.against();
    expect(body).toMatch(/^### ⛔ prod: 1 policy violation, 1 created\n/);
    expect(lines(body)).toContain(
      "| Created | `mongodb-access-0.0.0.0/0` ProjectIpAccessList (mongodbatlas) |",
    );
    expect(open(body)).toContain(
      "⛔ **new** [access-list-open](docs/reference/policies.md#access-list-open), `mongodb-access-0.0.0.0/0`",
    );
  });

  it("another user of a database: refused before any table, and nothing that it would not do", async () => {
    const both = (name: string) => `    database: kairos_db\n    user: ${name}\n`;
    production.edit(both("kairos"), both("app"));
    const { markdown: body } = await production.against();
    expect(body).toMatch(
      /^### ⛔ prod: 1 REFUSED\n\n> \[!CAUTION\]\n> \*\*REFUSED postgres-database\*\*, .*`kairos → app`: no user can be renamed/,
    );
    expect(open(body)).not.toMatch(/POSTGRES_USER|Deployed|Replaced|Changed/);
  });

  it("a variable added: named in the open, its value folded", async () => {
    const link = "link: <render-service-id>";
    production.edit(link, `${link}\n      variables:\n        LOG_LEVEL: info`);
    const { markdown: body } = await production.against();
    expect(lines(open(body))).toContain("| Variables of kairos-backend | + new: `LOG_LEVEL` |");
    expect(open(body)).not.toContain("info");
    expect(body).toContain("`info (new)`");
  });

  it("what a stack file says stays text: no markup, no mention, no marker", async () => {
    const link = "link: <render-service-id>";
    const evil = "</details><!-- kairos:plan --> @everyone ![x](https://evil.example) `|` **no changes**";
    production.edit(link, `${link}\n      variables:\n        NOTE: ${JSON.stringify(evil)}`);
    const { markdown: body } = await production.against();
    // Only inside of code, on one line of a table; two backticks, since the text has one.
    const [line = ""] = body.split("\n").filter((one) => one.includes("evil.example"));
    expect(line).toMatch(
      /^\| `kairos-backend` +\| `NOTE` +\| ``(?!`)((?!``).)*evil\.example((?!``).)*`` \|$/,
    );
    expect(body.split("evil.example")).toHaveLength(2);
  });
});

describe("review stacks", () => {
  const stacks = async (...args: string[]) =>
    (await checkout.kairos(["review", "stacks", ...args], nowhere)).stdout;

  it("names production, and only it when its settings changed", async () => {
    expect(await stacks()).toBe('stacks=["prod"]\n');
    expect(await stacks("--since", "HEAD")).toBe("stacks=[]\n");
    await checkout.edit(prod, "maxPoolSize: 200", "maxPoolSize: 100");
    expect(await stacks("--since", "HEAD")).toBe('stacks=["prod"]\n');
  });

  it("finds the one changed stack behind 400 other files, where GitHub's lists end at 300", async () => {
    await mkdir(path.join(checkout.folder, "A"), { recursive: true });
    for (let index = 0; index < 400; index++)
      await writeFile(path.join(checkout.folder, "A", `${index}.txt`), `${index}`);
    await checkout.edit(prod, "maxPoolSize: 200", "maxPoolSize: 100");
    await checkout.commit("A huge change");
    expect(await stacks("--since", "HEAD^1")).toBe('stacks=["prod"]\n');
    await checkout.git("reset", "--quiet", "--hard", "HEAD~1");
  });

  it.each([
    [["stacks", "--since", "nowhere"], {}, '--since: got "nowhere"; expected a git ref of this repository'],
    [["plan", "--base", "nowhere"], {}, '--base: got "nowhere"; expected a git ref of this repository'],
    // Not that the version is missing: git itself says what is.
    [["stacks", "--since", "HEAD"], { PATH: "/nowhere" }, "--since: git: there is no git on the PATH"],
    [
      ["stacks", "--since", "HEAD"],
      { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" },
      expect.stringMatching(/^--since: git: detected dubious ownership/),
    ],
  ])("says in one line why %j cannot be answered, with %j", async (args, more, why) => {
    const { stderr, exitCode } = await checkout.kairos(["review", ...args], { ...nowhere, ...more });
    const [first = "", ...rest] = stderr.split("\n");
    expect([first.replace(/^error: /, ""), ...rest, exitCode]).toEqual([why, "", 1]);
  });

  it("says what a shallow clone lacks, as does every command that takes a version", async () => {
    await checkout.commit("Not the first");
    const before = await checkout.git("rev-parse", "HEAD~1");
    const shallow = await checkout.shallowClone();
    for (const [option, ...args] of [
      ["--since", "review", "stacks"],
      ["--base", "review", "plan"],
      ["--against", "plan"],
    ] as const)
      for (const ref of ["HEAD~1", before]) {
        const { stdout, stderr, exitCode } = await shallow.kairos([...args, option, ref], nowhere);
        expect(stderr).toMatch(
          `error: ${option}: got "${ref}"; expected a git ref of this repository (this clone has a part of it: git fetch --unshallow brings the rest; in CI, fetch-depth: 0)`,
        );
        expect([stdout, stderr.split("\n").length, exitCode]).toEqual(["", 2, 1]);
      }
    await shallow.remove();
    await checkout.git("reset", "--quiet", "--hard", "HEAD~1");
  });
});

describe("review comment", () => {
  let there: GitHubStandIn;
  let api: string;
  beforeEach(async () => {
    there = new GitHubStandIn();
    api = await there.start();
  });
  afterEach(() => there.stop());

  const send = async (event: object, handedOver: unknown) => {
    await writeFile(path.join(job, "event.json"), JSON.stringify(event));
    await writeFile(out(), typeof handedOver === "string" ? handedOver : JSON.stringify(handedOver));
    return checkout.kairos(["review", "comment", "--file", out()], {
      GITHUB_EVENT_PATH: path.join(job, "event.json"),
      GITHUB_REPOSITORY: events.repository,
      GITHUB_API_URL: api,
      GITHUB_TOKEN: there.token,
    });
  };

  const plan = { part: "plan", quiet: true, body: "### one" };

  it("writes what it was handed, once", async () => {
    const event = events.own();
    const { sha } = event.pull_request.head;
    expect((await send(event, { ...plan, quiet: false })).stderr).toBe("comment: created\n");
    expect((await send(event, { ...plan, body: "### two" })).stderr).toBe("comment: updated\n");
    expect(there.comments.map(({ body }) => body)).toEqual([
      `<!-- kairos:plan -->\n<!-- kairos:part plan ${sha} -->\n### two`,
    ]);
    expect(there.calls).toContain(`POST /issues/${event.number}/comments`);
  });

  it.each([
    ["a fork", events.fork],
    ["a fork that is gone", events.deletedFork],
  ])("asks GitHub nothing for %s, even with a token that could", async (_, event) => {
    const { stderr, exitCode } = await send(event(), { ...plan, quiet: false });
    expect(stderr).toBe("no comment: from a fork; the job summary says it all\n");
    expect({ exitCode, calls: there.calls }).toEqual({ exitCode: 0, calls: [] });
  });

  it("a token without the permission is no failure", async () => {
    there.readOnly = true;
    const { stderr, exitCode } = await send(events.own(), { ...plan, quiet: false });
    expect(stderr).toMatch(/^no comment: the token may not write/);
    expect(exitCode).toBe(0);
  });

  it.each([
    ["no JSON", "text"],
    ["something else in it", { ...plan, number: 1 }],
    ["a part that there is not", { ...plan, part: "other" }],
    ["more than a comment takes", { ...plan, body: "a".repeat(70_000) }],
  ])("refuses a file with %s", async (_, handedOver) => {
    const { stderr, exitCode } = await send(events.own(), handedOver);
    expect(stderr).toMatch(/^error: --file: got .*; expected what `review plan --out` or /);
    expect({ exitCode, calls: there.calls }).toEqual({ exitCode: 1, calls: [] });
  });
});
