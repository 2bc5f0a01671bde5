/** Everything that can be in the way of an adoption: one line each, and nothing is written. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FaultRule, faultsOf } from "../helpers/faults.ts";
import { ByHand } from "./adoption-by-hand.ts";
import type { Ground } from "./adoption-ground.ts";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: what is in the way of an adoption (${found.reason})`);

/** A fault at the first call and at each of the five that follow: a single one is got over. */
const eachTry = (rule: FaultRule) => Array.from({ length: 6 }, () => rule);

describe.skipIf("reason" in found)("adoption", () => {
  let byHand: ByHand;
  let ground: Ground;
  beforeEach(async () => {
    if (!("engine" in found)) return;
    byHand = await ByHand.create(found.engine);
    ground = byHand.ground;
  });
  afterEach(() => byHand.end());

  it.each<[string, () => Promise<Parameters<Ground["adopt"]>>, string]>([
    [
      "two clusters, and nobody to ask",
      async () => {
        const { group } = await byHand.usual("M0");
        await byHand.cluster(group, "FLEX", "second");
        return [];
      },
      "--cluster: there are 2 clusters in Kairos, and nothing says which is meant; expected --cluster cluster0, or --cluster second",
    ],
    [
      "an unknown Postgres",
      async () => {
        await byHand.usual("M0");
        return [{ postgres: "kairos" }];
      },
      '--postgres: got "kairos"; there is no Postgres database on Render',
    ],
    [
      "a password that nobody knows",
      async () => {
        await byHand.usual("M0");
        return [];
      },
      "--password-stdin: the password of the database user kairos is not known: no chosen service has a MONGODB_URL with it, and Atlas tells nobody; expected it on the standard input",
    ],
    [
      "a database but no cluster",
      async () => {
        await byHand.service();
        await byHand.redis("render");
        return [];
      },
      "MongoDB Atlas: the keys see no cluster, so there is none to take over, and the backend cannot do without; pulumi up creates one",
    ],
    [
      "no key of Render",
      async () => {
        ground.environment.RENDER_API_KEY = "";
        return [];
      },
      "render:apiKey: got nothing; expected pulumi config set --secret render:apiKey, or the variable RENDER_API_KEY. Where: Render dashboard: Account Settings, API Keys",
    ],
    [
      "a wrong key of Atlas",
      async () => {
        ground.environment.MONGODB_ATLAS_PRIVATE_API_KEY = byHand.secret();
        return [];
      },
      "MongoDB Atlas: GET /api/atlas/v2/groups answered 401 (You are not authorized for this resource.); expected 2xx: the key is wrong, or may not read this. It comes from mongodbatlas:publicKey and mongodbatlas:privateKey, or MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY",
    ],
    [
      "wrong keys of the others, all at once",
      async () => {
        for (const name of ["RENDER_API_KEY", "UPSTASH_API_KEY", "REDISCLOUD_SECRET_KEY"])
          ground.environment[name] = byHand.secret();
        return [];
      },
      [
        "Render: GET /services answered 401 (Unauthorized); expected 2xx: the key is wrong, or may not read this. It comes from render:apiKey, or RENDER_API_KEY",
        "Upstash: GET /v2/redis/databases answered 401; expected 2xx: the key is wrong, or may not read this. It comes from upstash:email and upstash:apiKey, or UPSTASH_EMAIL and UPSTASH_API_KEY",
        "Redis Cloud: GET /fixed/subscriptions answered 401 (Unauthorized); expected 2xx: the key is wrong, or may not read this. It comes from rediscloud:apiKey and rediscloud:secretKey, or REDISCLOUD_ACCESS_KEY and REDISCLOUD_SECRET_KEY",
      ].join("\n"),
    ],
    [
      "a vendor that is down",
      async () => {
        faultsOf(byHand.clouds.served.render).add(...eachTry({ fault: "reset", path: /services$/ }));
        return [];
      },
      "Render: GET /services got no answer (UND_ERR_SOCKET). Nothing was written; check the network, then try again",
    ],
    [
      "a vendor with a fault of its own",
      async () => {
        faultsOf(byHand.clouds.served.atlas).add(...eachTry({ fault: "server error", path: /groups$/ }));
        return [];
      },
      "MongoDB Atlas: GET /api/atlas/v2/groups answered 500 (internal server error); expected 2xx. Nothing was written; try again",
    ],
    [
      "a stack that is not there",
      async () => [{ stack: "prod" }],
      '--stack: got "prod"; there is no Pulumi.prod.yaml here',
    ],
  ])("says in one line that there is %s, and writes nothing", async (_, prepare, message) => {
    const args = await prepare();
    const text = await ground.text();
    await expect(ground.adopt(...args)).rejects.toThrow(message);
    expect(ground.printed.at(-1)).toBe(message);
    expect(await ground.text()).toBe(text);
  });
});
