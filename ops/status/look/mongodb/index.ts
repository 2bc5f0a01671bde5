/** MongoDB: connects as the backend does, and asks. Nothing is written. */
import { MongoClient, type TopologyDescription } from "mongodb";
import type { FailureKind } from "../../advice/texts.ts";
import type { MongodbFacts, Observation } from "../../model.ts";
import type { MongodbSettings } from "../../variables.ts";
import { settledWithin } from "../deadline.ts";
import { meaningOf } from "../errors.ts";
import { grace, KnownFailure, type LookOptions, look, type Progress } from "../look.ts";
import { accepts, lookAtTls } from "../network.ts";
import { ask } from "./ask.ts";
import { factsFrom, lackPrimary, type MongodbAnswers, writable } from "./facts.ts";
import { optionsFor, settingsInForce } from "./options.ts";

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
    const answers: MongodbAnswers = {};
    const learn = (more: MongodbAnswers) =>
      Object.assign(facts, factsFrom(Object.assign(answers, more), settings.database));
    learn({ settings: settingsInForce(client, timeout) });
    progress.tls = client.options.tls;
    const seen = watch(client);
    try {
      // The driver's own timeouts come first: its error says more than that the time is over.
      await deadline.within(Promise.race([client.connect(), seen.hopeless]), timeout + grace / 2);
      progress.stage = "asking";
      learn({ hello: seen.hello });
      await Promise.all([
        ask(client, settings, progress, learn),
        lookAtTls(addressIn(client, seen), progress),
      ]);
    } catch (error) {
      throw await explained(error, client, seen, progress);
    } finally {
      const { type = "Unknown", setName: set = null } = seen.topology ?? {};
      learn({ topology: { type, set, servers: serversOf(seen) } });
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

type DriverObservations = ReturnType<typeof watch>;

/** What the driver tells while it works. */
function watch(client: MongoClient) {
  let giveUp = (_: unknown): void => undefined;
  const hopeless = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  hopeless.catch(() => undefined);
  const seen = {
    topology: undefined as TopologyDescription | undefined,
    /** What the servers have answered to `hello`, the newest on top. */
    hello: {} as Record<string, unknown>,
    /** Why the last look at a server failed. */
    failure: undefined as unknown,
    /** Rejects with an error that trying again does not heal. */
    hopeless,
  };
  client.on("serverHeartbeatFailed", ({ failure }) => {
    seen.failure = failure;
    if (lasting.includes(meaningOf(failure).kind)) giveUp(failure);
  });
  client.on("topologyDescriptionChanged", ({ newDescription }) => {
    // Closing empties it.
    if (newDescription.servers.size > 0) seen.topology = newDescription;
  });
  // Only the first answer on a connection names the compressors.
  client.on("serverHeartbeatSucceeded", ({ reply }) => Object.assign(seen.hello, reply));
  return seen;
}

/** Finds out what the driver's error leaves open: whether somebody is there at all. */
async function explained(
  error: unknown,
  client: MongoClient,
  seen: DriverObservations,
  progress: Progress<MongodbFacts>,
): Promise<unknown> {
  const { failure } = seen;
  const meaning = meaningOf(error);
  // Atlas has one code for a refused login and for everything that a user may not do.
  if (meaning.kind === "login-refused" && progress.stage === "asking")
    return new KnownFailure({ ...meaning, kind: "not-allowed" });
  if (meaning.kind.startsWith("certificate-")) await lookAtTls(addressIn(client, seen), progress);
  if (meaning.kind !== "timeout") return error;
  const servers = serversOf(seen);
  if (servers.some(({ type }) => type !== "Unknown")) {
    progress.accepted = true;
    return progress.stage === "connecting" && lackPrimary(servers)
      ? new KnownFailure({ ...meaning, kind: "no-primary" })
      : error;
  }
  const before = meaningOf(failure);
  if (failure !== undefined && before.kind !== "timeout" && before.kind !== "unexpected") return failure;
  progress.accepted = await accepts(servers[0] ?? client.options.hosts[0], grace / 2);
  return error;
}

const serversOf = ({ topology }: DriverObservations) => [...(topology?.servers.values() ?? [])];

/** Of the primary where that is known; with the authority that the driver trusts. */
function addressIn({ options: { ca, hosts } }: MongoClient, seen: DriverObservations) {
  const servers = serversOf(seen);
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
