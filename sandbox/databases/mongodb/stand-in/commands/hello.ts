/** How drivers find out what they talk to. */
import { Binary, type Document } from "bson";
import type { Call, Commands, ServerState } from "../call.ts";
import { maxDocumentBytes } from "../collection.ts";
import { CommandError } from "../errors.ts";
import { mechanismNames } from "../scram.ts";
import { sessionMinutes } from "../sessions.ts";
import { isDocument } from "../values.ts";
import { maxMessageBytes } from "../wire.ts";
import { saslStart } from "./login.ts";

/** The version of MongoDB whose behaviour is followed. */
export const version = "8.0.0";
/** The wire protocol of that version. */
const maxWireVersion = 25;
/** What everybody can see who asks for details. */
export const modules = ["kairos-sandbox stand-in"];

export function hello({ server, client, body }: Call): Document {
  const { compression, saslSupportedMechs, speculativeAuthenticate } = body;
  const compressors = Array.isArray(compression) ? compression.filter((name) => name === "zlib") : [];
  return {
    ...member(server),
    connectionId: client.id,
    ...(compressors.length > 0 && { compression: compressors }),
    // The same for a user that is not there: who exists is nobody's business.
    ...(saslSupportedMechs !== undefined && { saslSupportedMechs: mechanismNames }),
    ...(isDocument(speculativeAuthenticate) && speculate({ server, client, body: speculativeAuthenticate })),
  };
}

/** Without a `topologyVersion`, by which drivers wait for news: in a set of one there are none. */
function member({ address, replicaSet }: ServerState): Document {
  return {
    helloOk: true,
    isWritablePrimary: true,
    secondary: false,
    hosts: [address],
    setName: replicaSet,
    setVersion: 1,
    primary: address,
    me: address,
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: maxMessageBytes,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: sessionMinutes,
    minWireVersion: 0,
    maxWireVersion,
    readOnly: false,
    modules,
  };
}

/** A login that begins with the first message. That it fails is told when the driver tries again. */
function speculate({ server, client, body }: Omit<Call, "db">): Document {
  try {
    if (!(body.payload instanceof Binary)) return {};
    return { speculativeAuthenticate: saslStart({ server, client, body, db: String(body.db) }) };
  } catch (error) {
    if (error instanceof CommandError) return {};
    throw error;
  }
}

const legacy = (call: Call): Document => {
  const { isWritablePrimary, ...rest } = hello(call);
  return { ...rest, ismaster: isWritablePrimary };
};

export const helloCommands: Commands = {
  hello: { open: true, fields: "any", run: hello },
  isMaster: { open: true, fields: "any", run: legacy },
  ismaster: { open: true, fields: "any", run: legacy },
};
