/** Render Postgres: one database, its owner, its replicas. */
import * as pulumi from "@pulumi/pulumi";
import * as render from "@pulumi/render";
import { render as renderApi } from "../accounts.ts";
import { placedIn } from "../environment/index.ts";
import { protectionOf } from "../protection/index.ts";
import { types } from "../resources.ts";
import { numbered, type Rotation } from "../rotation/index.ts";
import { issuedLogin, type Login, resolved } from "../rotation/login.ts";
import { endPostgresLogin, issuePostgresLogin } from "../rotation/render-login.ts";
import type { Run } from "../run.ts";
import { unwrapped } from "../secrets.ts";
import { leftAlone } from "../settings/fields.ts";
import type { PostgresSettings } from "../settings/index.ts";
import { knownDatabaseName } from "./name.ts";
import { type PostgresUrlParts, postgresUrlParts } from "./url.ts";

/** What somebody may have chosen in the dashboard and this stack has no setting for. */
const notOurs = ["parameterOverrides", "datadogApiKey", "logStreamOverride"];

/** How to connect. All parts come from Render's own connection string, which alone knows the real names. */
export type PostgresConnection = { [Part in keyof PostgresUrlParts]: pulumi.Output<string> };

/** The backend's PostgreSQL. */
export class Postgres extends pulumi.ComponentResource {
  readonly connection: PostgresConnection;
  /** Render's id, `dpg-…`. */
  readonly id: pulumi.Output<string>;
  readonly name: string;

  /** @param settings `kairos:postgres` of the stack, when it is on */
  constructor(
    name: string,
    settings: PostgresSettings,
    { placement, recovery, existing, environment, rotation: { postgres: rotation } }: Run,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("kairos:infra:Postgres", name, {}, opts);
    const itself = { type: types.postgres, name: settings.name };
    const placed = placedIn(environment, existing);
    const postgres = new render.Postgres(
      `${name}-database`,
      {
        name: settings.name,
        plan: settings.plan,
        version: settings.version,
        region: placement.postgres.region,
        databaseName: recovery.databaseNameOf(itself) ?? knownDatabaseName(existing, settings.database),
        databaseUser: settings.user,
        highAvailabilityEnabled: settings.highAvailability,
        // An empty list is not the same as none to the provider: every preview would want an update.
        ...(settings.readReplicas.length > 0 && {
          readReplicas: settings.readReplicas.map((replica) => ({ name: replica })),
        }),
        ipAllowLists: settings.accessList.map(({ cidr, comment }) => ({
          cidrBlock: cidr,
          description: comment,
        })),
        ...(settings.disk !== undefined && { diskSizeGb: settings.disk }),
        ...placed.inputs,
        ...(settings.with as object),
      },
      {
        parent: this,
        ...protectionOf(settings),
        // A new default user at Render is another name here, and the provider would replace the database for it.
        ignoreChanges: [...leftAlone([...placed.ignored, ...notOurs], settings.with), "databaseUser"],
        ...recovery.options(itself),
      },
    );
    const url = unwrapped(postgres.connectionInfo).apply((info) =>
      settings.network === "private" ? info.internalConnectionString : info.externalConnectionString,
    );
    this.id = postgres.id;
    this.name = settings.name;
    const first = connectionOf(url);
    this.connection = rotation.neverRotated
      ? first
      : { ...first, ...this.login(settings.user, rotation, first) };
    this.registerOutputs({ id: this.id });
  }

  /** The user of the current credential. Render makes and ends all but the first one. */
  private login(
    name: string,
    rotation: Rotation,
    first: PostgresConnection,
  ): Pick<PostgresConnection, "user" | "password"> {
    const { ending } = rotation;
    const ended = ending === undefined ? undefined : rotation.issued(ending)?.user;
    const end = async () => {
      if (ended !== undefined) await endPostgresLogin(renderApi(), await resolved(this.id), ended);
    };
    rotation.keep(ended === undefined ? [] : [new pulumi.ResourceHook("postgres-credential-end", end)]);
    const [login] = rotation.numbers.map((number) => {
      const user = numbered(name, number, "_");
      return issuedLogin({
        database: "postgres",
        rotation,
        number,
        user: number === 1 ? pulumi.unsecret(first.user) : user,
        ...(number === 1 && {
          known: pulumi.all([first.user, first.password]).apply(([user, password]) => ({ user, password })),
        }),
        issue: async () => issuePostgresLogin(renderApi(), await resolved(this.id), user),
        after: [this.id],
        opts: { parent: this },
      });
    }) as [pulumi.Output<Login>];
    return { user: login.apply(({ user }) => user), password: login.apply(({ password }) => password) };
  }
}

/** Every part stays secret; the contract says which are not. */
function connectionOf(url: pulumi.Output<string>): PostgresConnection {
  const part = (name: keyof PostgresUrlParts) =>
    pulumi.secret(url.apply((text) => postgresUrlParts(text)[name]));
  return {
    host: part("host"),
    port: part("port"),
    user: part("user"),
    password: part("password"),
    database: part("database"),
  };
}
