/**
 * A Python backend with the drivers of one, booted in the sandbox by `--backend` and asked over HTTP. It needs Python and
 * the packages of requirements.txt: `KAIROS_PYTHON` is the interpreter of an environment that has them (see .ci/run).
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../../infra/contract.ts";
import { root } from "../../ops/bundle.mjs";
import type { SandboxReport } from "../../ops/sandbox/report.ts";
import { Deploys } from "../../sandbox/deploys/index.ts";
import { serviceOf, withDeploy } from "../helpers/deploys.ts";

const python = process.env.KAIROS_PYTHON;
if (!python) console.log("skipped: the Python backend (KAIROS_PYTHON names no Python with its packages)");

const name = `python-${process.pid}`;
const home = mkdtempSync(path.join(os.tmpdir(), "kairos-python-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** @param searched where servers are looked for: on PATH */
const sandbox = (searched: string, ...args: string[]) => kairos(searched, ...args, "--name", name);

async function kairos(searched: string, ...args: string[]) {
  const child = spawn(process.execPath, ["ops/kairos.mjs", "sandbox", ...args], {
    cwd: root,
    env: { PATH: searched, HOME: home, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = [child.stdout, child.stderr].map(async (stream) => {
    let text = "";
    for await (const chunk of stream.setEncoding("utf8")) text += chunk;
    return text;
  });
  const [code] = await once(child, "close");
  return { code, stdout: (await stdout) ?? "", stderr: (await stderr) ?? "" };
}

describe.skipIf(!python).each([
  ["what is installed", process.env.PATH ?? ""],
  // An empty folder: MongoDB is the stand-in, Redis the one of npm.
  ["npm alone", home],
])("a Python backend in the sandbox, on %s", (_, searched) => {
  let url = "";
  let service: SandboxReport["state"]["services"][number] | undefined;

  beforeAll(async () => {
    const backend = `${python} ${path.join("tests", "backend", "app.py")}`;
    const { stdout, stderr } = await sandbox(
      searched,
      "--rehearse",
      "--keep",
      "--backend",
      backend,
      "--json",
    );
    if (!stdout.startsWith("{")) throw new Error(stderr);
    const { state } = JSON.parse(stdout) as SandboxReport;
    [service] = state.services;
    console.log(state.databases.map(({ software }) => software).join(", "));
    const port = service?.log.map((line) => /^listening on (\d+)$/.exec(line)?.[1]).find(Boolean);
    if (service?.status !== "live") throw new Error([service?.reason, ...(service?.log ?? [])].join("\n"));
    url = `http://127.0.0.1:${port}`;
  });
  afterAll(() => sandbox(searched, "reset"));

  async function call(where: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${url}${where}`, {
      method: body === undefined ? "GET" : "POST",
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }
  const answers = async (where: string, body?: unknown) => {
    const { status, body: answer } = await call(where, body);
    expect({ where, status, answer: status === 200 ? "" : answer }).toEqual({
      where,
      status: 200,
      answer: "",
    });
    return answer;
  };

  it("is live, and all three databases answer it", async () => {
    expect(service).toMatchObject({ status: "live" });
    expect(await answers("/health")).toEqual({ status: "ok" });
  });

  it("has its compound, unique, partial, text and TTL indexes", async () => {
    expect(await answers("/indexes")).toEqual({
      users: ["_id_", "email_1"],
      modules: ["_id_", "slug_1", "subject_level", "words"],
      progress: ["_id_", "done_at_1", "user_1_module_1"],
      sessions: ["_id_", "seen_at_1"],
    });
  });

  const modules = [
    { slug: "fractions", title: "Les fractions", summary: "Parts d'un tout", subject: "maths", level: 1 },
    { slug: "vecteurs", title: "Les vecteurs", summary: "Sens et norme", subject: "maths", level: 3 },
    { slug: "limites", title: "Les limites", summary: "Vers l'infini", subject: "maths", level: 3 },
    { slug: "cellule", title: "La cellule", summary: "Le vivant", subject: "svt", level: 2 },
  ];

  it("writes in bulk under a lock, and reads sorted pages through its cache", async () => {
    expect(await answers("/import", { modules })).toEqual({ made: 4, changed: 0 });
    expect(await answers("/import", { modules })).toEqual({ made: 0, changed: 4 });
    const first = [
      { slug: "limites", title: "Les limites", level: 3 },
      { slug: "vecteurs", title: "Les vecteurs", level: 3 },
    ];
    expect(await answers("/modules?subject=maths")).toEqual({ cached: false, modules: first });
    expect(await answers("/modules?subject=maths")).toEqual({ cached: true, modules: first });
    expect(await answers("/modules?subject=maths&page=1")).toMatchObject({
      modules: [{ slug: "fractions" }],
    });
    expect(await call("/busy")).toEqual({ status: 409, body: { message: "import is going on" } });
  });

  it("keeps who is who in two databases, each of which refuses the same address twice", async () => {
    for (const email of ["ada@example.com", "élodie@example.com"])
      expect(await answers("/users", { email })).toEqual({ email });
    const taken = { status: 409, body: { message: "ada@example.com is taken" } };
    expect(await call("/users", { email: "ada@example.com" })).toEqual(taken);
  });

  it("enrols in transactions, by psycopg, and counts by asyncpg", async () => {
    const enroll = (user: string, course: string) => call("/enroll", { user, course });
    expect(await enroll("ada@example.com", "Analyse")).toEqual({ status: 200, body: { new: true } });
    expect(await enroll("ada@example.com", "Analyse")).toEqual({ status: 200, body: { new: false } });
    expect(await enroll("élodie@example.com", "Analyse")).toEqual({ status: 200, body: { new: true } });
    expect(await enroll("ada@example.com", "Biologie")).toEqual({ status: 200, body: { new: true } });
    expect((await enroll("nobody@example.com", "Chimie")).status).toBe(404);
    expect(await answers("/courses?user=ada@example.com")).toEqual(["Analyse", "Biologie"]);
    expect(await answers("/enrollments")).toEqual([
      { course: "Analyse", enrolled: 2 },
      { course: "Biologie", enrolled: 1 },
    ]);
  });

  it("counts attempts in one update each, and sums them up with $lookup and $facet", async () => {
    const attempt = (user: string, module: string, score: number) =>
      answers("/attempts", { user, module, score });
    for (const score of [20, 80, 60, 40]) await attempt("ada", "vecteurs", score);
    expect(await attempt("ada", "vecteurs", 55)).toEqual({
      attempts: 5,
      best: 80,
      scores: [60, 40, 55],
      done: true,
    });
    await attempt("ada", "cellule", 90);
    await attempt("élodie", "cellule", 30);
    expect(await answers("/dashboard?user=ada")).toEqual({
      totals: [{ attempts: 6, best: 90 }],
      subjects: [
        { _id: "maths", modules: 1, mean: 80 },
        { _id: "svt", modules: 1, mean: 90 },
      ],
      modules: [
        { module: "cellule", title: "La cellule", best: 90 },
        { module: "vecteurs", title: "Les vecteurs", best: 80 },
      ],
    });
    expect(await answers("/leaders")).toEqual([
      { user: "ada", score: 90, rank: 0 },
      { user: "élodie", score: 30, rank: 1 },
    ]);
  });

  it("limits how often one may call", async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 8; count++) statuses.push((await call("/limited?client=one")).status);
    // Two minutes may share the calls: three of each at most are let through.
    expect(statuses[0]).toBe(200);
    expect(statuses).toContain(429);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(6);
    expect((await call("/limited?client=another")).status).toBe(200);
  });

  describe("with commands before it", () => {
    const command = (script: string) => `${python} ${path.join("tests", "backend", script)}`;
    const folder = mkdtempSync(path.join(home, "deploys-"));
    let variables: Record<string, string> = {};
    let deploys: Deploys;
    beforeAll(async () => {
      const shown = await kairos(
        searched,
        ...["exec", "--name", name, process.execPath, "-p", "JSON.stringify(process.env)"],
      );
      const given = JSON.parse(shown.stdout) as Record<string, string>;
      variables = Object.fromEntries(Object.entries(given).filter(([key]) => key in contract));
      const trust = given.SSL_CERT_FILE ?? "";
      deploys = new Deploys({
        folder,
        command: command("app.py").split(" "),
        cwd: root,
        trust,
        healthTimeout: 60_000,
      });
    });
    afterAll(() => deploys.close());

    const booted = async (more: Record<string, string> = {}) => {
      const preDeployCommand = `${command("migrate.py")} && ${command("seed.py")}`;
      const details = {
        plan: "starter",
        healthCheckPath: "/health",
        envSpecificDetails: { preDeployCommand },
      };
      const [service, deploy] = withDeploy(serviceOf({ details }), { ...variables, ...more });
      return { status: await deploys.boot(service, deploy), service, ...deploys.outcome(deploy.id) };
    };

    it("has its schema and its seed before it serves, also a second time", async () => {
      for (const made of [1, 0]) {
        const { status, service: itself, log, reason } = await booted();
        expect({ status, reason }).toEqual({ status: "live", reason: undefined });
        const { url: served, port } = deploys.running(itself.id) ?? {};
        expect(log).toEqual([
          "migrated",
          `seeded: {'made': ${made}, 'changed': ${1 - made}}`,
          `listening on ${port}`,
        ]);
        const answer = await fetch(`${served}/modules?subject=essai`);
        expect(await answer.json()).toMatchObject({ modules: [{ slug: "graines" }] });
      }
    });

    it("is not started when its migration fails, whose reason is shown without its secret", async () => {
      const wrong = randomBytes(16).toString("hex");
      const { status, reason, log } = await booted({ POSTGRES_PASSWORD: wrong });
      expect(status).toBe("pre_deploy_failed");
      expect(reason).toMatch(/^before it, the process ended with code 1; its last words: /);
      expect(log?.join()).toContain("password authentication failed");
      expect(log?.join()).not.toContain(wrong);
    });
  });
});
