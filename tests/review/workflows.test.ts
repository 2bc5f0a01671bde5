/** The workflows: within this repository's own rules, and harmless on an event from a fork. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../ops/bundle.mjs";
import * as events from "./github/events.ts";
import { type Happening, jobsRunOn, named, workflow, workflows } from "./github/jobs.ts";
import { breaches, exposed } from "./github/rules.ts";

const expression = (text: string) => ["$", "{{ ", text, " }}"].join("");
/** The workflow with a text in it replaced; the text has to be there. */
const changed = (file: string, from: string, to: string) => {
  const { text } = named(file);
  if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
  return workflow(file, text.replace(from, to));
};

/** Everything is configured, and jobs that run foreign code say whatever helps them most. */
const worst = (name: string, event: object, ref?: string): Happening => ({
  name,
  github: events.github(name, event, ref),
  vars: { PULUMI_BACKEND_URL: "https://state.example" },
  outputs: {
    stacks: { stacks: '["staging","prod"]' },
    "plan-prod": { digest: "0", changes: "3" },
  },
});
/** Which jobs run of the workflows that have to do with stacks; the checks run on everything. */
const run = (happening: Happening, failing: readonly string[] = []) =>
  Object.fromEntries(
    workflows.flatMap((one) => {
      if (one.file === "checks.yml") return [];
      const jobs = jobsRunOn(one, happening, failing);
      return jobs.length === 0 ? [] : [[one.file, jobs]];
    }),
  );

describe("the rules", () => {
  it.each(workflows.map((one) => [one.file, one] as const))("%s keeps them", (_, one) => {
    expect(breaches(one)).toEqual([]);
  });

  it.each([
    ["pr.yml", "pull_request.base.sha", "pull_request.head.sha", /something else than the base/],
    [
      "environments.yml",
      "          # Never the pull request's own code in a job that may write.\n          ref: main\n",
      "",
      /something else than the base/,
    ],
    ["deploy.yml", "cancel-in-progress: false", "cancel-in-progress: true", /can be cancelled/],
    ["nightly.yml", "    timeout-minutes: 30\n", "", /no timeout/],
    ["environments.yml", "          ref: main\n", "", /by other code than main's/],
    ["environments.yml", "cancel-in-progress: false", "cancel-in-progress: true", /can be cancelled/],
  ])("%s with %j → %j breaks one", (file, from, to, what) => {
    expect(breaches(changed(file, from, to)).join("\n")).toMatch(what);
  });

  it("pin the engine that the SDK belongs to", async () => {
    const { dependencies } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
    const given = workflows.flatMap(({ text }) =>
      [...text.matchAll(/pulumi-version\S*: (\S+)/g)].map(([, one]) => one),
    );
    expect(given.length).toBeGreaterThan(3);
    expect(new Set(given)).toEqual(new Set([".pulumi-version"]));
    const pinned = (await readFile(path.join(root, ".pulumi-version"), "utf8")).trim();
    expect(pinned).toBe(dependencies["@pulumi/pulumi"]);
    expect(await readFile(path.join(root, "Pulumi.yaml"), "utf8")).toContain(
      `requiredPulumiVersion: ">=${pinned}"`,
    );
  });

  it("sign in without a kept key, where there is one to sign in at, before Pulumi is called", async () => {
    const jobs = workflows.flatMap(({ jobs }) => Object.values(jobs));
    const withState = jobs.filter(({ env }) => env?.PULUMI_ACCESS_TOKEN !== undefined);
    expect(withState.length).toBeGreaterThan(5);
    for (const { permissions, steps } of withState) {
      expect(permissions).toMatchObject({ "id-token": "write" });
      const [signIn, pulumi] = ["$/.github/actions/sign-in", "pulumi/actions@"].map((action) =>
        steps.findIndex(({ uses }) => uses?.startsWith(action)),
      );
      expect(signIn).toBeGreaterThan(0);
      expect(pulumi).toBeGreaterThan(signIn ?? 0);
    }
    for (const job of jobs.filter((one) => !withState.includes(one)))
      expect(job.permissions).not.toHaveProperty("id-token");
  });

  it("run the policy pack with every up of the official action", () => {
    const steps = workflows.flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps));
    const runs = steps.filter(({ with: given }) => given?.command !== undefined);
    expect(runs.map(({ with: given }) => given?.command)).toEqual(["up", "up"]);
    for (const { with: given } of runs) expect(given?.policyPacks).toBe("infra/policies");
  });
});

describe("who runs on what", () => {
  it.each([
    ["a fork", events.fork],
    ["a fork that is gone", events.deletedFork],
    ["Dependabot", events.dependabot],
  ])("%s: only the checks and the plan, with a token that reads, and nothing else", (_, event) => {
    const happening = worst("pull_request", event());
    expect(run(happening)).toEqual({ "pr.yml": ["plan"] });
    expect(jobsRunOn(named("checks.yml"), happening)).toEqual(["checks"]);
    expect(exposed(named("checks.yml"), "checks")).toEqual([]);
    expect(exposed(named("pr.yml"), "plan")).toEqual([]);
  });

  it.each([
    [
      "a secret",
      "        with:\n          name: comment\n          path: comment.json",
      `        env:\n          X: ${expression("secrets.RENDER_API_KEY")}\n        with:\n          name: comment\n          path: comment.json`,
      "secrets",
    ],
    [
      "all secrets",
      "    timeout-minutes: 15",
      `    timeout-minutes: 15\n    env: {X: "${expression("toJSON(secrets)")}"}`,
      "secrets",
    ],
    ["a token that writes", "      contents: read", "      contents: write", "token: contents"],
    [
      "an environment",
      "    timeout-minutes: 15",
      "    timeout-minutes: 15\n    environment: prod",
      "environment",
    ],
  ])("it is noticed when the fork's job gets %s", (_, from, to, what) => {
    expect(exposed(changed("pr.yml", from, to), "plan")).toEqual([what]);
  });

  it.each([
    ["preview.yml", "github.event.pull_request.head.repo.full_name == github.repository", "true"],
    ["pr.yml", "github.event.pull_request.head.repo.full_name == github.repository", "true"],
  ])("it is noticed when %s no longer asks where the code is from", (file, from, to) => {
    const { text } = named(file);
    const open = workflow(file, text.replaceAll(from, to));
    const jobs = jobsRunOn(open, worst("pull_request", events.fork()));
    expect(jobs.flatMap((id) => exposed(open, id))).not.toEqual([]);
  });

  it("a pull request from this repository: plan, comment, and previews with credentials", () => {
    expect(run(worst("pull_request", events.own()))).toEqual({
      "pr.yml": ["plan", "comment"],
      "preview.yml": ["stacks", "preview", "comment"],
    });
    for (const file of ["pr.yml", "preview.yml"])
      expect(exposed(named(file), "comment")).toEqual(["token: pull-requests"]);
    expect(exposed(named("preview.yml"), "preview")).toEqual(["token: id-token", "secrets", "environment"]);
  });

  it("plan and previews write into one comment, one after the other", () => {
    const [plan, previews] = ["pr.yml", "preview.yml"].map((file) => named(file).jobs.comment);
    expect(plan?.concurrency).toEqual(previews?.concurrency);
    expect(plan?.concurrency?.["cancel-in-progress"]).toBe(false);
    // A preview that fails is what the comment is for.
    expect(run(worst("pull_request", events.own()), ["preview"])["preview.yml"]).toContain("comment");
  });

  it("a pull request that changes no stack: no credentials are used", () => {
    const happening = worst("pull_request", events.own());
    const outputs = { stacks: { stacks: "[]" } };
    expect(run({ ...happening, outputs })["preview.yml"]).toEqual(["stacks"]);
  });

  it("a merge: staging, the plan of production, production", () => {
    expect(run(worst("push", events.push()))).toEqual({
      "deploy.yml": ["stacks", "staging", "plan-prod", "prod"],
    });
  });

  it("a merge without staging, and one that changes nothing in production", () => {
    const happening = worst("push", events.push());
    const outputs = { stacks: { stacks: '["prod"]' }, "plan-prod": { digest: "0", changes: "0" } };
    expect(run({ ...happening, outputs })).toEqual({ "deploy.yml": ["stacks", "plan-prod"] });
  });

  it("a merge that staging does not survive: production is not even planned", () => {
    const happening = worst("push", events.push());
    expect(run(happening, ["staging"])).toEqual({ "deploy.yml": ["stacks", "staging"] });
    expect(run(happening, ["stacks"])).toEqual({ "deploy.yml": ["stacks"] });
    expect(run(happening, ["plan-prod"])).toEqual({ "deploy.yml": ["stacks", "staging", "plan-prod"] });
  });

  it("production is planned only where staging's databases are well, seen after its up", () => {
    const { steps = [] } = named("deploy.yml").jobs.staging ?? {};
    const up = steps.findIndex(({ with: given }) => given?.command === "up");
    expect(up).toBeGreaterThan(0);
    expect(steps.slice(up + 1)).toEqual([
      { run: "node ops/kairos.mjs review tag --stack staging" },
      { run: "node ops/kairos.mjs status --stack staging --strict" },
    ]);
  });

  it("the night looks at every stack that a merge applies, in environments without reviewers", () => {
    const { watch } = named("nightly.yml").jobs;
    expect(watch?.environment).toBe(`watch-${expression("matrix.stack")}`);
    expect(JSON.stringify(watch?.strategy)).toContain("needs.stacks.outputs.stacks");
    const commands = (file: string) => named(file).jobs.stacks?.steps.map((step) => step.run);
    expect(commands("nightly.yml")).toEqual(commands("deploy.yml"));
  });

  it("the night, and a start by hand, which counts on main only", () => {
    expect(run(worst("schedule", events.schedule()))).toEqual({ "nightly.yml": ["stacks", "watch"] });
    expect(run(worst("workflow_dispatch", {}, "refs/heads/other"))).toEqual({});
  });

  it("staging's credentials are rotated by a schedule of their own, never beside an up of staging", () => {
    const { staging } = named("rotate.yml").jobs;
    expect(staging?.concurrency).toEqual(named("deploy.yml").jobs.staging?.concurrency);
    expect(staging?.steps.flatMap(({ run: command }) => command ?? []).slice(1)).toEqual([
      "node ops/kairos.mjs rotate all --stack staging --yes",
      "node ops/kairos.mjs status --stack staging --strict",
    ]);
    const { schedule } = named("rotate.yml").on as { schedule: { cron: string }[] };
    const happening = worst("schedule", events.schedule(schedule[0]?.cron));
    expect(run(happening)).toEqual({ "rotate.yml": ["stacks", "staging"] });
    const outputs = { stacks: { stacks: '["prod"]' } };
    expect(run({ ...happening, outputs })).toEqual({ "rotate.yml": ["stacks"] });
    expect(run({ ...happening, vars: {} })).toEqual({});
  });

  it("a clone where nobody said where the state lives: nothing with credentials", () => {
    for (const [name, event] of [
      ["pull_request", events.own()],
      ["push", events.push()],
      ["schedule", events.schedule()],
    ] as const)
      for (const jobs of Object.entries(run({ ...worst(name, event), vars: {} })))
        expect(jobs).toEqual(["pr.yml", ["plan", "comment"]]);
  });
});

describe("short-lived environments", () => {
  const label = "environment";
  const jobs = (...[action, more]: Parameters<typeof events.pullRequestWas>) =>
    jobsRunOn(named("environments.yml"), worst("pull_request", events.pullRequestWas(action, more)));

  it.each([
    ["labeled", { label, labels: [label] }, ["up", "comment"]],
    ["labeled", { label: "docs", labels: [label, "docs"] }, []],
    ["synchronize", { labels: ["docs", label] }, ["up", "comment"]],
    ["synchronize", { labels: ["docs"] }, []],
    ["reopened", { labels: [label] }, ["up", "comment"]],
    ["unlabeled", { label, labels: [] }, ["down", "comment"]],
    ["unlabeled", { label: "docs", labels: [label] }, []],
    ["closed", { labels: [label] }, ["down", "comment"]],
    ["closed", { labels: [] }, []],
    ["opened", { labels: [label] }, []],
  ])("a pull request %s, %j: %j", (action, more, expected) => {
    expect(jobs(action, more)).toEqual(expected);
  });

  it.each([
    ["a fork", { from: events.stranger() }],
    ["a fork that is gone", { from: null }],
    ["Dependabot", { login: events.bot }],
  ])("%s: none, whoever puts the label on it", (_, more) => {
    for (const action of ["labeled", "synchronize", "reopened", "unlabeled", "closed"])
      expect(jobs(action, { label, labels: [label], ...more })).toEqual([]);
  });

  it("the sweeper runs by its own schedule and by hand, on main, and never for a pull request", () => {
    const { schedule } = named("environments.yml").on as { schedule: { cron: string }[] };
    const event = events.schedule(schedule[0]?.cron);
    expect(run(worst("schedule", event))).toEqual({ "environments.yml": ["sweep"] });
    expect(run(worst("workflow_dispatch", {}))["environments.yml"]).toEqual(["sweep"]);
    expect(run({ ...worst("schedule", event), vars: {} })).toEqual({});
  });

  it("up and down of one pull request wait for each other, and not for those of another", () => {
    const { up, down, sweep } = named("environments.yml").jobs;
    expect(up?.concurrency).toEqual(down?.concurrency);
    expect(up?.concurrency?.group).toContain("github.event.pull_request.number");
    expect(sweep?.concurrency?.group).not.toBe(up?.concurrency?.group);
    // Of the whole workflow, each change of any label would push out what waits.
    expect(named("environments.yml").concurrency).toBeUndefined();
  });

  it("have an environment of their own; a token that writes only where main's code runs", () => {
    const writes = "token: pull-requests";
    for (const [id, tokens] of [
      ["up", []],
      ["down", []],
      ["comment", [writes]],
      ["sweep", [writes]],
    ] as const) {
      expect(named("environments.yml").jobs[id]?.environment).toBe("short-lived");
      expect(exposed(named("environments.yml"), id)).toEqual([
        ...["token: id-token", ...tokens],
        ...["secrets", "environment"],
      ]);
    }
  });

  it("are commented on by the state alone, and swept whatever becomes of that", () => {
    const { comment, sweep } = named("environments.yml").jobs;
    expect(Object.keys(comment?.env ?? {}).filter((name) => !/^(PULUMI|AWS)_/.test(name))).toEqual([]);
    const steps = sweep?.steps ?? [];
    const [word, last] = [/review environments/, /env -- sweep/].map((command) =>
      steps.findIndex(({ run: text = "" }) => command.test(text)),
    ) as [number, number];
    expect(word).toBeLessThan(last);
    expect(steps[last]?.if).toBe(expression("!cancelled()"));
    expect(
      jobsRunOn(
        named("environments.yml"),
        worst("pull_request", events.pullRequestWas("labeled", { label, labels: [label] })),
        ["up"],
      ),
    ).toEqual(["up", "comment"]);
  });

  it("it is noticed when one no longer asks where the code is from", () => {
    const own = "github.event.pull_request.head.repo.full_name == github.repository";
    const open = workflow("environments.yml", named("environments.yml").text.replaceAll(own, "true"));
    const event = events.pullRequestWas("labeled", { from: events.stranger(), label, labels: [label] });
    expect(jobsRunOn(open, worst("pull_request", event))).toEqual(["up", "comment"]);
  });
});
