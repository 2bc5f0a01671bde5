/**
 * Counts a database and its copy: from here, or, where the network lets nobody in from here, from a service of the backend
 * (ops/status/inside). It only reads; the canary is the one thing that it can write, where the operator allowed it.
 */
import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { MongoClient, ObjectId } from "mongodb";
import { UserError } from "../../../engine/errors.ts";
import { mongodbUrl } from "../../../infra/mongodb/url.ts";
import type { Account } from "../../../vendors/http.ts";
import { Render } from "../../../vendors/render.ts";
import { root } from "../../bundle.mjs";
import { insideProgram } from "../../status/inside/index.ts";
import { askInside } from "../../status/inside/job.ts";
import { Deadline } from "../../status/look/deadline.ts";
import { meaningOf, ofTheWay } from "../../status/look/errors.ts";
import { optionsFor } from "../../status/look/mongodb/options.ts";
import { connect } from "../../status/look/postgres/index.ts";
import type { ServiceId } from "../../status/render/index.ts";
import { configurationFrom, type Variables } from "../../status/variables.ts";
import type { BackedUp } from "../model.ts";
import { type Count, canaryName, canaryStatements, census, countTables, lastIdOf } from "./questions.ts";

/** How a copy is reached. The password is secret. */
export type Login = { user: string; password: string; database: string } & (
  | { host: string; port: number }
  /** Without a login. */
  | { url: string }
);

export interface Counts {
  source: Count[];
  copy: Count[];
  /** The service that counted, where it was not this process. */
  from?: string;
}

/** What a count needs of the stack: the variables of its backend, which are secret, and its services. */
export interface Place {
  variables: Variables;
  services: readonly ServiceId[];
  account: Account | undefined;
  from?: "here" | "backend" | undefined;
  ca?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Milliseconds that all counts of one database may take. */
const patience = 30 * 60_000;

/** @throws UserError when neither could be reached, or one of them refused; it holds codes, no driver's words */
export async function counted(database: BackedUp, copy: Login, point: Date, place: Place): Promise<Counts> {
  const { configured, timeout } = sourceIn(database, place);
  const here = async () => {
    // One after the other: what keeps one of them from here keeps nobody waiting for the other.
    const source = await countHere(configured, point, timeout, place);
    return { source, copy: await countHere(copy, point, timeout, place) };
  };
  return reached(place, here, async () => {
    const key = database === "mongodb" ? "MONGODB_URL" : "POSTGRES_PASSWORD";
    const { password, ...rest } = copy;
    const sealed = { ...rest, password: seal(password, place.variables[key] ?? "") };
    const asked = { copy: sealed, key, count: countTables(point), census, lastId: lastIdOf(point) };
    const { service, said } = await askedInside<{ source: Count[]; copy: Count[] }>(
      database,
      asked,
      timeout,
      place,
    );
    return { ...said, from: service };
  });
}

/** Writes the canary of a copy into the source, or takes it away. */
export async function canary(
  database: BackedUp,
  copy: string,
  does: "write" | "remove",
  place: Place,
): Promise<void> {
  const { configured, timeout } = sourceIn(database, place);
  const name = canaryName(copy);
  const statements = canaryStatements(name, does);
  const here = async () => {
    if ("host" in configured)
      return onPostgres(configured, timeout, place, async (query) => {
        for (const text of statements) await query(text);
      });
    return onMongodb(configured, timeout, place, async (client) => {
      const one = client.db(configured.database).collection(name);
      await (does === "remove" ? one.drop().catch(() => undefined) : one.insertOne({}));
    });
  };
  await reached(place, here, async () => {
    await askedInside(database, { canary: { name, does, statements } }, timeout, place);
  });
}

/** From here, unless the network is what stands between. */
async function reached<T>(place: Place, here: () => Promise<T>, inside: () => Promise<T>): Promise<T> {
  if (place.from === "backend") return inside();
  try {
    return await here();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { kind, evidence } = meaningOf(error);
    if (place.from === undefined && ofTheWay.has(kind)) return inside();
    throw new UserError(`the database and its copy could not be compared from here: ${kind} (${evidence})`);
  }
}

function sourceIn(database: BackedUp, { variables }: Place) {
  const { timeout, ...all } = configurationFrom(variables);
  const configured = all[database];
  if (configured === undefined || "mistakes" in configured)
    throw new UserError(
      `${database}: the stack puts out no variables of it, so nothing can be compared; npx kairos status says what is missing`,
    );
  return { configured: configured.settings, timeout };
}

type Source = ReturnType<typeof sourceIn>["configured"] | Login;
type At<Key> = Extract<Source, Record<Key & string, unknown>>;

async function countHere(login: Source, point: Date, timeout: number, place: Place): Promise<Count[]> {
  if ("host" in login)
    return onPostgres(login, timeout, place, async (query) => {
      await query("SET default_transaction_read_only = on");
      await query(countTables(point));
      const [answer] = (await query(census)) as { census: string }[];
      return JSON.parse(answer?.census ?? "[]") as Count[];
    });
  return onMongodb(login, timeout, place, async (client) => {
    const last = new ObjectId(lastIdOf(point));
    const timed = { _id: { $lte: last, $type: "objectId" as const } };
    const database = client.db(login.database);
    const listed = await database
      .listCollections({}, { nameOnly: true, authorizedCollections: true })
      .toArray();
    const counts: Count[] = [];
    for (const { name, type } of listed) {
      if (type === "view" || name.startsWith("system.")) continue;
      const one = database.collection(name);
      const before = await one.countDocuments({ $or: [timed, { _id: { $not: { $type: "objectId" } } }] });
      const newest = await one.findOne(timed, { projection: { _id: 1 }, sort: { _id: -1 } });
      counts.push({
        ...{ name, rows: await one.countDocuments(), before },
        ...(newest && { newest: newest._id.getTimestamp().toISOString() }),
      });
    }
    return counts;
  });
}

async function onPostgres<T>(
  login: At<"host">,
  timeout: number,
  { ca, signal }: Place,
  work: (query: (text: string) => Promise<object[]>) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(patience, signal);
  const options = { timeout, answer: patience, ...(ca !== undefined && { ca }), ...(signal && { signal }) };
  const client = await connect(login, options, {
    stage: "connecting",
    facts: { connected: false },
    deadline,
  });
  try {
    return await work(async (text) => (await deadline.within(client.query(text))).rows);
  } finally {
    client.connection.stream.destroy();
  }
}

async function onMongodb<T>(
  login: At<"url">,
  timeout: number,
  { ca, signal }: Place,
  work: (client: MongoClient) => Promise<T>,
): Promise<T> {
  const { url, database } = login;
  const parts = "password" in login && { ...login, database: "admin", options: {} };
  const settings = { url: parts ? mongodbUrl(url, parts) : url, database, maxPoolSize: 2, minPoolSize: 0 };
  const client = new MongoClient(settings.url, optionsFor(settings, timeout, ca));
  const deadline = new Deadline(patience, signal);
  try {
    await deadline.within(client.connect());
    return await deadline.within(work(client));
  } finally {
    await client.close();
  }
}

/** @throws UserError why no service could be asked, or what a database refused */
async function askedInside<T>(
  database: BackedUp,
  given: object,
  timeout: number,
  { account, services, variables, signal }: Place,
): Promise<{ service: string; said: T }> {
  if (account === undefined || services.length === 0)
    throw new UserError(
      `${database}: nobody can be reached from here, and no service was asked from inside: expected a stack with services, and a key of Render's`,
    );
  const mark = `kairos-census-${randomBytes(6).toString("hex")}`;
  const text = readFileSync(path.join(root, "ops", "backups", "census", "census.py"), "utf8");
  const program = insideProgram({ mark, milliseconds: timeout, database, ...given }, text);
  const secrets = Object.values(variables).filter(
    (value) => value !== undefined && value.length > 5,
  ) as string[];
  const refused: string[] = [];
  for (const service of services)
    try {
      const answer = await askInside(new Render(account, ""), service, program, mark, {
        ...{ secrets, limit: patience },
        ...(signal && { signal }),
      });
      const said = JSON.parse(answer) as Record<string, { code?: string }>;
      const failed = Object.entries(said).find(([, one]) => one?.code !== undefined);
      if (failed === undefined) return { service: service.name, said: said as T };
      refused.push(`${service.name}: the ${failed[0]} cannot be asked: ${failed[1].code}`);
    } catch (error) {
      refused.push((error as Error).message);
    }
  throw new UserError(`${database}: ${refused.join("; ")}`);
}

/**
 * A password in a form that may stand in a job's command, which Render keeps and shows: only whoever has the backend's own
 * variables can open it, and they could as well read the data at its source.
 */
export function seal(password: string, key: string, nonce = randomBytes(16)): string {
  const body = Buffer.from(password);
  const stream = Buffer.concat(
    Array.from({ length: Math.floor(body.length / 32) + 1 }, (_, index) =>
      createHmac("sha256", key)
        .update(Buffer.concat([nonce, Buffer.from([index])]))
        .digest(),
    ),
  );
  return Buffer.concat([nonce, body.map((byte, index) => byte ^ (stream[index] ?? 0))]).toString("hex");
}
