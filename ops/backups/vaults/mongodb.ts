/** Atlas' snapshots and points in time, restored into a cluster of their own. https://www.mongodb.com/docs/atlas/backup/cloud-backup/overview/ */
import { randomBytes } from "node:crypto";
import { UserError } from "../../../engine/errors.ts";
import { dedicatedTiers, isTenant, tiers } from "../../../infra/settings/vendors.ts";
import type { Atlas, AtlasClusterAnswer, AtlasSchedule } from "../../../vendors/atlas.ts";
import { priceOf } from "../../cost/prices.ts";
import type { Login } from "../census/index.ts";
import type { Offer, Point } from "../model.ts";
import { type Found, isMarked, markOf } from "../record.ts";
import { type CopyCost, lagOf, type Purpose, type Until, type Vault } from "../vault.ts";

/** The cluster that is backed up. */
interface Source {
  project: string;
  name: string;
  /** `M0`, `FLEX`, `M10` … */
  tier: string;
  /** The database in it. */
  database: string;
}

const hour = 3_600_000;
const intervals: Readonly<Record<string, number>> = {
  daily: 24 * hour,
  weekly: 7 * 24 * hour,
  monthly: 31 * 24 * hour,
  yearly: 366 * 24 * hour,
};

/** Milliseconds before now that no restore to a moment reaches: the oplog is on its way. A minute is what Atlas promises. */
const lag = 60_000;

export class MongodbVault implements Vault {
  readonly database = "mongodb";
  readonly vendor = "MongoDB Atlas";

  constructor(
    /** Looked up when it is asked: a key may be missing. */
    private readonly accounts: { readonly atlas: Atlas },
    private readonly source: Source,
  ) {}

  get name(): string {
    return this.source.name;
  }

  get id(): string {
    return this.source.name;
  }

  private get flex(): boolean {
    return this.source.tier === "FLEX";
  }

  async offer(now: Date): Promise<Offer> {
    const { project, name, tier } = this.source;
    if (isTenant(tier)) return { kind: "none", snapshots: [] };
    const cluster = this.flex ? undefined : await this.cluster(name);
    if (!this.flex && cluster?.backupEnabled !== true) return { kind: "none", snapshots: [] };
    const [all, schedule] = await Promise.all([
      this.accounts.atlas.snapshots(project, name, this.flex),
      this.flex ? undefined : this.accounts.atlas.schedule(project, name),
    ]);
    const snapshots = all.flatMap(({ id, at, status }) =>
      status === "completed" && at !== undefined ? [{ snapshot: id, at: new Date(at) }] : [],
    );
    const last = all.find(({ status }) => status !== "pending");
    const oldest = snapshots.at(-1)?.at;
    const isContinuous = cluster?.pitEnabled === true;
    const every = this.flex ? intervals.daily : everyOf(schedule);
    const days = schedule?.restoreWindowDays;
    const from = new Date(
      Math.max(oldest?.getTime() ?? 0, days === undefined ? 0 : now.getTime() - days * 24 * hour),
    );
    const point = { at: new Date(Math.floor((now.getTime() - lagOf(lag)) / 1000) * 1000) };
    // What a moment is restored from is a snapshot before it.
    const newest = isContinuous && oldest !== undefined && oldest <= point.at ? point : snapshots[0];
    return {
      kind: isContinuous ? "continuous" : "snapshots",
      snapshots,
      ...(every !== undefined && { every }),
      ...(newest && { newest }),
      ...(isContinuous && oldest && { from }),
      ...(!isContinuous && !this.flex && { momentsOff: true }),
      ...(last?.status === "failed" && { failed: last.at ?? "" }),
    };
  }

  async cost(purpose: Purpose): Promise<CopyCost> {
    const plan = this.flex ? "FLEX" : tierFor(await this.needed(), purpose);
    const price = priceOf("atlas", plan);
    return { plan, ...(price && { hourly: price.from / 730 }) };
  }

  async make(name: string, point: Point, purpose: Purpose, until: Until): Promise<void> {
    const { project } = this.source;
    const { flex } = this;
    const { atlas } = this.accounts;
    const there = await this.cluster(name);
    // A restore replaces all that its target holds.
    if (there !== undefined && !isMarked(there.tags, name))
      throw new UserError(
        `mongodb: there is a cluster ${name} without the mark of this command; nothing was restored into it`,
      );
    if (there === undefined)
      await atlas.createCluster(project, flex, copyOf(await this.needed(), name, flex, purpose));
    await until(`Atlas makes the cluster ${name}`, async () => {
      const { stateName, connectionStrings } = (await this.cluster(name)) ?? {};
      return stateName === "IDLE" && connectionStrings?.standardSrv ? true : undefined;
    });
    // One of an earlier cluster of this name is none of this one's.
    const since = (await this.cluster(name))?.createDate ?? "";
    const job = async () =>
      (await atlas.restoreJobs(project, this.name, flex)).find(
        ({ target, finishedAt = "9" }) => target === name && finishedAt >= since,
      );
    if ((await job()) === undefined) {
      const what =
        point.snapshot === undefined
          ? { seconds: Math.floor(point.at.getTime() / 1000) }
          : { snapshotId: point.snapshot };
      await atlas.restore(project, { name: this.name, flex }, name, what);
    }
    await until(`Atlas restores ${this.name} into ${name}`, async () => {
      const { failed, finishedAt } = (await job()) ?? {};
      if (failed)
        throw new UserError(
          `MongoDB Atlas: the restore of ${this.name} into ${name} failed; its Backup page says why`,
        );
      return finishedAt;
    });
  }

  /** With a user of its own, who sees nothing but the copy: the backend's is one of its own cluster's. */
  async open(name: string, until: Until): Promise<Login> {
    const { project, database } = this.source;
    const password = randomBytes(24).toString("hex");
    // One of an interrupted run has a password that nobody knows any more.
    const before = (await this.accounts.atlas.users(project)).find(({ username }) => username === name);
    if (isMarked(before?.labels, name)) await this.accounts.atlas.removeUser(project, name);
    await this.accounts.atlas.addUser(project, {
      ...{ username: name, databaseName: "admin", password, labels: [markOf(name)] },
      roles: [{ roleName: "read", databaseName: database }],
      scopes: [{ name, type: "CLUSTER" }],
    });
    // Of a Flex cluster Atlas has no word on this: whoever looks tries again.
    if (!this.flex)
      await until(`Atlas lets the user ${name} in`, async () =>
        (await this.accounts.atlas.changeStatus(project, name)) === "PENDING" ? undefined : true,
      );
    const { standardSrv, standard = "" } = (await this.cluster(name))?.connectionStrings ?? {};
    return { url: standardSrv ?? standard, user: name, password, database };
  }

  async find(name: string): Promise<Found[]> {
    const { project } = this.source;
    const [cluster, users] = await Promise.all([this.cluster(name), this.accounts.atlas.users(project)]);
    const user = users.find(({ username }) => username === name);
    return [
      ...(user ? [{ kind: "user" as const, id: name, name, marks: user.labels ?? [] }] : []),
      ...(cluster
        ? [
            {
              ...{ kind: "database" as const, id: name, name, marks: cluster.tags ?? [] },
              ...(cluster.createDate !== undefined && { createdAt: cluster.createDate }),
            },
          ]
        : []),
    ];
  }

  async remove({ kind, name }: Found, until: Until): Promise<void> {
    if (kind === "user") return this.accounts.atlas.removeUser(this.source.project, name);
    const there = await this.cluster(name);
    if (there?.stateName !== "DELETING")
      await this.accounts.atlas.deleteCluster(this.source.project, name, this.flex);
    await until(`Atlas deletes ${name}`, async () =>
      (await this.cluster(name)) === undefined ? true : undefined,
    );
  }

  private cluster(name: string): Promise<AtlasClusterAnswer | undefined> {
    return this.accounts.atlas.cluster(this.source.project, name, this.flex);
  }

  /** The source as it is, which a copy has to be able to hold. */
  private async needed(): Promise<AtlasClusterAnswer> {
    const source = await this.cluster(this.name);
    if (source === undefined)
      throw new UserError(
        `mongodb: there is no cluster ${this.name} any more, and nobody knows what its copy needs`,
      );
    return source;
  }
}

/** The shortest pause between two snapshots. */
function everyOf(schedule: AtlasSchedule | undefined): number | undefined {
  const items = (schedule?.policies ?? []).flatMap(({ policyItems }) => policyItems);
  const pauses = items.map(({ frequencyType, frequencyInterval }) =>
    frequencyType === "hourly"
      ? frequencyInterval * hour
      : (intervals[frequencyType] ?? Number.POSITIVE_INFINITY),
  );
  return pauses.length === 0 ? undefined : Math.min(...pauses);
}

const regionOf = ({ replicationSpecs }: AtlasClusterAnswer) => replicationSpecs?.[0]?.regionConfigs[0];

/** Of a drill the least dedicated tier whose disk is large enough. */
function tierFor(source: AtlasClusterAnswer, purpose: Purpose): string {
  const { instanceSize = "M10", diskSizeGB = 0 } = regionOf(source)?.electableSpecs ?? {};
  const least = dedicatedTiers.find((tier) => (tiers[tier].disk ?? 0) >= diskSizeGB);
  return purpose === "restored" ? instanceSize : (least ?? instanceSize);
}

function copyOf(source: AtlasClusterAnswer, name: string, flex: boolean, purpose: Purpose): object {
  const region = regionOf(source);
  const { regionName, providerName } = region ?? {};
  const common = { name, tags: [markOf(name)], terminationProtectionEnabled: purpose === "restored" };
  if (flex) {
    const { providerSettings } = source as {
      providerSettings?: { backingProviderName?: string; regionName?: string };
    };
    const { backingProviderName = "AWS", regionName: where = regionName } = providerSettings ?? {};
    return { ...common, providerSettings: { backingProviderName, regionName: where } };
  }
  const { nodeCount = 3, diskSizeGB } = region?.electableSpecs ?? {};
  const electableSpecs = {
    instanceSize: tierFor(source, purpose),
    nodeCount,
    ...(diskSizeGB && { diskSizeGB }),
  };
  const regionConfigs = [{ providerName, regionName, priority: 7, electableSpecs }];
  return {
    ...common,
    clusterType: "REPLICASET",
    replicationSpecs: [{ regionConfigs }],
    ...(source.mongoDBMajorVersion && { mongoDBMajorVersion: source.mongoDBMajorVersion }),
    // A drill's copy needs no copies of its own.
    ...(purpose === "restored" && { backupEnabled: true, pitEnabled: source.pitEnabled === true }),
  };
}
