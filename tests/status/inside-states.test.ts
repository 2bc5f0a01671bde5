/**
 * Each state of the table that can be made here, seen from inside and from outside: the same verdict. What looks from inside is
 * the program that a job runs, with a real Python and the backend's own drivers (KAIROS_PYTHON).
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CheckResult, DatabaseName, Status } from "../../ops/status/model.ts";
import { statusOf } from "../../ops/status/run.ts";
import type { Variables } from "../../ops/status/variables.ts";
import {
  createService,
  RenderCloud,
  type RenderOptions,
  renderApi,
  setVariables,
} from "../../sandbox/clouds/render/index.ts";
import { type Served, serve } from "../../sandbox/clouds/serve.ts";
import { Render } from "../../vendors/render.ts";
import { leaks, plainCanary } from "../canaries.ts";
import { casesOn } from "./cases.ts";
import { type Middleman, type MiddlemanOptions, middleman } from "./middleman.ts";
import { type Peers, startPeers } from "./peers.ts";

const python = process.env.KAIROS_PYTHON;
if (!python)
  console.log("skipped: states seen from inside (KAIROS_PYTHON names no Python with its packages)");

describe.skipIf(!python)("a state of the databases, from inside", () => {
  const ownerId = "tea-test";
  const key = plainCanary();
  const printed = new Map<string, { timestamp: string; message: string }[]>();
  let peers: Peers;
  let cloud: RenderCloud;
  let served: Served;
  let service: { name: string; id: string };

  /** As Render does: the service's variables and nothing else of this process, and what is printed goes into a log. */
  const job: RenderOptions["job"] = (_, { id, startCommand }, variables) =>
    new Promise((resolve) => {
      const lines: { timestamp: string; message: string }[] = [];
      printed.set(id, lines);
      const PATH = `${path.dirname(python ?? "")}:/usr/bin:/bin`;
      const SSL_CERT_FILE = path.join(peers.folder, "authority.pem");
      const child = spawn("sh", ["-c", startCommand], { env: { ...variables, PATH, SSL_CERT_FILE } });
      let text = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk) => {
          text += chunk;
        });
      child.once("close", (code) => {
        const timestamp = new Date().toISOString();
        for (const message of text.split("\n")) if (message !== "") lines.push({ timestamp, message });
        resolve(code === 0 ? "succeeded" : "failed");
      });
    });

  beforeAll(async () => {
    peers = await startPeers();
    cloud = new RenderCloud({ ownerId, job, lines: (id) => printed.get(id) ?? [] });
    served = await serve(renderApi(cloud, key));
    const { service: made } = createService(cloud, {
      name: "kairos-backend",
      type: "web_service",
      image: { imagePath: "registry.example/kairos/backend:7" },
      serviceDetails: { runtime: "image", region: "oregon", plan: "starter" },
    });
    service = { name: made.name, id: made.id };
    for (const deploy of cloud.state.deploys) deploy.status = "live";
  });
  afterAll(async () => {
    await served?.close();
    await peers?.close();
  });

  const between: Middleman[] = [];
  const via = async (options: MiddlemanOptions): Promise<number> => {
    const one = await middleman(options);
    between.push(one);
    return one.port;
  };
  const look = (variables: Variables, from: "here" | "backend") => {
    const account = Render.account(() => key, { RENDER_HOST: `${served.url}/v1` });
    const source = { kind: "process" } as const;
    const { certificate: ca } = peers.authority;
    return statusOf({ source, variables, services: [service] }, { ca, render: account, from });
  };
  const verdict = ({ state, problem, remarks }: CheckResult<unknown>) => ({
    // A busy machine is slow by itself.
    state:
      state === "warning" && remarks.every(({ kind, severity }) => severity === "note" || kind === "slow")
        ? "well"
        : state,
    problem: problem?.kind,
    cause: problem?.causes[0],
    warnings: remarks.flatMap(({ kind, severity }) =>
      severity === "warning" && kind !== "slow" ? [kind] : [],
    ),
  });
  const verdicts = ({ databases }: Status) =>
    Object.fromEntries(Object.entries(databases).map(([name, checked]) => [name, verdict(checked)]));

  const states = casesOn(() => peers, via);
  const looked = process.env.KAIROS_STATES === "all" ? states : states.filter((_, index) => index % 4 === 0);
  console.log(`states seen from inside: ${looked.length} of ${states.length}`);
  for (const { name, change, of } of looked)
    it(`${name}: the same as outside`, async () => {
      const variables: Variables = { ...peers.variables(), ...(await change()) };
      const given = Object.entries(variables).flatMap(([key, value]) =>
        value === undefined ? [] : [{ key, value }],
      );
      setVariables(cloud, service.id, given);
      const outside = await look(variables, "here");
      const inside = await look(variables, "backend");
      await Promise.all(between.splice(0).map((one) => one.close()));
      expect(inside.notInside).toBeUndefined();
      // The others may be late on a busy machine.
      const both = [inside, outside].map(verdicts).map((all) => (name === "all well" ? all : all[of]));
      expect(both[0]).toEqual(both[1]);
      const checked: CheckResult<unknown> = inside.databases[of as DatabaseName];
      const isAsked = checked.state !== "off" && checked.problem?.stage !== "variables";
      expect(checked.from?.service).toBe(isAsked ? service.name : undefined);
      expect(leaks(JSON.stringify([inside, [...printed.values()]]), [...peers.secrets, key])).toEqual([]);
    });
});
