/** For tests: what the clouds have before a rehearsal, and what they are left with. */
import type { Clouds } from "../../../sandbox/clouds/index.ts";
import { createService } from "../../../sandbox/clouds/render/index.ts";
import type { RenderState } from "../../../sandbox/clouds/render/model.ts";

/** The one organization of a test's Atlas. */
export const organization = "5a4d000000000000000000aa";

/** What exists before the stack comes; the settings name it by `<service>` and `<project>`. */
export type Before = "service" | "project";

/** What all clouds hold after it. */
export interface States {
  render: RenderState;
  atlas: object[];
  upstash: object[];
  redisCloud: object[];
}

/** Makes what has to exist; gives the settings with its ids in place. */
export function prepared<T extends Record<string, unknown>>(
  clouds: Clouds,
  before: readonly Before[],
  settings: T,
): T {
  let text = JSON.stringify(settings);
  if (before.includes("service")) {
    const region = typeof settings.region === "string" ? settings.region : "oregon";
    const serviceDetails = { runtime: "image", region, plan: "starter" };
    const image = { imagePath: "registry.example/kairos/existing:7" };
    const body = { type: "web_service", name: "existing", image, serviceDetails } as const;
    text = text.replaceAll("<service>", createService(clouds.render, body).service.id);
  }
  if (before.includes("project")) {
    const { id } = clouds.atlas.projects.create({ name: "existing", orgId: organization });
    const place = { providerName: "TENANT", backingProviderName: "AWS", regionName: "US_WEST_2" };
    const regionConfigs = [{ ...place, electableSpecs: { instanceSize: "M0" } }];
    const replicationSpecs = [{ regionConfigs }];
    clouds.atlas.clusters.create(id, { name: "free", clusterType: "REPLICASET", replicationSpecs });
    text = text.replaceAll("<project>", id);
  }
  return JSON.parse(text) as T;
}

/** All that the clouds hold. Secret. */
export function statesOf({ render, atlas, upstash, redisCloud }: Clouds): States {
  return structuredClone({
    render: render.state,
    atlas: atlas.projects.list().map((project) => ({
      project,
      clusters: atlas.clusters.list(project.id),
      flexClusters: atlas.flexClusters.list(project.id),
      containers: atlas.clusters.containers(project.id),
      users: atlas.users.list(project.id),
      alerts: atlas.alerts.list(project.id).sort(by((one) => JSON.stringify(one.metricThreshold ?? ""))),
      accessList: atlas.accessList.list(project.id).sort(by(({ cidrBlock }) => cidrBlock)),
    })),
    upstash: upstash.list(),
    redisCloud: redisCloud.subscriptions().map((subscription) => ({
      subscription,
      databases: redisCloud.databases(subscription.id),
    })),
  });
}

/**
 * States that are equal when the same was made: every id, password, date and host name is replaced by a word for its
 * kind and a number, the same for the same value, so that what belongs together still does.
 */
export function normalised(states: States): unknown {
  const { services, deploys, postgres, keyValues, envGroups, notifications } = states.render;
  const nameOf = (id: string) => services[id]?.name ?? "";
  const ordered = {
    ...states,
    render: {
      services: named(services),
      deploys: [...deploys].sort(by((deploy) => nameOf(deploy.serviceId))),
      postgres: named(postgres),
      keyValues: named(keyValues),
      envGroups: named(envGroups),
      notifications,
    },
  };
  const seen = new Map<string, string>();
  const counts: Record<string, number> = {};
  const text = made.reduce(
    (before, [kind, pattern]) =>
      before.replace(pattern, (value) => {
        const known = seen.get(value);
        if (known !== undefined) return known;
        counts[kind] = (counts[kind] ?? 0) + 1;
        const word = `<${kind} ${counts[kind]}>`;
        seen.set(value, word);
        return word;
      }),
    JSON.stringify(sorted(ordered))
      .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"|(?<="creation_time":)\d+/g, '"<date>"')
      // Redis Cloud numbers what it makes.
      .replace(/(?<="(?:id|databaseId|subscriptionId)":)\d+/g, '"number $&"'),
  );
  return JSON.parse(text);
}

/** What the vendors make up, by kind; no pattern fits what comes from settings. */
const made: [kind: string, pattern: RegExp][] = [
  // What Render puts behind a database's name, and behind a service's that has no address.
  ["suffix", /(?<="kairos_|"slug":"kairos-[a-z]+-)[a-z0-9]{4}(?=")/g],
  ["host", /[\w.-]+\.(?:example\.invalid|upstash\.io|cloud\.redislabs\.com:\d+)/g],
  ["uuid", /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g],
  ["id", /\b(?:srv|crn|dep|dpg|red|evg)-[0-9a-v]{20}\b/g],
  ["id", /\b[0-9a-f]{24}\b/g],
  ["number", /(?<=")number \d+(?=")/g],
  ["token", /(?<=[":])[\w-]{43}(?=@|"[,}])/g],
  ["password", /(?<=[":])[A-Za-z0-9]{32}(?=@|"[,}])/g],
];

const by =
  <T>(key: (one: T) => string) =>
  (one: T, other: T) =>
    key(one) < key(other) ? -1 : 1;

const named = <T extends { name: string }>(things: Record<string, T>) =>
  Object.values(things).sort(by(({ name }) => name));

/** Keys in order; variables too, which travel in none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    const areVariables = items.every((item) => typeof item === "object" && item !== null && "key" in item);
    return areVariables ? items.sort(by((item) => String((item as { key: unknown }).key))) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(by(([key]) => key))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
