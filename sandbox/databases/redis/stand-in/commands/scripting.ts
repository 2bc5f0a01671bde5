/** EVAL and EVALSHA: locks and rate limits of client libraries are scripts. */
import { createHash } from "node:crypto";
import { atLeast, integer } from "../arguments.ts";
import { missing } from "../catalogue.ts";
import { Lua } from "../lua.ts";
import { Encoded, encode, Failure, ok, type Reply } from "../reply.ts";
import { RequestParser } from "../requests.ts";
import { type Call, type Commands, orRefusal, type Session } from "../session.ts";

let lua: Lua | undefined;

/** Lua in the state that it was in, or a new one after it has failed. */
function withLua<T>(work: (lua: Lua) => T): T {
  lua ??= new Lua();
  try {
    return work(lua);
  } catch (error) {
    if (!(error instanceof Failure)) lua = undefined;
    throw error;
  }
}

const sha1 = (bytes: string) => createHash("sha1").update(Buffer.from(bytes, "latin1")).digest("hex");

/** @returns its name */
function keep({ session: { server } }: Call, script: string): string {
  if (script.startsWith("#!")) throw missing("a script with a #! line");
  const name = sha1(script);
  if (!server.scripts.has(name)) {
    const wrong = withLua((it) => it.call("compile", script));
    if (wrong !== "") throw new Failure(`ERR Error compiling script (new function): ${wrong}`);
    server.scripts.set(name, script);
  }
  return name;
}

/** What a script gets for what it asks. */
function answer(session: Session, asked: string): string {
  if (asked.startsWith("SHA1 ")) return encode(sha1(asked.slice(5)), 2);
  const parser = new RequestParser();
  parser.push(Buffer.from(asked, "latin1"));
  const reply = orRefusal(() => {
    const words = session.permitted(parser.next(true) ?? []);
    if (words.noScript) throw new Failure("ERR This Redis command is not allowed from script");
    return session.perform(words);
  });
  return encode(inScript(reply), 2);
}

function inScript(reply: Reply): Reply {
  if (!(reply instanceof Failure)) return reply;
  if (reply.message.startsWith("ERR unknown command"))
    return new Failure("ERR Unknown Redis command called from script");
  if (reply.message.startsWith("ERR wrong number of arguments"))
    return new Failure("ERR Wrong number of args calling Redis command from script");
  return reply;
}

function run({ args, session }: Call, name: string): Reply {
  const script = session.server.scripts.get(name);
  if (script === undefined) throw new Failure("NOSCRIPT No matching script. Please use EVAL.");
  const count = integer(args[1] ?? "");
  if (count > args.length - 2) throw new Failure("ERR Number of keys can't be greater than number of args");
  atLeast(0, String(count), "ERR Number of keys can't be negative");
  const given = [args.slice(2, 2 + count), args.slice(2 + count)].map((list) => encode(list, 2));
  const { index } = session;
  try {
    return withLua((it) => {
      let said = it.call("start", script, encode(null, session.protocol), ...given);
      while (!/^[!?]/.test(said)) said = it.call("go", answer(session, said));
      if (said.startsWith("!")) return new Encoded(said.slice(1));
      const [, line, message] = /^\?(\d+) (.*)$/s.exec(said) ?? [];
      throw new Failure(`${message} script: ${name}, on @user_script:${line}.`);
    });
  } finally {
    session.index = index;
  }
}

export const scripting: Commands = {
  eval: (call, script) => run(call, keep(call, script)),
  evalsha: (call, name) => run(call, name.toLowerCase()),
  "script|load": keep,
  "script|exists": ({ args, session: { server } }) =>
    args.map((name) => Number(server.scripts.has(name.toLowerCase()))),
  "script|kill": () => {
    throw new Failure("NOTBUSY No scripts in execution right now.");
  },
  "script|flush": ({ args, session: { server } }) => {
    if (args.length > 1 || !/^(sync|async)$/i.test(args[0] ?? "sync"))
      throw new Failure("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
    server.scripts.clear();
    return ok;
  },
};
