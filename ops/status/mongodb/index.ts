/** MongoDB: connects as the backend does, and asks. Nothing is written. */
import { MongoClient, type TopologyDescription } from "mongodb";
import { databaseCheck, Failure, grace, type Progress } from "../check.ts";
import { settledWithin } from "../deadline.ts";
import { meaningOf } from "../errors.ts";
import type { CauseCode, MongodbFacts, ProblemKind } from "../model.ts";
import { accepts } from "../network.ts";
import { lookAtTls } from "../tls.ts";
import type { MongodbSettings } from "../variables.ts";
import { ask } from "./ask.ts";
import { optionsFor, settingsInForce } from "./options.ts";
import { remarksOnMongodb } from "./remarks.ts";
import { compressionOf, topologyFacts } from "./topology.ts";

/** What no waiting heals: the driver would try again until its time is over. */
const lasting: readonly ProblemKind[] = [
  "login-refused",
  "certificate-expired",
  "certificate-untrusted",
  "certificate-wrong-host",
  "tls-mismatch",
  "tls-failed",
  "not-supported",
];

export const checkMongodb = databaseCheck<MongodbSettings, MongodbFacts>({
  place: ({ url }) => ({ database: "mongodb", host: hostIn(url), tls: false }),
  insistsOnTls: true,
  // Atlas is on the internet.
  isPrivate: () => false,
  variablesOf: (kind) => {
    if (kind === "not-allowed" || kind === "no-such-database") return ["MONGODB_URL", "MONGODB_DB_NAME"];
    return kind === "timeout" ? ["MONGODB_URL", "MONGODB_TIMEOUT_MS"] : ["MONGODB_URL"];
  },
  unusable: ({ rights, database }) => {
    if (rights?.canWrite !== false) return undefined;
    const likely: CauseCode[] = rights.canRead ? [] : ["role-of-other-database"];
    const nearby = database !== undefined && database.nearMisses.length > 0;
    return new Failure(
      { kind: "not-allowed", evidence: "no privilege to write" },
      nearby ? ["database-name"] : likely,
    );
  },
  async inspect(settings, { timeout, ca }, progress) {
    const { facts, deadline } = progress;
    const client = opened(settings, timeout, ca);
    facts.settings = settingsInForce(client, timeout);
    progress.place.tls = client.options.tls;
    const seen = watch(client);
    try {
      // The driver's own timeouts come first: its error says more than that the time is over.
      await deadline.within(Promise.race([client.connect(), seen.hopeless]), timeout + grace / 2);
      progress.stage = "asking";
      facts.topology = topologyFacts(seen.topology);
      facts.compression = compressionOf(facts.settings.compressors, seen.hello);
      const asked = ask(client, settings, facts, deadline);
      await Promise.all([asked, lookAtTls(addressIn(client, seen), progress)]);
      return remarksOnMongodb(facts);
    } catch (error) {
      facts.topology ??= topologyFacts(seen.topology);
      throw await explained(error, client, seen, progress);
    } finally {
      // A server that stays silent would keep the driver waiting for its goodbye.
      await settledWithin(grace / 4, client.close());
    }
  },
});

/** @throws Failure when the driver does not take the URL; its message would quote it */
function opened(settings: MongodbSettings, timeout: number, ca: string | undefined): MongoClient {
  try {
    return new MongoClient(settings.url, optionsFor(settings, timeout, ca));
  } catch (error) {
    const { evidence } = meaningOf(error);
    throw new Failure({ kind: "invalid-variables", evidence });
  }
}

/** What the driver tells while it works. */
interface DriverObservations {
  topology: TopologyDescription | undefined;
  /** What the servers have answered to `hello`, the newest on top. */
  hello: Record<string, unknown>;
  /** Why the last look at a server failed. */
  failure: unknown;
  /** Rejects with an error that trying again does not heal. */
  hopeless: Promise<never>;
}

function watch(client: MongoClient): DriverObservations {
  const seen: DriverObservations = {
    topology: undefined,
    hello: {},
    failure: undefined,
    hopeless: new Promise(() => {}),
  };
  seen.hopeless = new Promise((_, reject) => {
    client.on("serverHeartbeatFailed", ({ failure }) => {
      seen.failure = failure;
      if (lasting.includes(meaningOf(failure).kind)) reject(failure);
    });
  });
  seen.hopeless.catch(() => undefined);
  client.on("topologyDescriptionChanged", ({ newDescription }) => {
    // Closing empties it.
    if (newDescription.servers.size > 0) seen.topology = newDescription;
  });
  client.on("serverHeartbeatSucceeded", ({ reply }) => {
    // Only the first answer on a connection names the compressors.
    Object.assign(seen.hello, reply);
  });
  return seen;
}

/** Finds out what the driver's error leaves open: whether somebody is there at all. */
async function explained(
  error: unknown,
  client: MongoClient,
  seen: DriverObservations,
  progress: Progress<MongodbFacts>,
): Promise<unknown> {
  const { topology, failure } = seen;
  const meaning = meaningOf(error);
  // Atlas has one code for a refused login and for everything that a user may not do.
  if (meaning.kind === "login-refused" && progress.stage === "asking")
    return new Failure({ ...meaning, kind: "not-allowed" });
  if (meaning.kind.startsWith("certificate-")) await lookAtTls(addressIn(client, seen), progress);
  if (meaning.kind !== "timeout") return error;
  const servers = [...(topology?.servers.values() ?? [])];
  if (servers.some(({ type }) => type !== "Unknown")) {
    progress.place.accepted = true;
    const lacksPrimary = servers.every(({ type }) => !writable.has(type));
    return progress.stage === "connecting" && lacksPrimary
      ? new Failure({ ...meaning, kind: "no-primary" })
      : error;
  }
  const before = meaningOf(failure);
  if (failure !== undefined && before.kind !== "timeout" && before.kind !== "unexpected") return failure;
  progress.place.accepted = await accepts(servers[0] ?? client.options.hosts[0], grace / 2);
  return error;
}

const writable = new Set<string>(["RSPrimary", "Standalone", "Mongos", "LoadBalancer"]);

/** Of the primary where that is known; with the authority that the driver trusts. */
function addressIn({ options: { ca, hosts } }: MongoClient, { topology }: DriverObservations) {
  const servers = [...(topology?.servers.values() ?? [])];
  const primary = servers.find(({ type }) => writable.has(type)) ?? servers[0];
  const { host, port } = primary ?? hosts[0] ?? {};
  return host === undefined || port === undefined
    ? undefined
    : { host, port, ...(ca !== undefined && { ca }) };
}

/** The first host of a URL, without its port; empty when there is none. */
function hostIn(url: string): string {
  return /^mongodb(?:\+srv)?:\/\/(?:[^/@]*@)?([^/?,:]+)/.exec(url)?.[1] ?? "";
}
