/** Logging in and out, and who one is. */
import { Binary, type Document } from "bson";
import type { Call, Commands, UserCall } from "../call.ts";
import { CommandError, unknown } from "../errors.ts";
import { authenticationFailed, mechanismNames, ScramConversation } from "../scram.ts";
import type { Account } from "../users.ts";
import { isDocument, toNumber, truthy } from "../values.ts";

/** Atlas' users are on this database, whatever they are allowed on others. */
const authDatabase = "admin";
const conversationId = 1;

export function saslStart({ server, client, db, body }: Call): Document {
  client.conversation = undefined;
  const mechanism = mechanismNames.find((name) => name === body.mechanism);
  if (mechanism === undefined) throw unknown(334, `the mechanism ${String(body.mechanism)} of a login`);
  const scram = new ScramConversation(mechanism, payload(body));
  const account = server.users.find(scram.username);
  if (account?.credentials === undefined || db !== authDatabase) throw authenticationFailed();
  if (client.account !== undefined && !client.account.gone && client.account !== account)
    throw new CommandError(17, "Another user is already authenticated on this connection");
  const options: unknown = body.options;
  const skipEmpty = isDocument(options) && truthy(options.skipEmptyExchange);
  client.conversation = { scram, account, skipEmpty, verified: false };
  return answer(false, scram.start(account.credentials));
}

function saslContinue({ client, body }: Call): Document {
  const { conversation } = client;
  if (conversation === undefined || toNumber(body.conversationId) !== conversationId)
    throw new CommandError(17, "No SASL session state found");
  try {
    const reply = conversation.verified ? "" : conversation.scram.finish(payload(body));
    const done = conversation.verified || conversation.skipEmpty;
    conversation.verified = true;
    if (done) {
      // Removed between the two messages.
      if (conversation.account.gone) throw authenticationFailed();
      client.account = conversation.account;
      client.conversation = undefined;
    }
    return answer(done, reply);
  } catch (error) {
    client.conversation = undefined;
    throw error;
  }
}

const answer = (done: boolean, text: string) => ({
  conversationId,
  done,
  payload: new Binary(Buffer.from(text)),
});

function payload(body: Document): string {
  const given: unknown = body.payload;
  if (!(given instanceof Binary)) throw authenticationFailed();
  return Buffer.from(given.value()).toString("utf8");
}

function connectionStatus({ client, body }: Call): Document {
  const account = client.account;
  const roles = (account?.roles ?? []).map(({ roleName, databaseName }) => ({
    role: roleName,
    db: databaseName,
  }));
  return {
    authInfo: {
      authenticatedUsers: account === undefined ? [] : [{ user: account.username, db: authDatabase }],
      authenticatedUserRoles: roles,
      ...(truthy(body.showPrivileges) && {
        authenticatedUserPrivileges: account?.privileges.documents() ?? [],
      }),
    },
  };
}

/** Atlas lets nobody list or change users through the database; one's own are shown. */
function usersInfo({ account, db, body }: UserCall): Document {
  if (!asksForSelf(body.usersInfo, db, account))
    throw new CommandError(13, `not authorized on ${db} to execute command { usersInfo: … }`);
  const roles = account.roles.map(({ roleName, databaseName }) => ({ role: roleName, db: databaseName }));
  const user = { _id: `${authDatabase}.${account.username}`, user: account.username, db: authDatabase };
  return {
    users: [
      {
        ...user,
        roles,
        mechanisms: mechanismNames,
        ...(truthy(body.showPrivileges) && { inheritedPrivileges: account.privileges.documents() }),
      },
    ],
  };
}

function asksForSelf(asked: unknown, db: string, { username }: Account): boolean {
  if (typeof asked === "string") return asked === username && db === authDatabase;
  return isDocument(asked) && asked.user === username && asked.db === authDatabase;
}

export const loginCommands: Commands = {
  saslStart: { open: true, fields: ["mechanism", "payload", "autoAuthorize", "options"], run: saslStart },
  saslContinue: { open: true, fields: ["conversationId", "payload"], run: saslContinue },
  logout: {
    open: true,
    fields: [],
    run: ({ client }) => {
      client.account = undefined;
      return {};
    },
  },
  connectionStatus: { open: true, fields: ["showPrivileges"], run: connectionStatus },
  usersInfo: {
    fields: ["showPrivileges", "showCredentials", "showAuthenticationRestrictions", "filter"],
    needs: () => [],
    run: usersInfo,
  },
};
