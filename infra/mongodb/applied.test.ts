import { afterEach, describe, expect, it, vi } from "vitest";
import { AtlasCloud, atlasApi, generateCredentials } from "../../sandbox/clouds/atlas/index.ts";
import { serve } from "../../sandbox/clouds/serve.ts";
import { client, cluster } from "../../tests/helpers/atlas.ts";
import { Atlas } from "../../vendors/atlas.ts";
import { untilApplied } from "./applied.ts";

afterEach(() => vi.useRealTimers());

describe("a user that Atlas has taken", () => {
  it("is waited for until the clusters know it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const credentials = generateCredentials();
    const cloud = new AtlasCloud({ applying: 60_000 });
    const served = await serve(atlasApi(cloud, credentials));
    const { id } = cloud.projects.create({ name: "kairos", orgId: cloud.orgId });
    cloud.clusters.create(id, cluster("one"));
    const user = {
      databaseName: "admin",
      username: "kairos",
      password: "generated",
      roles: [{ roleName: "readWrite", databaseName: "kairos" }],
    };
    const call = client(served.url, credentials);
    expect((await call("POST", `/groups/${id}/databaseUsers`, user)).status).toBe(201);
    expect(cloud.users.usable(id)).toEqual([]);
    const keys: Record<string, string> = {
      "mongodbatlas:baseUrl": served.url,
      "mongodbatlas:publicKey": credentials.publicKey,
      "mongodbatlas:privateKey": credentials.privateKey,
    };
    const api = new Atlas(Atlas.account((key) => keys[key] ?? ""));
    expect(await api.changeStatus(id, "one")).toBe("PENDING");
    setTimeout(() => vi.setSystemTime(Date.now() + 60_000), 50);
    await untilApplied(api, id, "one", { pause: 20, limit: 120_000 });
    expect(cloud.users.usable(id)).toMatchObject([{ username: "kairos" }]);
    expect(await api.changeStatus(id, "none yet")).toBeUndefined();
    await served.close();
  });

  it("is given up in one line", async () => {
    const api = { changeStatus: async () => "PENDING" as const };
    await expect(untilApplied(api, "p", "one", { pause: 1, limit: 5 })).rejects.toThrow(
      "MongoDB Atlas: one has not taken over its changes",
    );
  });
});
