/** MongoDB: connects as the backend does, and asks. Nothing is written. */
import { MongoClient, type TopologyDescription } from "mongodb";
import type { FailureKind } from "../../advice/texts.ts";
import type { MongodbFacts, Observation } from "../../model.ts";
import type { MongodbSettings } from "../../variables.ts";
import { settledWithin } from "../deadline.ts";
import { meaningOf } from "../errors.ts";
import { grace, KnownFailure, type LookOptions, look, type Progress } from "../look.ts";
import { accepts } from "../network.ts";
import { lookAtTls } from "../tls.ts";
import { ask } from "./ask.ts";
import { optionsFor, settingsInForce } from "./options.ts";
import { compressionOf, topologyFacts } from "./topology.ts";

/** What no waiting heals: the driver would try again until its time is over. */
const lasting: readonly FailureKind[] = [
  "login-refused",
  "certificate-expired",
  "certificate-untrusted",
  "certificate-wrong-host",
  "tls-mismatch",
  "tls-failed",
  "not-supported",
];

export const lookAtMongodb = (
  settings: MongodbSettings,
  options: LookOptions,
): Promise<Observation<MongodbFacts>> =>
  look<MongodbFacts>(hostIn(settings.url), options, async (progress) => {
    const { facts, deadline } = progress;
    const { timeout, ca } = options;
    const client = opened(settings, timeout, ca);
    facts.settings = settingsInForce(client, timeout);
    progress.tls = client.options.tls;
    const seen = watch(client);
    try {
      // The driver's own timeouts come first: its error says more than that the time is over.
      await deadline.within(Promise.race([client.connect(), seen.hopeless]), timeout + grace / 2);
      progress.stage = "asking";
      facts.compression = compressionOf(facts.settings.compressors, seen.hello);
      const asked = ask(client, settings, facts, deadline);
      await Promise.all([asked, lookAtTls(addressIn(client, seen), progress)]);
    } catch (error) {
      throw await explained(error, client, seen, progress);
    } finally {
      const topology = topologyFacts(described(seen));
      if (topology) facts.topology = topology;
      // A server that stays silent would keep the driver waiting for its goodbye.
      await settledWithin(grace / 4, client.close());
    }
  });

/** @throws KnownFailure when the driver does not take the URL; its message would quote it */
function opened(settings: MongodbSettings, timeout: number, ca: string | undefined): MongoClient {
  try {
    return new MongoClient(settings.url, optionsFor(settings, timeout, ca));
  } catch (error) {
    const { evidence } = meaningOf(error);
    throw new KnownFailure({ kind: "invalid-variables", evidence });
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
    return new KnownFailure({ ...meaning, kind: "not-allowed" });
  if (meaning.kind.startsWith("certificate-")) await lookAtTls(addressIn(client, seen), progress);
  if (meaning.kind !== "timeout") return error;
  const servers = [...(topology?.servers.values() ?? [])];
  if (servers.some(({ type }) => type !== "Unknown")) {
    progress.accepted = true;
    const lacksPrimary = servers.every(({ type }) => !writable.has(type));
    return progress.stage === "connecting" && lacksPrimary
      ? new KnownFailure({ ...meaning, kind: "no-primary" })
      : error;
  }
  const before = meaningOf(failure);
  if (failure !== undefined && before.kind !== "timeout" && before.kind !== "unexpected") return failure;
  progress.accepted = await accepts(servers[0] ?? client.options.hosts[0], grace / 2);
  return error;
}

const described = ({ topology }: DriverObservations) =>
  topology && { type: topology.type, setName: topology.setName, servers: [...topology.servers.values()] };

/** Kinds of servers that take writes. */
export const writable: ReadonlySet<string> = new Set(["RSPrimary", "Standalone", "Mongos", "LoadBalancer"]);

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
export function hostIn(url: string): string {
  return /^mongodb(?:\+srv)?:\/\/(?:[^/@]*@)?([^/?,:]+)/.exec(url)?.[1] ?? "";
}
