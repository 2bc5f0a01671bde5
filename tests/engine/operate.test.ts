/** The operator's commands on a sandbox that is kept, through `sandbox operate`, with the real engine behind them. */
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../../ops/bundle.mjs";
import type { Status } from "../../ops/status/model.ts";
import { leaks } from "../canaries.ts";
import { engineOrReason } from "./harness.ts";
import { KeptSandbox, succeeds } from "./kept.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: an operator's commands on a sandbox (${found.reason})`);

/** Accounts that the user of this machine might have: none of them may reach a command on the sandbox. */
const ofTheUser = {
  GITHUB_TOKEN: "of-the-user",
  PULUMI_ACCESS_TOKEN: "of-the-user",
  RENDER_API_KEY: "of-the-user",
  MONGODB_ATLAS_CLIENT_ID: "of-the-user",
};

describe.skipIf("reason" in found)("on a kept sandbox", () => {
  const kept = new KeptSandbox(`operate-${process.pid}`, ofTheUser);
  const { name, project } = kept;
  const npm = kept.npm.bind(kept);
  let secrets: string[] = [];

  const variable = async (of: string) =>
    (await kept.sandbox("exec", "--name", name, process.execPath, "-p", `process.env.${of}`)).stdout.trim();

  /** Calls Render as a person's own script would, with the keys that the command is given. */
  async function render(
    method: string,
    route: string,
    body: object,
  ): Promise<{ status: number; body: string }> {
    const script = `
      const { RENDER_HOST, RENDER_API_KEY, RENDER_OWNER_ID } = process.env;
      const body = ${JSON.stringify(JSON.stringify(body))}.replaceAll("<owner>", RENDER_OWNER_ID);
      const headers = { authorization: "Bearer " + RENDER_API_KEY, "content-type": "application/json" };
      const answer = await fetch(RENDER_HOST + ${JSON.stringify(route)}, { method: "${method}", headers, body });
      console.log(JSON.stringify({ status: answer.status, body: await answer.text() }));`;
    const ran = await kept.sandbox(
      ...["operate", "--name", name, process.execPath, "--input-type=module", "-e", script],
    );
    return JSON.parse(ran.stdout) as { status: number; body: string };
  }

  let settings: string;
  beforeAll(async () => {
    settings = await readFile(path.join(root, "Pulumi.sandbox.yaml"), "utf8");
    await kept.keep();
    secrets = await Promise.all(["MONGODB_URL", "POSTGRES_PASSWORD", "REDIS_URL"].map(variable));
  });
  afterAll(() => kept.reset());

  it("status asks the databases and the services, and trusts their certificates", async () => {
    const status = JSON.parse(
      await succeeds(npm("status", "--stack", "sandbox", "--strict", "--json")),
    ) as Status;
    expect(status).toMatchObject({
      ok: true,
      allWell: true,
      source: { kind: "stack", stack: "sandbox" },
      databases: {
        mongodb: { state: "well", facts: { tls: { on: true, trusted: true } } },
        postgres: { state: "well" },
        redis: { state: "well", facts: { tls: { on: true, trusted: true } } },
      },
      render: { state: "well" },
    });
  });

  it("review watch sees nothing where nothing is", async () => {
    expect(await succeeds(npm("review", "watch", "--stack", "sandbox"))).toContain("no drift, all well");
  });

  it("rotate gives the backend another user of MongoDB and ends the old one", async () => {
    const before = await variable("MONGODB_URL");
    await succeeds(npm("rotate", "mongodb", "--leaked", "--yes", "--stack", "sandbox"));
    const after = await variable("MONGODB_URL");
    secrets.push(after);
    expect(new URL(after).username).not.toBe(new URL(before).username);
    expect(await logIn(after)).toBe("logged in");
    expect(await logIn(before)).toMatch(/auth/i);
    expect((await kept.state()).services).toMatchObject([{ status: "live", deploys: 2 }]);
    expect(await succeeds(npm("status", "--stack", "sandbox", "--strict"))).toContain(
      "Everything that was checked is well",
    );
  });

  it("adopt finds what somebody has made by hand, and writes nothing", async () => {
    const made = await render("POST", "/services", {
      type: "web_service",
      name: "made-by-hand",
      ownerId: "<owner>",
      image: { ownerId: "<owner>", imagePath: "registry.example/kairos/backend:7" },
      serviceDetails: { runtime: "image", plan: "starter", region: "oregon" },
    });
    expect(made.status).toBe(201);
    const file = path.join(project, "Pulumi.sandbox.yaml");
    const before = await readFile(file, "utf8");
    const report = JSON.parse(
      await succeeds(npm("adopt", "--stack", "sandbox", "--dry-run", "--service", "made-by-hand", "--json")),
    ) as { found: { vendor: string; name: string; note: string; chosen: boolean }[]; preview: object };
    expect(report.preview).toMatchObject({ ran: true, changes: [], errors: [] });
    expect(report.found.map(({ vendor, name, chosen }) => [vendor, name, chosen])).toEqual([
      ["MongoDB Atlas", "kairos-sandbox", false],
      ["Render", "kairos-postgres", false],
      ["Render", "kairos-backend", false],
      ["Render", "made-by-hand", true],
      // Asked at Upstash's own address, by the proxy.
      ["Upstash", "kairos-redis", false],
    ]);
    expect(await readFile(file, "utf8")).toBe(before);
  });

  it("review watch names what somebody has changed by hand", async () => {
    const service = (await kept.state()).services.find((one) => one.name === "kairos-backend");
    const changed = await render("PATCH", `/services/${service?.id}`, {
      serviceDetails: { healthCheckPath: "/elsewhere" },
    });
    expect(changed.status).toBe(200);
    const { stdout } = await npm("review", "watch", "--stack", "sandbox");
    expect(stdout).toContain("Drift: 1 resource is not as Pulumi left it");
    expect(stdout).toMatch(/kairos-backend.*healthCheckPath/);
    // Nobody's token was there to write an issue with.
    expect(kept.printed.at(-1)).not.toContain("issue");
  });

  it("plan and recap read the sandbox's stack file, whatever accounts the environment has", async () => {
    expect(await succeeds(npm("plan", "--stack", "sandbox"))).toContain(
      "kairos-infrastructure/sandbox: 9 resources",
    );
    const recap = await succeeds(npm("recap", "--stack", "sandbox", "--lang", "en"));
    expect(recap).toContain("those of the stack `sandbox`");
    expect(recap).toContain("Connection to MongoDB succeeded");
  });

  it("secrets:scan knows the sandbox's secrets by value", async () => {
    const file = path.join(project, "notes.txt");
    await writeFile(file, `the value is ${secrets[1]}\n`);
    const { code, stdout } = await npm("secrets:scan", "--stack", "sandbox", "--paths", file);
    expect(stdout).toContain("POSTGRES_PASSWORD of sandbox");
    expect(code).toBe(1);
    await rm(file);
  });

  it("takes another stack beside the sandbox's own, which the next --keep leaves alone", async () => {
    const file = path.join(project, "Pulumi.pr-1.yaml");
    await succeeds(kept.operate("pulumi", "stack", "init", "pr-1", "--no-select"));
    const { config } = parse(await readFile(path.join(project, "Pulumi.sandbox.yaml"), "utf8"));
    const salt = (await readFile(file, "utf8").catch(() => "")).trim();
    const mongodb = {
      ...config["kairos:mongodb"],
      project: { ...config["kairos:mongodb"].project, name: "kairos-pr-1" },
      name: "kairos-pr-1",
      mayBeDestroyed: "kairos-pr-1",
    };
    const own = {
      "kairos:region": "oregon",
      "kairos:mongodb": mongodb,
      "kairos:backend": [{ ...config["kairos:backend"][0], name: "kairos-backend-pr-1" }],
      "render:skipDeployAfterServiceUpdate": "true",
    };
    await writeFile(file, `${salt}\nconfig: ${JSON.stringify(own)}\n`);
    await succeeds(kept.operate("pulumi", "preview", "--stack", "pr-1", "--policy-pack", "infra/policies"));
    const text = await readFile(file, "utf8");
    expect((await kept.sandbox("--keep", "--name", name, "--json")).code).toBe(0);
    expect(await readFile(file, "utf8")).toBe(text);
    const stacks = JSON.parse(await succeeds(kept.operate("pulumi", "stack", "ls", "--json"))) as {
      name: string;
    }[];
    expect(stacks.map((one) => one.name.split("/").at(-1)).sort()).toEqual(["pr-1", "sandbox"]);
  });

  it("leads pulumi to the sandbox's project, also from within a script in the checkout", async () => {
    const words =
      "pulumi config set render:ownerId tea-of-the-sandbox --stack pr-1 && pulumi stack --show-name";
    expect(await succeeds(kept.operate("sh", "-c", words))).toMatch(/\S/);
    expect(await readFile(path.join(project, "Pulumi.pr-1.yaml"), "utf8")).toContain("tea-of-the-sandbox");
    await expect(readFile(path.join(root, "Pulumi.pr-1.yaml"))).rejects.toThrow(/ENOENT/);
  });

  it("gives a command none of the user's accounts, and its exit code back", async () => {
    const script = `console.log(JSON.stringify(process.env)); process.exit(7)`;
    const { code, stdout } = await kept.sandbox("operate", "--name", name, process.execPath, "-e", script);
    expect(code).toBe(7);
    const environment = JSON.parse(stdout) as Record<string, string>;
    expect(Object.values(environment)).not.toContain("of-the-user");
    expect(environment.KAIROS_PROJECT).toBe(project);
  });

  it("has asked for nothing outside, shown no secret, and left the checkout's stack file alone", async () => {
    expect((await kept.state()).refused).toEqual([]);
    expect(await readFile(path.join(root, "Pulumi.sandbox.yaml"), "utf8")).toBe(settings);
    const passwords = secrets.map((one) => (URL.canParse(one) ? new URL(one).password : one));
    expect(passwords.filter((one) => one.length >= 8)).toHaveLength(4);
    expect(kept.printed.length).toBeGreaterThan(10);
    expect(leaks(kept.printed.join("\n"), passwords)).toEqual([]);
  });

  /** `logged in`, or the driver's words. */
  async function logIn(url: string): Promise<string> {
    const tlsCAFile = path.join(kept.folder, "certificate-authority.pem");
    const client = new MongoClient(url, { tlsCAFile, maxPoolSize: 1, minPoolSize: 0 });
    try {
      await client.connect();
      await client.db("kaïros").command({ ping: 1 });
      return "logged in";
    } catch (error) {
      return (error as Error).message;
    } finally {
      await client.close();
    }
  }
});
