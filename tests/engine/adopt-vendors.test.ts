/** Other ground than Kaïros' own: shared tiers, each Redis, questions, and what is no adoption. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Prompt } from "../../ops/adopt/choose.ts";
import { atlasApi, generateCredentials } from "../../sandbox/clouds/atlas/index.ts";
import { serve } from "../../sandbox/clouds/serve.ts";
import { ByHand } from "./adoption-by-hand.ts";
import type { Ground } from "./adoption-ground.ts";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: adoption from each vendor (${found.reason})`);

describe.skipIf("reason" in found)("adoption", () => {
  let byHand: ByHand;
  let ground: Ground;
  beforeEach(async () => {
    if (!("engine" in found)) return;
    byHand = await ByHand.create(found.engine);
    ground = byHand.ground;
  });
  afterEach(() => byHand.end());

  const succeeds = async (...args: string[]) => {
    const { all, exitCode } = await ground.pulumi(...args);
    expect({ exitCode, all: exitCode === 0 ? "" : all }).toEqual({ exitCode: 0, all: "" });
  };

  it.each([
    ["M0", "upstash"],
    ["FLEX", "render"],
    ["FLEX", "redis-cloud"],
    ["M0", "external"],
    ["M0", "none"],
  ] as const)("takes %s over, with Redis: %s", { timeout: 240_000 }, async (tier, provider) => {
    const { variables, imports } = await byHand.redis(provider);
    const { password } = await byHand.usual(tier, variables);
    const calls = ground.changes().length;
    const report = await ground.adopt({ passwordStdin: true }, { input: `${password}\n` });
    expect(report).toMatchObject({
      written: true,
      preview: { imports: 3 + imports, changes: [], errors: [] },
    });
    await succeeds("up", "--yes", "--skip-preview");
    expect(ground.changes().slice(calls)).toEqual([]);
    expect(await ground.adopt()).toMatchObject({ finished: true, preview: { imports: 0, changes: [] } });
    await succeeds("preview", "--expect-no-changes");
    expect(await ground.text()).toContain(`provider: ${provider}`);
  });

  it("finds nothing to take over, and says so", async () => {
    await byHand.service();
    const text = await ground.text();
    const report = await ground.adopt();
    expect(report.next).toEqual(["There is nothing to take over: pulumi up creates it all."]);
    expect(await ground.text()).toBe(text);
  });

  it("asks which of two clusters and which user, and for the password, writes when told to, and remembers", async () => {
    const { group } = await byHand.usual("M0");
    await byHand.cluster(group, "FLEX", "second");
    await byHand.user(group, byHand.secret(), "other");
    const password = byHand.secret();
    const ask: Prompt = {
      select: vi.fn<Prompt["select"]>(
        async (_, options) => options.find(({ label }) => /cluster0|other/.test(label))?.value ?? "",
      ),
      secret: vi.fn(async () => password),
      confirm: vi.fn(async () => true),
    };
    await ground.atlas("POST", `/groups/${group}/accessList`, [{ ipAddress: "192.0.2.1" }]);
    for (const name of ["cache", "sessions"])
      await ground.upstash("POST", "/database", { database_name: name, primary_region: "us-west-2" });
    const report = await ground.adopt({ redis: "cache", accessList: ["203.0.113.0/24"] }, { ask });
    expect(vi.mocked(ask.select).mock.calls.map(([message]) => message)).toEqual([
      "Which cluster in Kairos?",
      "Which database user of cluster0?",
    ]);
    expect(ask.secret).toHaveBeenCalledWith("Password of the database user other");
    expect(ask.confirm).toHaveBeenCalledWith("Write Pulumi.test.yaml?");
    expect(report.written).toBe(true);
    expect(await ground.text()).toMatch(/user: other\n/);
    expect(await ground.text()).not.toContain("192.0.2.1");
    // Nobody is asked again, and nothing changes.
    expect(await ground.adopt()).toMatchObject({ changed: false, preview: { imports: 4, changes: [] } });
  });

  it("writes nothing when the preview would do more than import", async () => {
    await byHand.usual("M0");
    const text = `config:
  kairos:backend:
    - name: kairos-web
      type: web
      plan: starter
      source: { image: registry.example/kairos/backend, tag: "1" }
  render:skipDeployAfterServiceUpdate: "true"
`;
    await ground.write(text);
    const before = await ground.text();
    const report = await ground.adopt({ passwordStdin: true }, { input: byHand.secret() });
    expect(report.written).toBe(false);
    expect(report.preview.changes.map(({ op, name }) => [op, name])).toEqual([["create", "kairos-web"]]);
    expect(await ground.text()).toBe(before);
  });

  it("logs in to Atlas with a service account, which is its only call that is no question", async () => {
    const { password } = await byHand.usual("M0");
    const credentials = generateCredentials();
    const { clientId, clientSecret } = credentials;
    const served = await serve(atlasApi(byHand.clouds.atlas, credentials));
    for (const name of ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY"])
      delete ground.environment[name];
    ground.environment.MONGODB_ATLAS_BASE_URL = served.url;
    ground.environment.MONGODB_ATLAS_CLIENT_ID = clientId;
    ground.environment.MONGODB_ATLAS_CLIENT_SECRET = clientSecret;
    byHand.secret(clientSecret);
    const report = await ground
      .adopt({ dryRun: true, passwordStdin: true }, { input: password })
      .finally(() => served.close());
    expect(report.preview).toMatchObject({ imports: 3, changes: [], errors: [] });
    const changes = served.calls.filter(({ method }) => method !== "GET").map(({ path: at }) => at);
    expect(new Set(changes)).toEqual(new Set(["/api/oauth/token"]));
  });
});
