/** Deploys after deploys, and their end. */
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { deployOf, ForeignDeploys, serviceOf, serving, withDeploy } from "../../tests/helpers/deploys.ts";
import { alive, until } from "../../tests/helpers/processes.ts";

const foreign = new ForeignDeploys();
const booting = foreign.booting.bind(foreign);
const get = async (url: string | undefined) => (await fetch(String(url))).text();
const kinds = (deployId: string) =>
  foreign.events.filter((one) => one.deployId === deployId && one.kind !== "line").map(({ kind }) => kind);

describe("the next deploy", () => {
  const versioned = serving("response.end(process.env.VERSION)", "console.log(process.pid)");
  /** Is not well, and ends when it has said so. */
  const ill = serving("response.writeHead(500).end(() => process.exit(1))");

  it("takes the place of the one before when it is live, and not earlier", async () => {
    const deploys = booting(`if (process.env.VERSION === "2") { ${ill} } else { ${versioned} }`);
    const service = serviceOf();
    await deploys.boot(...withDeploy(service, { VERSION: "1" }));
    const first = deploys.running(service.id);
    expect(await deploys.boot(...withDeploy(service, { VERSION: "2" }))).toBe("update_failed");
    expect(await get(deploys.running(service.id)?.url)).toBe("1");
    expect(deploys.running(service.id)).toEqual(first);
    expect(await deploys.boot(...withDeploy(service, { VERSION: "3" }))).toBe("live");
    expect(await get(deploys.running(service.id)?.url)).toBe("3");
    await until(() => !alive(Number(first?.pid)));
  });

  it("kills the one before when that does not listen to SIGTERM", async () => {
    const stubborn = serving("response.end()", `process.on("SIGTERM", () => console.log("no"))`);
    const deploys = booting(stubborn, { killAfter: 2000 });
    const service = serviceOf();
    await deploys.boot(...withDeploy(service));
    const first = deploys.running(service.id);
    await deploys.boot(...withDeploy(service));
    await until(() => first?.log.includes("no") === true);
    await until(() => !alive(Number(first?.pid)));
  });

  it("waits for the one in progress; of those that wait only the newest is made", async () => {
    const deploys = booting(`setTimeout(() => { ${versioned} }, 300)`);
    const service = serviceOf();
    const three = ["1", "2", "3"].map((VERSION) => deployOf(service, { VERSION }));
    const statuses = await Promise.all(three.map((deploy) => deploys.boot(service, deploy)));
    expect(statuses).toEqual(["live", "canceled", "live"]);
    expect(await get(deploys.running(service.id)?.url)).toBe("3");
    expect(three.map(({ id }) => kinds(id))).toEqual([
      ["started", "live"],
      ["waiting", "canceled"],
      ["waiting", "started", "live"],
    ]);
  });

  it("cancels the one in progress where the workspace says so", async () => {
    const deploys = booting(
      `if (process.env.VERSION === "2") { ${versioned} } else setInterval(() => {}, 1000)`,
      {
        overlap: "override",
      },
    );
    const service = serviceOf();
    const statuses = await Promise.all(
      ["1", "2"].map((VERSION) => deploys.boot(...withDeploy(service, { VERSION }))),
    );
    expect(statuses).toEqual(["canceled", "live"]);
    expect(await get(deploys.running(service.id)?.url)).toBe("2");
  });

  it("of another service stands beside it", async () => {
    const deploys = booting(versioned);
    const [one, other] = [serviceOf(), serviceOf()];
    await Promise.all([
      deploys.boot(...withDeploy(one, { VERSION: "one" })),
      deploys.boot(...withDeploy(other, { VERSION: "other" })),
    ]);
    expect(await get(deploys.running(one.id)?.url)).toBe("one");
    expect(await get(deploys.running(other.id)?.url)).toBe("other");
    const before = deploys.running(one.id);
    await deploys.stop(other.id);
    expect(deploys.running(other.id)).toBeUndefined();
    expect(deploys.running(one.id)).toEqual(before);
  });
});

describe("the end", () => {
  it("of a service cancels the deploy in progress and those that wait, and ends what the process started", async () => {
    const child = `const { spawn } = require("node:child_process");
      console.log(spawn("sleep", ["60"]).pid, process.pid); setInterval(() => {}, 1000)`;
    const deploys = booting(child);
    const service = serviceOf();
    const [current, waiting] = [deployOf(service), deployOf(service)];
    const statuses = Promise.all([current, waiting].map((deploy) => deploys.boot(service, deploy)));
    await until(() => foreign.events.some(({ kind }) => kind === "line"));
    await deploys.stop(service.id);
    expect(await statuses).toEqual(["canceled", "canceled"]);
    const pids = String(deploys.outcome(current.id)?.log[0]).split(" ").map(Number);
    await until(() => !pids.some(alive));
    expect(existsSync(path.join(foreign.folder, current.id))).toBe(false);
  });

  it("of a live process by itself is told", async () => {
    const deploys = booting(serving("response.end(); if (request.url === '/end') process.exit(7)"));
    const [service, deploy] = withDeploy(serviceOf());
    await deploys.boot(service, deploy);
    await get(`${deploys.running(service.id)?.url}/end`).catch(() => undefined);
    await until(() => foreign.events.some(({ kind }) => kind === "exited"));
    expect(deploys.running(service.id)).toBeUndefined();
    expect(foreign.events.at(-1)).toMatchObject({ kind: "exited", reason: "the process ended with code 7" });
  });
});
