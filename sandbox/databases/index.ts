/** The databases behind the stand-ins: what exists at a vendor runs here, with the logins that the vendor hands out. */
import path from "node:path";
import type { Cluster } from "../clouds/atlas/index.ts";
import type { CloudOptions, Clouds } from "../clouds/index.ts";
import type { PrivateName } from "../deploys/private-network.ts";
import { Addresses } from "./addresses.ts";
import { dropSnapshot } from "./mongodb/index.ts";
import { connectionString, type MongodbServer } from "./mongodb/types.ts";
import type { ServerTls } from "./server.ts";
import { type Running, startServer } from "./servers.ts";
import { keyOf, type Wanted, wantedBy } from "./wanted.ts";

export interface DatabasesOptions {
  /** A folder of this sandbox's own; what is stored lies below it. */
  folder: string;
  /** Whether ports are remembered there, so that a restart has the same addresses. */
  keep: boolean;
  /** Certificate for 127.0.0.1, and the file of the authority that signed it. */
  tls: ServerTls;
  /** Whether names of Render's private network lead nowhere from outside, as at Render. */
  privateNetwork?: boolean;
}

/** A database as people are told of it. */
export interface DatabaseInfo {
  vendor: Wanted["vendor"];
  kind: Wanted["kind"];
  name: string;
  /** For example `PostgreSQL 18.4`. */
  software: string;
  /** Real software, or a stand-in. */
  real: boolean;
  /** What it does not do. */
  note?: string;
  port: number;
}

/**
 * Keeps servers in step with the clouds: after each change it compares what exists there with what runs here, starts,
 * changes and stops. One comparison at a time; many changes in a row make one.
 */
export class Databases {
  private readonly options: DatabasesOptions;
  private readonly addresses: Addresses;
  private readonly running = new Map<string, Running>();
  private clouds: Clouds | undefined;
  /** What Atlas does by itself, whether somebody asks or not. */
  private readonly schedule = setInterval(() => void this.clouds?.atlas.snapshots.keepUp(), 60_000).unref();
  private queue: Promise<void> = Promise.resolve();
  private waiting = false;
  private closed = false;

  private constructor(options: DatabasesOptions, addresses: Addresses) {
    this.options = options;
    this.addresses = addresses;
  }

  static async open(options: DatabasesOptions): Promise<Databases> {
    const file = options.keep ? path.join(options.folder, "ports.json") : undefined;
    return new Databases(options, await Addresses.open(file));
  }

  /** What the clouds have to be started with so that their addresses lead here. */
  hooks(): Pick<CloudOptions, "atlas" | "render" | "upstash" | "redisCloud" | "settled"> {
    const changed = () => this.changed();
    const at = (key: string) => ({ host: "127.0.0.1", port: this.addresses.of(key) });
    const here = this.options.privateNetwork !== true;
    return {
      settled: () => this.settled(),
      atlas: {
        changed,
        connectionString: (cluster) => {
          const { port } = at(keyOf.cluster(cluster));
          const url = connectionString(port, { ...this.options, replicaSet });
          // One host, and nobody to look up a name: where Atlas has a record of services, this is the address itself.
          return { standard: url, standardSrv: url };
        },
        copies: {
          take: async (cluster, snapshot) => (await this.copiesOf(cluster)).take(snapshot),
          drop: (cluster, snapshot) => dropSnapshot(this.folderOf(keyOf.cluster(cluster)), snapshot),
          restore: async (source, point, target) =>
            (await this.copiesOf(target)).replace(this.folderOf(keyOf.cluster(source)), point),
          since: (cluster) => this.mongodb(cluster)?.copies?.since(),
        },
      },
      render: {
        changed,
        endpoints: {
          postgres: (one) => (here ? at(keyOf.postgres(one)) : { host: one.id }),
          keyValue: (one) => (here ? at(keyOf.keyValue(one)) : { host: one.id, port: 6379 }),
        },
        sessions: async (one, user) =>
          (await this.running.get(keyOf.postgres(one))?.server.sessions?.(user)) ?? 0,
        recoverableSince: (one) => this.running.get(keyOf.postgres(one))?.server.recoverableSince?.(),
      },
      upstash: { changed, endpoint: (one) => at(keyOf.upstash(one)) },
      redisCloud: { changed, endpoint: (one) => at(keyOf.redisCloud(one)) },
    };
  }

  /** Follows these clouds from now on; what they hold already is started. */
  async follow(clouds: Clouds): Promise<void> {
    this.clouds = clouds;
    this.changed();
    await this.settled();
  }

  private mongodb(cluster: Pick<Cluster, "groupId" | "name">): MongodbServer | undefined {
    return this.running.get(keyOf.cluster(cluster))?.server as MongodbServer | undefined;
  }

  /** @throws for a mongod, whose files nothing here copies */
  private async copiesOf(cluster: Pick<Cluster, "groupId" | "name">) {
    await this.settled();
    const { copies, software } = this.mongodb(cluster) ?? {};
    if (copies === undefined) throw new Error(`${software ?? cluster.name}: nothing here copies it`);
    return copies;
  }

  private folderOf = (key: string) => path.join(this.options.folder, "databases", key);

  /** Resolves when everything that exists runs. @throws what kept a server from starting */
  settled(): Promise<void> {
    return this.queue;
  }

  /** What Render's private network has, where only its services resolve it. */
  privateNames(): PrivateName[] {
    const { state } = this.clouds?.render ?? { state: undefined };
    if (this.options.privateNetwork !== true || state === undefined) return [];
    const all = [...Object.values(state.postgres), ...Object.values(state.keyValues)];
    return all.map(({ id, region }) => ({ name: id, region, port: this.addresses.of(id) }));
  }

  /** In the order of their kinds. */
  list(): DatabaseInfo[] {
    const all = [...this.running.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
    return all.map(({ wanted, server }) => ({
      vendor: wanted.vendor,
      kind: wanted.kind,
      name: wanted.name,
      software: server.software,
      real: server.real,
      ...(server.note !== undefined && { note: server.note }),
      port: server.port,
    }));
  }

  /** Stops all servers. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.schedule);
    await this.queue.catch(() => undefined);
    await Promise.all([...this.running.values()].map(({ server }) => server.close()));
    await this.addresses.close();
  }

  private changed(): void {
    if (this.waiting || this.closed) return;
    this.waiting = true;
    // A failure stops nothing that comes later: the next change tries again.
    this.queue = this.queue.catch(() => undefined).then(() => this.compare());
    this.queue.catch(() => undefined);
  }

  private async compare(): Promise<void> {
    this.waiting = false;
    if (this.clouds === undefined || this.closed) return;
    const wanted = [...wantedBy(this.clouds)];
    const gone = [...this.running].filter(([key]) => !wanted.some((one) => one.key === key));
    const done = await Promise.allSettled([
      ...gone.map(([key, running]) => this.stop(key, running)),
      ...wanted.filter((one) => !isMadeFromAnother(one)).map((one) => this.bring(one)),
    ]);
    // After what they are made from, which has to run.
    for (const one of wanted.filter(isMadeFromAnother))
      done.push(...(await Promise.allSettled([this.bring(one)])));
    const failed = done.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    // What has just come up is due for its first snapshot. Not waited for: it waits for this.
    void this.clouds.atlas.snapshots.keepUp();
  }

  private async bring(wanted: Wanted): Promise<void> {
    const running = this.running.get(wanted.key);
    if (running === undefined) return this.start(wanted);
    if (await running.change(wanted)) {
      running.wanted = wanted;
      return;
    }
    await running.server.close();
    this.running.delete(wanted.key);
    await this.start(wanted);
  }

  private async start(wanted: Wanted): Promise<void> {
    const { key } = wanted;
    const port = await this.addresses.release(key);
    if ("from" in wanted && wanted.from) await this.running.get(wanted.from.key)?.server.goOn?.();
    const place = {
      folder: this.folderOf(key),
      port,
      tls: this.options.tls,
      replicaSet,
      folderOf: this.folderOf,
    };
    const running = await startServer(wanted, place);
    this.running.set(key, running);
  }

  private async stop(key: string, { server }: Running): Promise<void> {
    await server.close();
    this.running.delete(key);
    this.addresses.forget(key);
  }
}

const isMadeFromAnother = (wanted: Wanted) => "from" in wanted && wanted.from !== undefined;

const order = ({ wanted }: Running) => `${wanted.kind} ${wanted.key}`;

/** Atlas' sets are named `atlas-<random>-shard-0`. */
const replicaSet = "atlas-sandbox-shard-0";
