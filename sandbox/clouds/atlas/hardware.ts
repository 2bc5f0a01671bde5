/** Tiers, regions and disks that Atlas offers, and what it refuses of them. Only AWS is known here. */

import description from "./description.json" with { type: "json" };
import { AtlasError } from "./refusals.ts";
import { type AutoScaling, type Hardware, newId, type ReplicationSpec, type Specs } from "./state.ts";

export type ReplicationSpecs = {
  zoneName?: string;
  regionConfigs: (Specs & {
    providerName: string;
    backingProviderName?: string;
    regionName: string;
    priority?: number;
    autoScaling?: AutoScaling;
    analyticsAutoScaling?: AutoScaling;
  })[];
}[];

/**
 * Dedicated tiers, smallest first, with the disk that one gets and the largest that one may ask for, in GB.
 * Source: https://www.mongodb.com/docs/atlas/cluster-tier/ (general class on AWS).
 */
const dedicatedTiers: Record<string, { disk: number; largestDisk: number }> = {
  M10: { disk: 10, largestDisk: 128 },
  M20: { disk: 20, largestDisk: 255 },
  M30: { disk: 40, largestDisk: 512 },
  M40: { disk: 80, largestDisk: 1024 },
  M50: { disk: 160, largestDisk: 4096 },
  M60: { disk: 320, largestDisk: 4096 },
  M80: { disk: 750, largestDisk: 4096 },
  M140: { disk: 1000, largestDisk: 4096 },
  M200: { disk: 1500, largestDisk: 4096 },
  M300: { disk: 2000, largestDisk: 4096 },
};
const order = Object.keys(dedicatedTiers);
const smallestDisk = 10;

/** Regions that only some accounts see: governments', China's. */
const closedRegions = /^(US_GOV|CN)_|^GLOBAL$/;
/** Of AWS. */
export const awsRegions: string[] =
  description.$defs.CloudRegionConfig20240805.properties.regionName.enum.filter(
    (region) => !closedRegions.test(region),
  );

/** Regions without M0 and Flex. Source: https://www.mongodb.com/docs/atlas/reference/amazon-aws/ */
const dedicatedOnly = new Set(
  `US_EAST_2 US_WEST_1 CA_CENTRAL_1 CA_WEST_1 MX_CENTRAL_1 EU_WEST_2 EU_SOUTH_1 EU_SOUTH_2 EU_CENTRAL_2 AP_SOUTHEAST_3
   AP_SOUTHEAST_4 AP_SOUTHEAST_5 AP_SOUTHEAST_6 AP_SOUTHEAST_7 AP_NORTHEAST_3 AP_SOUTH_2 AP_EAST_2 IL_CENTRAL_1
   ME_CENTRAL_1`.split(/\s+/),
);

/** `GET …/clusters/provider/regions` */
export const offered = () => {
  const regions = (some: string[]) => some.map((name) => ({ name, default: name === "US_EAST_1" }));
  const shared = awsRegions.filter((region) => !dedicatedOnly.has(region));
  const sizes = [["M0", shared], ...order.map((name) => [name, awsRegions])] as [string, string[]][];
  const instanceSizes = sizes.map(([name, some]) => ({ name, availableRegions: regions(some) }));
  return [{ provider: "AWS", instanceSizes }];
};

const kinds = ["electableSpecs", "readOnlySpecs", "analyticsSpecs"] as const;

/**
 * Checks what was asked for and fills in what was left out.
 *
 * @param before the cluster's hardware when it is changed: ids stay
 * @param effective whether the client keeps apart what it asked for and what Atlas scaled to
 */
export function provision(
  request: ReplicationSpecs,
  before: ReplicationSpec[] = [],
  effective = false,
): ReplicationSpec[] {
  if (request.length === 0) throw new AtlasError("MISSING_ATTRIBUTE", "replicationSpecs");
  if (request.length > 1) throw new AtlasError("MULTIPLE_REPLICATION_SPECS");
  return request.map((spec, index) => {
    const old = before[index];
    if (spec.regionConfigs.length === 0) throw new AtlasError("MISSING_ATTRIBUTE", "regionConfigs");
    const nodes = spec.regionConfigs.reduce((sum, region) => sum + nodeCount(region), 0);
    const priorities = spec.regionConfigs.map(({ priority = 7 }) => priority).sort((a, b) => b - a);
    if (priorities.some((priority, place) => priority !== 7 - place))
      throw new AtlasError("CLUSTER_PRIORITY_INVALID");
    if (![3, 5, 7].includes(nodes)) throw new AtlasError("CLUSTER_REPLICATION_FACTOR_INVALID");
    return {
      id: old?.id ?? newId(),
      zoneId: old?.zoneId ?? newId(),
      zoneName: spec.zoneName ?? old?.zoneName ?? "Zone 1",
      regionConfigs: spec.regionConfigs.map((region) => {
        const { providerName, backingProviderName, regionName, priority = 7 } = region;
        const isShared = providerName === "TENANT";
        checkRegion(isShared ? backingProviderName : providerName, regionName, isShared);
        const place = { providerName, backingProviderName, regionName, priority };
        const requested: Specs = {};
        for (const kind of kinds) if (region[kind] !== undefined) requested[kind] = region[kind];
        if (isShared) return { ...place, requested, current: freeSpecs(requested) };
        const was = old?.regionConfigs.find((other) => other.regionName === regionName);
        const scaling = { ...noScaling(), ...(region.autoScaling ?? was?.autoScaling) };
        checkScaling(scaling, region.electableSpecs?.instanceSize ?? "");
        // Of a cluster that grows by itself another size is taken for the record: its provider's own tests see it so.
        const grows =
          scaling.compute?.enabled === true ||
          was?.autoScaling?.compute?.enabled === true ||
          region.autoScaling?.diskGB?.enabled === true;
        const isLeft = grows || JSON.stringify(was?.requested) === JSON.stringify(requested);
        return {
          ...place,
          requested,
          // A client that looks at the effective hardware leaves what Atlas scaled alone; any other takes it back.
          current: effective && isLeft && was ? was.current : dedicatedSpecs(requested, was?.current),
          autoScaling: scaling,
          analyticsAutoScaling: region.analyticsAutoScaling ?? was?.analyticsAutoScaling ?? noScaling(),
        };
      }),
    };
  });
}

/** Refuses a provider or a region that does not exist, or not for M0 and Flex. */
export function checkRegion(provider: string | undefined, regionName: string, isShared: boolean): void {
  if (provider === undefined) throw new AtlasError("MISSING_ATTRIBUTE", "backingProviderName");
  // Atlas knows AZURE and GCP too; the stack does not use them, so the stand-in has no list of their regions.
  if (provider !== "AWS") throw new AtlasError("INVALID_PROVIDER", provider);
  if (!awsRegions.includes(regionName) || (isShared && dedicatedOnly.has(regionName)))
    throw new AtlasError("INVALID_REGION", regionName, provider);
}

/** Whether all regions are M0's; mixing is refused. */
export function isTenant(request: ReplicationSpecs): boolean {
  const providers = new Set(
    request.flatMap(({ regionConfigs }) => regionConfigs.map(({ providerName }) => providerName)),
  );
  if (providers.has("TENANT") && providers.size > 1) throw new AtlasError("INVALID_ENUM_VALUE", "TENANT");
  return providers.has("TENANT");
}

export const noScaling = (): AutoScaling => ({
  compute: { enabled: false, scaleDownEnabled: false },
  diskGB: { enabled: true },
});

/** M0 has three nodes whatever is asked for; others say how many. */
function nodeCount({ providerName, electableSpecs }: { providerName: string } & Specs): number {
  if (providerName === "TENANT") return 3;
  if (electableSpecs === undefined) return 0;
  const { instanceSize, nodeCount: count } = electableSpecs;
  if (!(instanceSize in dedicatedTiers)) throw new AtlasError("INVALID_ENUM_VALUE", instanceSize);
  if (count === undefined) throw new AtlasError("MISSING_ATTRIBUTE", "nodeCount");
  return count;
}

function freeSpecs({ electableSpecs }: Specs): Specs {
  if (electableSpecs === undefined) throw new AtlasError("MISSING_ATTRIBUTE", "electableSpecs");
  // M2 and M5 are gone since January 2026; dedicated tiers have another provider.
  if (electableSpecs.instanceSize !== "M0")
    throw new AtlasError("INVALID_ENUM_VALUE", electableSpecs.instanceSize);
  return { electableSpecs: { instanceSize: "M0", effectiveInstanceSize: "M0", diskSizeGB: 0.5 } };
}

function dedicatedSpecs(requested: Specs, was: Specs | undefined): Specs {
  const { electableSpecs } = requested;
  if (electableSpecs === undefined) throw new AtlasError("MISSING_ATTRIBUTE", "electableSpecs");
  const current: Specs = {};
  for (const kind of kinds) {
    const asked: Hardware = requested[kind] ?? { ...electableSpecs, nodeCount: 0 };
    const tier = dedicatedTiers[asked.instanceSize];
    if (tier === undefined) throw new AtlasError("INVALID_ENUM_VALUE", asked.instanceSize);
    const disk =
      asked.diskSizeGB ?? electableSpecs.diskSizeGB ?? was?.electableSpecs?.diskSizeGB ?? tier.disk;
    checkDisk(disk, tier.largestDisk);
    current[kind] = {
      instanceSize: asked.instanceSize,
      nodeCount: asked.nodeCount,
      diskSizeGB: disk,
      diskIOPS: asked.diskIOPS ?? 3000,
      ebsVolumeType: asked.ebsVolumeType ?? "STANDARD",
    };
  }
  return current;
}

function checkDisk(disk: number, largest: number): void {
  if (!Number.isInteger(disk)) throw new AtlasError("CLUSTER_DISK_SIZE_NOT_WHOLE_NUMBER", disk.toFixed(1));
  if (disk < smallestDisk || disk > largest)
    throw new AtlasError("CLUSTER_DISK_SIZE_INVALID", smallestDisk, largest);
}

function checkScaling({ compute = {} }: AutoScaling, instanceSize: string): void {
  const { enabled = false, scaleDownEnabled = false, minInstanceSize: from, maxInstanceSize: to } = compute;
  if (scaleDownEnabled && !enabled) throw new AtlasError("COMPUTE_AUTO_SCALING_SCALE_DOWN_ENABLED_INVALID");
  if (!enabled) return;
  if (to === undefined) throw new AtlasError("COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_REQUIRED");
  if (scaleDownEnabled && from === undefined)
    throw new AtlasError("COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_REQUIRED");
  for (const size of [from, to])
    if (size !== undefined && !order.includes(size)) throw new AtlasError("INVALID_ENUM_VALUE", size);
  const rank = (size: string | undefined) => order.indexOf(size ?? "");
  if (from !== undefined && rank(from) >= rank(to))
    throw new AtlasError("COMPUTE_AUTO_SCALING_INSTANCE_SIZE_RANGE_INVALID", from, to);
  if (rank(to) < rank(instanceSize))
    throw new AtlasError("COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_INVALID", to, instanceSize);
  if (from !== undefined && rank(from) > rank(instanceSize))
    throw new AtlasError("COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_INVALID", from, instanceSize);
}

export function flexSpecs(backingProviderName: string, regionName: string): ReplicationSpec[] {
  const region = { providerName: "FLEX", backingProviderName, regionName, priority: 7 };
  return [
    {
      id: newId(),
      zoneId: newId(),
      zoneName: "Zone 1",
      regionConfigs: [{ ...region, requested: {}, current: {} }],
    },
  ];
}
