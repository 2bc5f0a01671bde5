/** From a message to a command's answer: who, whether, and what. */
import { type Document, Double } from "bson";
import { notAuthorized } from "./authorization.ts";
import type { Call, ClientState, Command, Commands, ServerState } from "./call.ts";
import { catalogCommands } from "./commands/catalog.ts";
import { helloCommands } from "./commands/hello.ts";
import { loginCommands } from "./commands/login.ts";
import { readCommands } from "./commands/reads.ts";
import { serverCommands } from "./commands/server.ts";
import { writeCommands } from "./commands/writes.ts";
import { CommandError, codeName, notImplemented, unknown } from "./errors.ts";
import { checkDatabaseName } from "./names.ts";
import { sessionCommands } from "./sessions.ts";
import { isDocument, numeric, toNumber, typeOf } from "./values.ts";
import type { Request } from "./wire.ts";

const commands: Commands = {
  ...helloCommands,
  ...loginCommands,
  ...serverCommands,
  ...sessionCommands,
  ...catalogCommands,
  ...readCommands,
  ...writeCommands,
};

/** What any command may carry. What of it would change an outcome is looked at in `refuseUnsupported`. */
const generic =
  "$db $clusterTime $readPreference $client lsid txnNumber apiVersion apiStrict apiDeprecationErrors comment maxTimeMS maxTimeMSOpOnly readConcern writeConcern autocommit startTransaction stmtId stmtIds collation let".split(
    " ",
  );

/** The commands of version 1 of the stable API that there are here. */
const stable =
  "abortTransaction aggregate bulkWrite commitTransaction count create createIndexes delete drop dropDatabase dropIndexes endSessions explain find findAndModify getMore hello insert killCursors listCollections listDatabases listIndexes ping saslContinue saslStart update".split(
    " ",
  );

/** The answer to any message, refusals included. What is thrown from here is a fault of ours. */
export function answer(server: ServerState, client: ClientState, request: Request): Document {
  try {
    return { ...run(server, client, request), ok: new Double(1) };
  } catch (error) {
    if (error instanceof CommandError) return error.reply();
    throw error;
  }
}

function run(
  server: ServerState,
  client: ClientState,
  { body: shown, sequences, legacy }: Request,
): Document {
  const [name = ""] = Object.keys(shown);
  const db: unknown = shown.$db;
  checkDatabaseName(db);
  if (legacy && !Object.hasOwn(helloCommands, name))
    throw new CommandError(
      352,
      `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
    );
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw unknown(59, `the command '${name}'`);
  checkApi(name, shown);
  // A user that was removed is logged out everywhere.
  if (client.account?.gone === true) client.account = undefined;
  const call: Call = { server, client, db, body: { ...shown, ...sequences } };
  if (command.open === true) {
    checkFields(name, command, call);
    return command.run(call);
  }
  const { account } = client;
  if (account === undefined) throw new CommandError(13, `Command ${name} requires authentication`);
  const own = { ...call, account };
  checkFields(name, command, call);
  if (!command.needs(own).every((need) => account.privileges.allows(need))) throw notAuthorized(db, shown);
  refuseUnsupported(name, call.body);
  if (command.write !== true) return command.run(own);
  server.storage.checkWritable();
  const write = () => withConcern(command.run(own), call.body.writeConcern);
  const { lsid, txnNumber } = call.body;
  if (txnNumber === undefined) return write();
  if (!isDocument(lsid) || typeOf(txnNumber) !== "number")
    throw new CommandError(72, "Transaction number requires a session ID to also be specified");
  return server.sessions.once(account.username, lsid, BigInt(numeric(txnNumber)), write);
}

function checkFields(name: string, { fields, adminOnly }: Command, { db, body }: Call): void {
  if (adminOnly && db !== "admin")
    throw new CommandError(13, `${name} may only be run against the admin database.`);
  if (fields === "any") return;
  const other = Object.keys(body).find(
    (field) => field !== name && !generic.includes(field) && !fields.includes(field),
  );
  if (other !== undefined) throw unknown(40415, `the field '${other}' of ${name}`);
}

function checkApi(name: string, { apiVersion, apiStrict, apiDeprecationErrors }: Document): void {
  if (apiVersion === undefined && (apiStrict !== undefined || apiDeprecationErrors !== undefined))
    throw new CommandError(322, "Provided apiStrict or apiDeprecationErrors without passing apiVersion");
  if (apiVersion !== undefined && apiVersion !== "1") throw new CommandError(322, 'API version must be "1"');
  if (apiStrict === true && !stable.includes(name))
    throw new CommandError(323, `Provided apiStrict:true, but the command ${name} is not in API Version 1`);
}

/** What would change the outcome, and is not done here. */
function refuseUnsupported(name: string, body: Document): void {
  const { autocommit, startTransaction, collation } = body;
  if ((autocommit !== undefined || startTransaction !== undefined) && !name.endsWith("Transaction"))
    throw new CommandError(
      263,
      `this stand-in for MongoDB has no transactions: '${name}' cannot run in one; a real mongod has them`,
    );
  if (isDocument(collation) && collation.locale !== "simple") throw notImplemented("collations");
  if (isDocument(body.let) && Object.keys(body.let).length > 0) throw notImplemented("let");
  if (isDocument(body.readConcern) && body.readConcern.level === "snapshot")
    throw notImplemented("read concern snapshot");
}

/** The set has one member: nothing can be written to more. */
function withConcern(reply: Document, concern: unknown): Document {
  const w: unknown = isDocument(concern) ? concern.w : undefined;
  if ((toNumber(w) ?? 1) <= 1 && (typeof w !== "string" || w === "majority")) return reply;
  const code = typeof w === "string" ? 79 : 100;
  const errmsg =
    typeof w === "string" ? `No write concern mode named '${w}' found` : "Not enough data-bearing nodes";
  return { ...reply, writeConcernError: { code, codeName: codeName(code), errmsg } };
}
