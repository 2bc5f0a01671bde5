/** Sessions, and the transactions that there are not. */
import { Binary, type Document, UUID } from "bson";
import type { Commands } from "../call.ts";
import { CommandError } from "../errors.ts";
import { sessionMinutes } from "../sessions.ts";
import { toNumber } from "../values.ts";

const ids = (list: unknown): unknown[] => {
  if (!Array.isArray(list)) throw new CommandError(14, "expected an array of sessions");
  return list;
};

const noTransaction = (body: Document) => {
  const number = toNumber(body.txnNumber);
  throw new CommandError(
    251,
    `Given transaction number ${number ?? "(none)"} does not match any in-progress transactions.`,
  );
};

export const sessionCommands: Commands = {
  startSession: {
    fields: [],
    needs: () => [],
    run: () => ({
      id: { id: new Binary(new UUID().buffer, Binary.SUBTYPE_UUID) },
      timeoutMinutes: sessionMinutes,
    }),
  },
  endSessions: {
    open: true,
    fields: [],
    run: ({ server, client, body }) => {
      if (client.account !== undefined) server.sessions.end(client.account.username, ids(body.endSessions));
      return {};
    },
  },
  refreshSessions: {
    fields: [],
    needs: () => [],
    run: ({ server, account, body }) => {
      server.sessions.refresh(account.username, ids(body.refreshSessions));
      return {};
    },
  },
  commitTransaction: { fields: "any", needs: () => [], run: ({ body }) => noTransaction(body) },
  abortTransaction: { fields: "any", needs: () => [], run: ({ body }) => noTransaction(body) },
};
