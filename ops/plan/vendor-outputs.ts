/**
 * What the program reads of the vendors' answers, as tokens. An output that is not listed here is unknown, as in
 * a preview. Shapes: the providers' schemas; tests against the real plugins hold them to it.
 */
import { types } from "../../infra/resources.ts";
import type { Tokens } from "./tokens.ts";

type Outputs = (
  token: (what: string, shown?: string) => string,
  inputs: Record<string, unknown>,
) => Record<string, unknown>;

const byType: Readonly<Record<string, Outputs>> = {
  [types.project]: () => ({}),
  [types.cluster]: (token) => ({
    connectionStrings: { standardSrv: `mongodb+srv://${token("host")}` },
  }),
  [types.password]: (token) => ({ result: token("password") }),
  [types.postgres]: (token, { databaseName, databaseUser }) => {
    const login = `${token("user", String(databaseUser))}:${token("password")}`;
    // Another name is another database, and another thing to deploy for; another user is none (infra/postgres/index.ts).
    const database = token(`name of ${databaseName}`, `‹postgres-database: name›`);
    return {
      connectionInfo: {
        internalConnectionString: `postgresql://${login}@${token("private host")}/${database}`,
        externalConnectionString: `postgresql://${login}@${token("public host")}/${database}`,
      },
    };
  },
  [types.keyValue]: (token) => ({
    connectionInfo: { internalConnectionString: `redis://${token("private host")}:6379` },
  }),
  [types.upstash]: (token) => ({
    databaseId: token("id"),
    password: token("password"),
    endpoint: token("host"),
    port: token("port"),
  }),
  [types.redisCloud]: (token) => ({
    publicEndpoint: token("host and port"),
  }),
};

/** The outputs of a resource and its id, as far as the program needs them. */
export function vendorOutputs(
  tokens: Tokens,
  { type, name, inputs }: { type: string; name: string; inputs: Record<string, unknown> },
): { id: string; outputs: Record<string, unknown> } {
  const outputs = byType[type]?.((what, shown) => tokens.of(name, what, shown), inputs) ?? {};
  // Redis Cloud's ids are numbers, which a text cannot stand for: they stay unknown.
  return { id: type.startsWith("rediscloud:") ? "" : tokens.of(name, "id"), outputs };
}
