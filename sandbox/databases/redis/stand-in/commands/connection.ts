/** Logging in, and what a client tells of itself. */
import { arg, wrongArity } from "../arguments.ts";
import { Failure, ok, Pairs, type Reply, Simple, Text } from "../reply.ts";
import type { Call, Commands, Session } from "../session.ts";

function auth(call: Call): Reply {
  const { args, session } = call;
  if (args.length > 2) throw new Failure("ERR syntax error");
  const [user, password] = args.length === 1 ? ["default", arg(call, 0)] : [arg(call, 0), arg(call, 1)];
  if (args.length === 1 && !session.server.hasPassword)
    throw new Failure(
      "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
    );
  session.logIn(user, password);
  return ok;
}

function hello(call: Call): Reply {
  const { args, session } = call;
  const protocol = args[0] === undefined ? session.protocol : Number(args[0]);
  if (args[0] !== undefined && !/^-?\d+$/.test(args[0]))
    throw new Failure("ERR Protocol version is not an integer or out of range");
  if (protocol !== 2 && protocol !== 3) throw new Failure("NOPROTO unsupported protocol version");
  let name: string | undefined;
  for (let i = 1; i < args.length; i++) {
    const option = arg(call, i).toUpperCase();
    if (option === "AUTH" && i + 2 < args.length) session.logIn(arg(call, ++i), arg(call, ++i));
    else if (option === "SETNAME" && i + 1 < args.length) name = arg(call, ++i);
    else throw new Failure(`ERR Syntax error in HELLO option '${args[i]}'`);
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

function client(call: Call): Reply {
  const { args, session } = call;
  const subcommand = arg(call, 0).toUpperCase();
  const expect = (count: number) => {
    if (args.length !== count + 1) throw wrongArity(`client|${subcommand.toLowerCase()}`);
  };
  switch (subcommand) {
    case "ID":
      expect(0);
      return session.id;
    case "GETNAME":
      expect(0);
      return session.name === "" ? null : session.name;
    case "SETNAME":
      expect(1);
      if (/[^!-~]/.test(arg(call, 1)))
        throw new Failure("ERR Client names cannot contain spaces, newlines or special characters.");
      session.name = arg(call, 1);
      return ok;
    case "SETINFO":
      expect(2);
      if (!/^lib-(name|ver)$/i.test(arg(call, 1))) throw new Failure(`ERR Unrecognized option '${args[1]}'`);
      session.library[arg(call, 1).toLowerCase() === "lib-name" ? "name" : "version"] = arg(call, 2);
      return ok;
    case "INFO":
      return new Text(`${describe(session)}\n`);
    case "LIST":
      return new Text([...session.server.sessions].map((one) => `${describe(one)}\n`).join(""));
    case "NO-EVICT":
    case "NO-TOUCH":
      return ok;
    default:
      throw new Failure(`ERR unknown subcommand '${args[0]}'. Try CLIENT HELP.`);
  }
}

export const connection: Commands = {
  auth: { arity: -2, run: auth },
  hello: { arity: -1, run: hello },
  client: { arity: -2, run: client },
  ping: {
    arity: -1,
    run: ({ args }) => {
      if (args.length > 1) throw wrongArity("ping");
      return args[0] ?? new Simple("PONG");
    },
  },
  echo: { arity: 2, run: (call) => arg(call, 0) },
  select: {
    arity: 2,
    run: (call) => {
      if (!/^-?\d{1,9}$/.test(arg(call, 0))) throw new Failure("ERR value is not an integer or out of range");
      const index = Number(arg(call, 0));
      if (call.session.server.databases[index] === undefined)
        throw new Failure("ERR DB index is out of range");
      call.session.index = index;
      return ok;
    },
  },
  quit: {
    arity: -1,
    run: ({ session }) => {
      session.leaving = true;
      return ok;
    },
  },
  reset: {
    arity: 1,
    run: ({ session }) => {
      session.reset();
      return new Simple("RESET");
    },
  },
};
