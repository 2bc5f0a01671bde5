/** Ground on which tests make a little by hand: one vendor's thing each, by plain calls. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "vitest";
import type { Engine } from "../../engine/cli/find.ts";
import { type Clouds, startClouds } from "../../sandbox/clouds/index.ts";
import { leaks } from "../canaries.ts";
import { Ground } from "./adoption-ground.ts";

const organization = "5a4d000000000000000000aa";
export type RedisProvider = "upstash" | "render" | "redis-cloud" | "external" | "none";

const region = { regionName: "US_WEST_2", priority: 7 };

/** Clouds without a thing in them, and a stack that knows nothing. */
export class ByHand {
  private readonly secrets: string[] = [];
  private constructor(
    private readonly folder: string,
    readonly clouds: Clouds,
    readonly ground: Ground,
  ) {}

  static async create(engine: Engine): Promise<ByHand> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-adopt-"));
    const clouds = await startClouds({ folder, organization });
    const ground = await Ground.create(engine, clouds);
    await ground.write('config:\n  render:skipDeployAfterServiceUpdate: "true"\n');
    return new ByHand(folder, clouds, ground);
  }

  /** One that must not be seen anywhere. */
  secret(value = `s3cr-${randomBytes(12).toString("hex")}`): string {
    this.secrets.push(value);
    return value;
  }

  /** Ends everything. Fails when a secret was shown or written in clear, or somebody outside was asked. */
  async end(): Promise<void> {
    const { ground, clouds, folder } = this;
    const keys = Object.entries(ground.environment)
      .filter(([name]) => /(API_KEY|ACCESS_KEY|SECRET_KEY)$/.test(name) && !name.includes("PUBLIC"))
      .flatMap(([, value]) => (value === "" ? [] : [value]));
    const seen = [...ground.printed, await ground.text()].join("\n");
    await ground.remove();
    await clouds.close();
    await rm(folder, { recursive: true, force: true });
    expect(leaks(seen, [...this.secrets, ...keys])).toEqual([]);
    expect(clouds.refused).toEqual([]);
  }

  async project(name = "Kairos"): Promise<string> {
    const body = { name, orgId: organization };
    const { id } = await this.ground.atlas<{ id: string }>("POST", "/groups", body);
    await this.ground.atlas("POST", `/groups/${id}/accessList`, [
      { cidrBlock: "203.0.113.0/24", comment: "Render" },
    ]);
    return id;
  }
  async cluster(group: string, tier: "M0" | "FLEX", name = "cluster0"): Promise<void> {
    if (tier === "FLEX") {
      const providerSettings = { backingProviderName: "AWS", regionName: "US_WEST_2" };
      await this.ground.atlas("POST", `/groups/${group}/flexClusters`, { name, providerSettings });
      return;
    }
    const tenant = {
      providerName: "TENANT",
      backingProviderName: "AWS",
      electableSpecs: { instanceSize: "M0" },
    };
    await this.ground.atlas("POST", `/groups/${group}/clusters`, {
      name,
      clusterType: "REPLICASET",
      replicationSpecs: [{ regionConfigs: [{ ...region, ...tenant }] }],
    });
  }
  async user(group: string, password: string, username = "kairos"): Promise<void> {
    const roles = [{ roleName: "readWrite", databaseName: "kaïros" }];
    const scopes = [{ name: "cluster0", type: "CLUSTER" }];
    const body = { databaseName: "admin", username, password, roles, scopes };
    await this.ground.atlas("POST", `/groups/${group}/databaseUsers`, body);
  }
  async service(variables: Record<string, string> = {}, name = "kairos-api"): Promise<string> {
    const answer = await this.ground.render<{ service: { id: string } }>("POST", "/services", {
      ownerId: this.ground.clouds.render.ownerId,
      type: "web_service",
      name,
      image: { ownerId: this.ground.clouds.render.ownerId, imagePath: "registry.example/kairos/backend:7" },
      serviceDetails: { plan: "starter", region: "oregon", runtime: "image" },
      envVars: Object.entries(variables).map(([key, value]) => ({ key, value })),
    });
    return answer.service.id;
  }
  /** A project with one cluster, its user and a service. */
  async usual(tier: "M0" | "FLEX", variables: Record<string, string> = {}) {
    const group = await this.project();
    await this.cluster(group, tier);
    const password = this.secret();
    await this.user(group, password);
    return { group, password, service: await this.service(variables) };
  }

  /** A Redis, how many imports it takes, and the variables of a service where only these know of it. */
  async redis(provider: RedisProvider): Promise<{ variables?: Record<string, string>; imports: number }> {
    switch (provider) {
      case "upstash": {
        const made = await this.ground.upstash<{ password: string }>("POST", "/database", {
          database_name: "Cache of Kaïros",
          primary_region: "eu-west-1",
          read_regions: ["us-east-1"],
          auto_upgrade: true,
          budget: 35,
        });
        this.secret(made.password);
        return { imports: 1 };
      }
      case "render": {
        await this.ground.render("POST", "/key-value", {
          ownerId: this.ground.clouds.render.ownerId,
          name: "cache",
          plan: "starter",
          region: "oregon",
          maxmemoryPolicy: "volatile_ttl",
          ipAllowList: [{ cidrBlock: "203.0.113.9/32", description: "me" }],
        });
        return { imports: 1 };
      }
      case "redis-cloud": {
        const { plans } = await this.ground.redisCloud<{
          plans: { id: number; name: string; region: string }[];
        }>("GET", "/fixed/plans");
        const plan = plans.find(({ name, region: at }) => name === "30MB" && at === "us-west-2");
        await this.ground.redisCloud("POST", "/fixed/subscriptions", { name: "by hand", planId: plan?.id });
        const [subscription] = this.clouds.redisCloud.subscriptions();
        await this.ground.redisCloud("POST", `/fixed/subscriptions/${subscription?.id}/databases`, {
          name: "cache",
          dataPersistence: "none",
          sourceIps: ["203.0.113.0/24"],
          password: this.secret(),
        });
        return { imports: 2 };
      }
      case "external": {
        const url = `rediss://default:${this.secret()}@redis.example:6380`;
        return { variables: { REDIS_URL: url }, imports: 0 };
      }
      case "none":
        return { imports: 0 };
    }
  }
}
