/** What the stack's own state says of credentials. It is read as `pulumi stack export` gives it: secrets stay encrypted. */
import { logicalName } from "../../engine/cli/events.ts";
import type { Deployment, PendingOperation, Stack, StateResource } from "../../engine/cli/stack.ts";
import { types } from "../../infra/resources.ts";
import { loginName } from "../../infra/rotation/index.ts";
import { type CredentialRecord, initial, type Rotatable, recordName } from "../../infra/rotation/record.ts";

/** A service that gets the environment. */
export interface ServiceId {
  name: string;
  id: string;
  /** Logical name of the record of its deploys; undefined while the stack gives it no variables. */
  record?: string;
}

const stash = "pulumi:index:Stash";

/** The state of a stack. */
export class StackState implements Deployment {
  constructor(
    readonly resources: readonly StateResource[],
    /** What a killed engine had begun, and did not live to note. */
    readonly pending: readonly PendingOperation[] = [],
  ) {}

  static async of(stack: Pick<Stack, "state">): Promise<StackState> {
    const { resources, pending } = await stack.state();
    return new StackState(resources, pending);
  }

  record(database: Rotatable): CredentialRecord {
    const input = this.input(recordName(database)) as Partial<CredentialRecord> | undefined;
    if (input?.current === undefined) return initial;
    const { current, retiring, last = current, since = "" } = input;
    return { current, ...(retiring !== undefined && { retiring }), last, since };
  }

  /** The only resource of a type, for example the Postgres; where a restored one stands beside it, the one in use. */
  one(type: string): StateResource | undefined {
    const all = this.resources.filter((resource) => resource.type === type && resource.delete !== true);
    if (all.length < 2) return all[0];
    const outputs = this.one("pulumi:pulumi:Stack")?.outputs as
      | { mongodb?: { cluster?: string }; postgres?: { id?: string } }
      | undefined;
    const inUse = all.find(
      (one) =>
        (type === types.postgres && one.id === outputs?.postgres?.id) ||
        (type === types.cluster && one.outputs?.name === outputs?.mongodb?.cluster),
    );
    return inUse ?? all[0];
  }

  /** Everything of these types, also what an interrupted run did not get to delete. */
  all(...wanted: readonly string[]): StateResource[] {
    return this.resources.filter(({ type }) => wanted.includes(type));
  }

  /** The user of a credential, as the vendor knows it. */
  user(database: Rotatable, number: number): string | undefined {
    if (database === "mongodb") {
      const name = number === 1 ? "mongodb-user" : `mongodb-user-${number}`;
      const user = this.resources.find(({ urn }) => logicalName(urn) === name);
      return user && String(user.outputs?.username);
    }
    const of = database === "postgres" ? this.one(types.postgres)?.id : undefined;
    const login = (this.input(loginName(database, number, of)) ?? this.input(loginName(database, number))) as
      | { user?: string }
      | undefined;
    if (login?.user !== undefined || database === "redis") return login?.user;
    const postgres = this.one(types.postgres);
    return postgres && String(postgres.outputs?.databaseUser);
  }

  /**
   * When a credential was made, ISO 8601: by what made it, or by the announcement of the thing that came with it. Undefined
   * where the state does not tell, as of one that was taken over.
   */
  madeAt(database: Rotatable, number: number): string | undefined {
    const made = this.maker(database, number)?.created;
    return made ?? (number === 1 ? this.announced(database) : this.record(database).since || undefined);
  }

  /** Whether the database still lets in with what somebody else had made before the stack took it over. */
  letsInAsTakenOver(database: Rotatable): boolean {
    const { current, retiring } = this.record(database);
    const own = this.maker(database, 1) !== undefined || this.announced(database) !== undefined;
    return !own && (current === 1 || retiring === 1);
  }

  /** What the stack made a credential with. The first login of a vendor's is a copy, made by a rotation. */
  private maker(database: Rotatable, number: number): StateResource | undefined {
    const names = number === 1 ? ["password"] : [`password-${number}`, `login-${number}`];
    return this.resources.find(({ urn }) => names.some((name) => logicalName(urn) === `${database}-${name}`));
  }

  /** Since when the stack was to create what a database's first credential came with (infra/recovery). */
  private announced(database: Rotatable): string | undefined {
    const { creations = {} } = (this.input("creations") ?? {}) as { creations?: Record<string, string> };
    const user = this.user("mongodb", 1);
    const keys = {
      mongodb: [`${types.user} ${user}`],
      postgres: [types.postgres],
      redis: [types.upstash, types.redisCloud],
    }[database];
    return Object.entries(creations).find(([key]) =>
      keys.some((wanted) => key === wanted || key.startsWith(`${wanted} `)),
    )?.[1];
  }

  /** What an interrupted run did not get to remove of credentials that the record no longer has. */
  leftovers(database: Rotatable): string[] {
    const { current, retiring } = this.record(database);
    const pattern = new RegExp(`^${database}-(?:user|password|login)(?:-(\\d+))?(?:-dpg-[a-z0-9-]+)?$`);
    return this.resources.flatMap(({ urn, delete: marked }) => {
      const name = logicalName(urn);
      const match = pattern.exec(name);
      if (match === null) return [];
      const number = Number(match[1] ?? 1);
      return number === current || number === retiring ? (marked === true ? [name] : []) : [name];
    });
  }

  /** Services of the last `up`. What it deploys leaves a record. */
  services(): ServiceId[] {
    const stack = this.one("pulumi:pulumi:Stack");
    const services = Object.entries((stack?.outputs?.services ?? {}) as { [name: string]: unknown });
    const records = this.deployRecords();
    return services.flatMap(([name, id]) => {
      if (typeof id !== "string") return [];
      const record = records.get(id);
      return [{ name, id, ...(record !== undefined && { record }) }];
    });
  }

  /** Names of the records of deploys (infra/backend/redeploy.ts), by the id of their service. */
  deployRecords(): ReadonlyMap<string, string> {
    return new Map(
      this.resources.flatMap(({ type, urn, inputs }): [string, string][] => {
        const { serviceId } = (inputs?.input ?? {}) as { serviceId?: string };
        return type === stash && serviceId !== undefined ? [[serviceId, logicalName(urn)]] : [];
      }),
    );
  }

  private input(name: string): unknown {
    const found = this.resources.find(({ type, urn }) => type === stash && logicalName(urn) === name);
    return found?.inputs?.input;
  }
}
