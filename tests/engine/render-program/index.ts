/** Postgres, Key Value, notifications, a created and a linked service, as the stack makes them, with settings from the test. */
import * as pulumi from "@pulumi/pulumi";
import { Alerts } from "../../../infra/alerts.ts";
import { Service } from "../../../infra/backend/index.ts";
import { Postgres } from "../../../infra/postgres/index.ts";
import { Redis } from "../../../infra/redis/index.ts";
import { runOf } from "../../../infra/run.ts";
import type { RenderRegion, ServiceSettings, Settings } from "../../../infra/settings/index.ts";
import { existingResources } from "../../../infra/state.ts";

export default async function program() {
  const config = new pulumi.Config("test");
  const region = (config.get("region") ?? "oregon") as RenderRegion;
  const existing = (await existingResources()) ?? [];
  // Of the settings as a whole only the region matters here.
  const settings = {
    region,
    mongodb: {},
    postgres: { enabled: false },
    redis: { provider: "none" },
    deploys: { wait: true, limit: 60_000 },
  };
  const run = { ...runOf(settings as Settings), existing };
  const postgres = new Postgres(
    "postgres",
    {
      enabled: true,
      name: "kairos-postgres",
      plan: config.require("plan") as "basic_1gb",
      version: "18",
      region: undefined,
      disk: undefined,
      highAvailability: false,
      readReplicas: [],
      earlier: [],
      database: "kairos_db",
      user: "kairos",
      network: "private",
      accessList: [],
      with: {},
      mayBeDestroyed: "kairos-postgres",
    },
    run,
  );
  const keyValue = new Redis(
    "redis",
    {
      provider: "render",
      name: "kairos-redis",
      plan: "starter",
      maxmemoryPolicy: config.require("policy") as "allkeys_lru",
      persistence: undefined,
      accessList: [],
      with: {},
      mayBeDestroyed: "kairos-redis",
    },
    run,
  );
  new Alerts("alerts");
  const { host, port, user, password, database } = postgres.connection;
  const environment = {
    POSTGRES_URL: pulumi.secret(
      pulumi.interpolate`postgresql://${user}:${password}@${host}:${port}/${database}`,
    ),
    REDIS_URL: keyValue.url,
    VARIABLE: pulumi.output(config.require("variable")),
  };
  const common = { variables: {}, secrets: {}, with: {} };
  const services: ServiceSettings[] = [
    { name: "kairos-linked", link: config.require("linked"), untouched: false, ...common },
    {
      name: "kairos-web",
      type: "web",
      plan: "starter",
      source: {
        image: "registry.example/kairos/backend",
        tag: "1",
        digest: undefined,
        registryCredential: undefined,
      },
      start: undefined,
      healthCheck: "/health",
      schedule: undefined,
      instances: config.getNumber("instances"),
      deployedBy: "elsewhere",
      ...common,
    },
    {
      name: "kairos-cron",
      type: "cron",
      plan: "starter",
      source: {
        repository: "https://git.example/kairos/backend",
        branch: "main",
        runtime: "python",
        build: "true",
        root: undefined,
      },
      start: "python job.py",
      healthCheck: undefined,
      schedule: "0 3 * * *",
      instances: undefined,
      deployedBy: "stack",
      ...common,
    },
  ];
  for (const service of services)
    new Service(
      service.name,
      service,
      { ...run, variables: environment },
      { dependsOn: [postgres, keyValue] },
    );
}
