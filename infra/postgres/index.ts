/** Render Postgres: one database, its owner, its replicas. */
import * as pulumi from "@pulumi/pulumi";
import * as render from "@pulumi/render";
import { render as renderApi } from "../accounts.ts";
import { placedIn } from "../environment/index.ts";
import { protectionOf } from "../protection/index.ts";
import { types } from "../resources.ts";
import { copiesIn, databaseInState, hasOriginal, takenIn } from "../restored.ts";
import { numbered, type Rotation } from "../rotation/index.ts";
import { issuedLogin, type Login, resolved } from "../rotation/login.ts";
import { endPostgresLogin, issuePostgresLogin } from "../rotation/render-login.ts";
import type { Run } from "../run.ts";
import { unwrapped } from "../secrets.ts";
import { leftAlone } from "../settings/fields.ts";
import type { PostgresSettings } from "../settings/index.ts";
import type { Existing } from "../state.ts";
import { knownDatabaseName } from "./name.ts";
import { type PostgresUrlParts, postgresUrlParts } from "./url.ts";

/** What somebody may have chosen in the dashboard and this stack has no setting for. */
const notOurs = ["parameterOverrides", "datadogApiKey", "logStreamOverride"];

interface TakeInArgs {
  settings: PostgresSettings;
  args: render.PostgresArgs;
  ignored: readonly string[];
  existing: Existing;
}

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
    const args = {
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
    };
    // A new default user at Render is another name here, and the provider would replace the database for it.
    const ignored = [...leftAlone([...placed.ignored, ...notOurs], settings.with), "databaseUser"];
    const { restored } = settings;
    const original = hasOriginal(settings)
      ? new render.Postgres(`${name}-database`, args, {
          parent: this,
          ...protectionOf(settings, restored === undefined ? undefined : settings.name),
          ignoreChanges: ignored,
          ...recovery.options(itself),
        })
      : undefined;
    const [postgres = original] = copiesIn(settings).map((id) =>
      this.takeIn(name, id, { settings, args, ignored, existing }),
    );
    if (postgres === undefined) throw new Error("rules.ts lets no stack without both through");
    const url = unwrapped(postgres.connectionInfo).apply((info) =>
      settings.network === "private" ? info.internalConnectionString : info.externalConnectionString,
    );
    this.id = postgres.id;
    this.name = settings.name;
    const first = connectionOf(url);
    this.connection = rotation.neverRotated
      ? first
      : { ...first, ...this.login(settings, { rotation, existing }, first) };
    this.registerOutputs({ id: this.id });
  }

  /** Takes in what was recovered from the original: its names inside are those of the original, its own name is Render's. */
  private takeIn(
    name: string,
    id: string,
    { settings, args, ignored, existing }: TakeInArgs,
  ): render.Postgres {
    const known = databaseInState(existing, "postgres", id);
    return new render.Postgres(`${name}-restored-${id}`, args, {
      parent: this,
      ...protectionOf(settings, String(known?.outputs.name ?? id)),
      ...takenIn(known, id, args, [...ignored, "name", "databaseName"]),
    });
  }

  /** The user of the current credential. Render makes and ends all but the first one. */
  private login(
    { user: name, restored: of }: PostgresSettings,
    { rotation, existing }: Pick<TakeInArgs, "existing"> & { rotation: Rotation },
    first: PostgresConnection,
  ): Pick<PostgresConnection, "user" | "password"> {
    const { ending } = rotation;
    const ended = ending === undefined ? undefined : rotation.issued(ending, of)?.user;
    const end = async () => {
      if (ended !== undefined) await endPostgresLogin(renderApi(), await resolved(this.id), ended);
    };
    rotation.keep(ended === undefined ? [] : [new pulumi.ResourceHook("postgres-credential-end", end)]);
    // What Render shows of a database is its newest user: 1 where there was no other, also in one that is taken in.
    const isTakenIn = of !== undefined && databaseInState(existing, "postgres", of) === undefined;
    const [login] = rotation.numbers.map((number) => {
      const user = numbered(name, number, "_");
      const isShown =
        of === undefined ? number === 1 : number === rotation.newest && (number === 1 || isTakenIn);
      return issuedLogin({
        database: "postgres",
        rotation,
        number,
        of,
        user: isShown ? pulumi.unsecret(first.user) : user,
        ...(isShown && {
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
