/** One deploy. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { deployOf, ForeignDeploys, serviceOf, serving, withDeploy } from "../../tests/helpers/deploys.ts";
import { alive } from "../../tests/helpers/processes.ts";
import { freePort } from "../processes/ports.ts";

const foreign = new ForeignDeploys();
const booting = foreign.booting.bind(foreign);

describe("a deploy", () => {
  it("gives the process the service's variables, Render's, and nothing of ours", async () => {
    const deploys = booting(serving("response.end()", "console.log(JSON.stringify(process.env))"));
    const service = serviceOf({ details: { plan: "starter", runtime: "docker" } });
    const variables = { MONGODB_DB_NAME: "kaïros", EXTRA: "a b\tc" };
    const deploy = deployOf(service, variables);
    process.env.KAIROS_CANARY = "of ours";
    expect(await deploys.boot(service, deploy)).toBe("live");
    const { port, log } = deploys.running(service.id) ?? { log: [] };
    const environment = JSON.parse(log[0] ?? "{}");
    // Darwin adds it to every process.
    delete environment.__CF_USER_TEXT_ENCODING;
    expect(environment).toEqual({
      ...variables,
      IS_PULL_REQUEST: "false",
      RENDER: "true",
      RENDER_CPU_COUNT: "0.5",
      RENDER_DISCOVERY_SERVICE: `${service.name}-discovery`,
      RENDER_EXTERNAL_HOSTNAME: `${service.name}.onrender.com`,
      RENDER_EXTERNAL_URL: `https://${service.name}.onrender.com`,
      RENDER_INSTANCE_ID: `${service.id}-${deploy.id.slice(-5)}`,
      RENDER_SERVICE_ID: service.id,
      RENDER_SERVICE_NAME: service.name,
      RENDER_SERVICE_TYPE: "web",
      RENDER_WEB_CONCURRENCY: "1",
      WEB_CONCURRENCY: "1",
      PORT: String(port),
      PATH: process.env.PATH,
      HOME: path.join(foreign.folder, deploy.id),
    });
    delete process.env.KAIROS_CANARY;
  });

  const migrating = (preDeployCommand: string) =>
    serviceOf({
      details: { plan: "starter", healthCheckPath: "/health", envSpecificDetails: { preDeployCommand } },
    });

  it("runs the command before it first, with the service's variables", async () => {
    const deploys = booting(serving());
    const [service, deploy] = withDeploy(migrating('echo "to $DATABASE" && echo done'), {
      DATABASE: "kaïros",
    });
    expect(await deploys.boot(service, deploy)).toBe("live");
    expect(deploys.running(service.id)?.log).toEqual(["to kaïros", "done", "up"]);
  });

  it("fails with the command before it, says why without secrets, and starts nothing", async () => {
    const deploys = booting(serving());
    const password = randomBytes(16).toString("hex");
    const [service, deploy] = withDeploy(migrating('echo "no $POSTGRES_PASSWORD" >&2; exit 3'), {
      POSTGRES_PASSWORD: password,
    });
    expect(await deploys.boot(service, deploy)).toBe("pre_deploy_failed");
    const reason = "before it, the process ended with code 3; its last words: no [secret]";
    expect(deploys.outcome(deploy.id)).toMatchObject({ reason, log: ["no [secret]"] });
    expect(foreign.events.at(-1)).toMatchObject({ kind: "failed", reason });
    expect(deploys.running(service.id)).toBeUndefined();
    expect(readdirSync(foreign.folder)).toEqual([`${deploy.id}.log`]);
  });

  it("ends the command before it when it is canceled", async () => {
    const deploys = booting(serving());
    const [service, deploy] = withDeploy(migrating("echo $$; exec sleep 600"));
    const booted = deploys.boot(service, deploy);
    const pid = await expect
      .poll(() => foreign.events.find((event) => event.kind === "line"), { timeout: 20_000 })
      .toBeDefined()
      .then(() => foreign.events.flatMap((event) => (event.kind === "line" ? [Number(event.line)] : []))[0]);
    await deploys.stop(service.id);
    expect(await booted).toBe("canceled");
    expect(alive(pid ?? 0)).toBe(false);
  });

  it("is live when the health check answers 2xx or 3xx, asked under the service's own name", async () => {
    const source = serving(
      `response.writeHead(request.headers.host.endsWith(".onrender.com") ? 302 : 500).end()`,
    );
    expect(await booting(source).boot(...withDeploy(serviceOf()))).toBe("live");
  });

  it("waits for a slow start", async () => {
    const deploys = booting(`setTimeout(() => { ${serving()} }, 800)`);
    const [service, deploy] = withDeploy(serviceOf());
    expect(await deploys.boot(service, deploy)).toBe("live");
    expect(deploys.outcome(deploy.id)?.seconds).toBeGreaterThan(0.8);
  });

  it("fails when the health check keeps failing, and leaves nothing behind", async () => {
    const deploys = booting(serving("response.writeHead(500).end()", "console.log(process.pid)"), {
      healthTimeout: 3000,
    });
    const [service, deploy] = withDeploy(serviceOf());
    expect(await deploys.boot(service, deploy)).toBe("update_failed");
    const { reason, log } = deploys.outcome(deploy.id) ?? { log: [] };
    expect(reason).toMatch(/^GET \/health answered 500 for 3 s; its last words: \d+ \/ up$/);
    expect(alive(Number(log[0]))).toBe(false);
    expect(deploys.running(service.id)).toBeUndefined();
    expect(readdirSync(foreign.folder)).toEqual([`${deploy.id}.log`]);
  });

  it("fails at once when the process ends, and says how", async () => {
    const deploys = booting(`console.error("no such thing"); process.exit(3)`);
    const [service, deploy] = withDeploy(serviceOf());
    expect(await deploys.boot(service, deploy)).toBe("update_failed");
    const { reason, seconds } = deploys.outcome(deploy.id) ?? {};
    expect(reason).toBe("the process ended with code 3; its last words: no such thing");
    // Long before the health check would give up.
    expect(seconds).toBeLessThan(10);
  });

  it("says so when the command is not there", async () => {
    const deploys = booting("", { command: ["no-such-program", "--serve"] });
    const [service, deploy] = withDeploy(serviceOf());
    await deploys.boot(service, deploy);
    expect(deploys.outcome(deploy.id)?.reason).toBe(
      "no-such-program does not start: no such program or folder",
    );
  });

  it("needs only an open port without a path, and an open door of its own without a port", async () => {
    const web = serviceOf({ details: { plan: "starter" } });
    const failing = booting(serving("response.writeHead(500).end()"));
    const closed = booting("setInterval(() => {}, 1000)", { healthTimeout: 600 });
    const [again, deploy] = withDeploy(serviceOf({ type: "private_service", details: { plan: "starter" } }));
    expect(await Promise.all([failing.boot(...withDeploy(web)), closed.boot(again, deploy)])).toEqual([
      "live",
      "update_failed",
    ]);
    expect(closed.outcome(deploy.id)?.reason).toMatch(
      /^nothing listened on port \d+ \(PORT\) for 0.6 s; it wrote nothing$/,
    );
  });

  it("of a worker is live when it stays up for a moment; of a cron job without a process", async () => {
    const worker = serviceOf({ type: "background_worker" });
    const deploys = booting("setInterval(() => {}, 1000)");
    // Ends sooner than Node could start.
    const short = booting("", { command: ["false"] });
    const cron = serviceOf({ type: "cron_job" });
    expect(
      await Promise.all([
        deploys.boot(...withDeploy(worker)),
        short.boot(...withDeploy(serviceOf({ type: "background_worker" }))),
        deploys.boot(...withDeploy(cron)),
      ]),
    ).toEqual(["live", "update_failed", "live"]);
    expect(deploys.running(worker.id)?.port).toBeUndefined();
    expect(deploys.running(cron.id)).toBeUndefined();
  });

  it("gives a service the port that it wishes for, and another one when that is taken", async () => {
    const deploys = booting(serving());
    const wish = String(await freePort());
    const [one, other] = [serviceOf(), serviceOf()];
    await deploys.boot(...withDeploy(one, { PORT: wish }));
    await deploys.boot(...withDeploy(other, { PORT: wish }));
    expect(deploys.running(one.id)?.port).toBe(Number(wish));
    expect(deploys.running(other.id)?.port).not.toBe(Number(wish));
    expect(deploys.running(other.id)?.log[0]).toContain(`PORT ${wish} is taken`);
  });

  it("looks for another port when somebody took it meanwhile", async () => {
    const marker = path.join(foreign.folder, "second-time");
    const source = `const fs = require("node:fs");
      if (!fs.existsSync(process.env.MARKER)) { fs.writeFileSync(process.env.MARKER, "");
        require("node:net").createServer().listen(process.env.PORT, "127.0.0.1", () => { ${serving()} }) }
      else { ${serving()} }`;
    const deploys = booting(source);
    const [service, deploy] = withDeploy(serviceOf(), { MARKER: marker });
    expect(await deploys.boot(service, deploy)).toBe("live");
    expect(deploys.outcome(deploy.id)?.log.join("\n")).toContain("EADDRINUSE");
  });
});

describe("secrets that a process writes", () => {
  it("are in no log, no reason and no event", async () => {
    const password = `p@ss/${randomBytes(8).toString("hex")}`;
    const marked = randomBytes(12).toString("hex");
    const url = `rediss://default:${encodeURIComponent(password)}@cache.example:6379`;
    const source = `const { REDIS_URL: url, MARKED } = process.env;
      const password = decodeURIComponent(new URL(url).password);
      process.stdout.write("connect " + url.slice(0, 20));
      setTimeout(() => { process.stdout.write(url.slice(20) + "\\n"); console.error("bad password", password, MARKED);
        throw new Error(password + " was refused") }, 100)`;
    const deploys = booting(source, { isSecret: (name) => name === "MARKED" });
    const [service, deploy] = withDeploy(serviceOf(), { REDIS_URL: url, MARKED: marked });
    expect(await deploys.boot(service, deploy)).toBe("update_failed");
    const file = readFileSync(path.join(foreign.folder, `${deploy.id}.log`), "utf8");
    expect(file).toContain("connect [secret]\n");
    expect(file).toContain("bad password [secret] [secret]\n");
    const everything = JSON.stringify([file, foreign.events, deploys.outcome(deploy.id)]);
    for (const canary of [password, encodeURIComponent(password), marked, url])
      expect(everything).not.toContain(canary);
  });
});
