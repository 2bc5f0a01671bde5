import { Failure, noList, ok } from "../reply.ts";
import { type Call, type Commands, Transaction } from "../session.ts";

/** The transaction that a session is in. */
function started({ session, name }: Call) {
  const { queued, broken, stale } = session.transaction;
  if (queued === undefined) throw new Failure(`ERR ${name.toUpperCase()} without MULTI`);
  session.transaction = new Transaction();
  return { queued, broken, stale };
}

export const transactions: Commands = {
  multi: ({ session: { transaction } }) => {
    if (transaction.queued !== undefined) throw new Failure("ERR MULTI calls can not be nested");
    transaction.queued = [];
    transaction.broken = false;
    return ok;
  },
  exec: (call) => {
    const { queued, broken, stale } = started(call);
    if (broken) throw new Failure("EXECABORT Transaction discarded because of previous errors.");
    if (stale) return noList;
    return queued.map((words) => call.session.perform(words));
  },
  discard: (call) => {
    started(call);
    return ok;
  },
  watch: ({ session: { transaction }, db, args }) => {
    if (transaction.queued !== undefined) throw new Failure("ERR WATCH inside MULTI is not allowed");
    transaction.watch(db, args);
    return ok;
  },
  unwatch: ({ session: { transaction } }) => {
    transaction.unwatch();
    return ok;
  },
};
