/** Logging in, and what a client tells of itself. */
import { wrongArity } from "../arguments.ts";
import { Failure, ok, Pairs, type Reply, Simple, Text } from "../reply.ts";
import type { Call, Commands, Session } from "../session.ts";
import { database } from "./keys.ts";

function auth({ args, session }: Call, first: string, second?: string): Reply {
  if (args.length > 2) throw new Failure("ERR syntax error");
  const [user, password] = second === undefined ? ["default", first] : [first, second];
  if (args.length === 1 && !session.server.hasPassword)
    throw new Failure(
      "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
    );
  session.logIn(user, password);
  return ok;
}

function hello({ args, session }: Call): Reply {
  const protocol = args[0] === undefined ? session.protocol : Number(args[0]);
  if (args[0] !== undefined && !/^-?\d+$/.test(args[0]))
    throw new Failure("ERR Protocol version is not an integer or out of range");
  if (protocol !== 2 && protocol !== 3) throw new Failure("NOPROTO unsupported protocol version");
  let name: string | undefined;
  for (let i = 1; i < args.length; i++) {
    const option = args[i]?.toUpperCase();
    const [first, second] = args.slice(i + 1);
    if (option === "AUTH" && first !== undefined && second !== undefined) {
      session.logIn(first, second);
      i += 2;
    } else if (option === "SETNAME" && first !== undefined) {
      name = checkedName(first);
      i += 1;
    } else throw new Failure(`ERR Syntax error in HELLO option '${args[i]}'`);
  }
  if (!session.known)
    throw new Failure(
      "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time",
    );
  if (name !== undefined) session.name = name;
  session.protocol = protocol;
  return new Pairs([
    ["server", "redis"],
    ["version", session.server.version],
    ["proto", protocol],
    ["id", session.id],
    ["mode", "standalone"],
    ["role", "master"],
    ["modules", []],
  ]);
}

const describe = ({ id, address, name, index, protocol, since, library, lastCommand }: Session) =>
  `id=${id} addr=${address} name=${name} age=${Math.floor((Date.now() - since) / 1000)} db=${index} ` +
  `cmd=${lastCommand} user=default lib-name=${library.name} lib-ver=${library.version} resp=${protocol}`;

function checkedName(name: string): string {
  if (/[^!-~]/.test(name))
    throw new Failure("ERR Client names cannot contain spaces, newlines or special characters.");
  return name;
}

const client: Commands = {
  "client|id": ({ session }) => session.id,
  "client|getname": ({ session }) => (session.name === "" ? null : session.name),
  "client|setname": ({ session }, name) => {
    session.name = checkedName(name);
    return ok;
  },
  "client|setinfo": ({ session }, attribute, value) => {
    if (!/^lib-(name|ver)$/i.test(attribute)) throw new Failure(`ERR Unrecognized option '${attribute}'`);
    session.library[attribute.toLowerCase() === "lib-name" ? "name" : "version"] = value;
    return ok;
  },
  "client|info": ({ session }) => new Text(`${describe(session)}\n`),
  "client|list": ({ session }) =>
    new Text([...session.server.sessions].map((one) => `${describe(one)}\n`).join("")),
  "client|no-touch": () => ok,
};

export const connection: Commands = {
  auth,
  hello,
  ...client,
  ping: ({ args }) => {
    if (args.length > 1) throw wrongArity("ping");
    return args[0] ?? new Simple("PONG");
  },
  echo: (_, text) => text,
  select: (call, number) => {
    const db = database(call, number);
    call.session.index = call.session.server.databases.indexOf(db);
    return ok;
  },
  quit: ({ session }) => {
    session.leaving = true;
    return ok;
  },
  reset: ({ session }) => {
    session.reset();
    return new Simple("RESET");
  },
};
