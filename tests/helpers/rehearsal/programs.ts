/** For tests: programs that do what the stack never would. */
import { AdvancedCluster } from "@pulumi/mongodbatlas/advancedCluster.js";
import { Project } from "@pulumi/mongodbatlas/project.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import * as render from "@pulumi/render";
import { bridge } from "../../../sdks/bridge.ts";
import manifest from "../../../sdks/render/package.json" with { type: "json" };
import { organization } from "./clouds.ts";

const clusterIn = (projectId: pulumi.Input<string>, regionName: string) => {
  const place = { providerName: "AWS", regionName, priority: 7 };
  const regionConfigs = [{ ...place, electableSpecs: { instanceSize: "M10", nodeCount: 3 } }];
  const args = { projectId, clusterType: "REPLICASET", replicationSpecs: [{ regionConfigs }] };
  return new AdvancedCluster("cluster", { ...args, name: "cluster" });
};

const { resource } = bridge(manifest);

class Webhook extends resource({ ...render.EnvGroup.spec, type: "render:index/webhook:Webhook" }) {}

/** With an output that is no secret, which the stack has no use for. */
class PostgresWithRole extends resource({
  ...render.Postgres.spec,
  outputs: { ...render.Postgres.spec.outputs, role: "string" },
}) {}

export const programs = {
  /** Two refusals that have nothing to do with each other, and something that depends on one of them. */
  refusedTwice: async () => {
    const { id } = new Project("project", { name: "test", orgId: organization });
    const cluster = clusterIn(id, "US_NOWHERE_1");
    new render.Keyvalue("cache", {
      name: "cache",
      plan: "huge",
      region: "oregon",
      maxMemoryPolicy: "noeviction",
    });
    new RandomPassword("after", { length: 8 }, { dependsOn: [cluster] });
    return {};
  },
  /** A type that no file translates. */
  unknownType: async () => {
    new Webhook("webhook", {});
    return {};
  },
  /** An input that a translation would lose. */
  unknownInput: async () => {
    new Project("project", { name: "test", orgId: organization, tags: { owner: "test" } });
    return {};
  },
  /** An output that fails where nobody waits for it. */
  failingOutput: async () => {
    const { result } = new RandomPassword("password", { length: 8 });
    result.apply(() => {
      throw new pulumi.RunError("the password is of no use");
    });
    return {};
  },
  /** Secrets as the providers mark them. */
  secrets: async () => {
    const { result } = new RandomPassword("password", { length: 8 });
    const args = { plan: "free", region: "oregon", version: "18", name: "postgres" };
    const { connectionInfo, role } = new PostgresWithRole("postgres", args);
    const areSecret = await Promise.all(
      [result, connectionInfo, role].map((one: pulumi.Output<unknown>) => pulumi.isSecret(one)),
    );
    return { areSecret };
  },
};
