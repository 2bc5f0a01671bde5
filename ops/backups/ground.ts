/** What the command starts from: the stack's state and settings, its vendors' accounts, and the databases that have backups. */
import type { Stack } from "../../engine/cli/stack.ts";
import type { Workspace } from "../../engine/cli/workspace.ts";
import { kinds, types } from "../../infra/resources.ts";
import { type AccountOptions, Accounts, valuesOf } from "../accounts.ts";
import { StackState } from "../rotate/state.ts";
import { judged } from "./judge.ts";
import type { BackedUp, DatabaseBackups } from "./model.ts";
import { announcedIn, lastDrill } from "./record.ts";
import type { Vault } from "./vault.ts";
import { MongodbVault } from "./vaults/mongodb.ts";
import { PostgresVault } from "./vaults/postgres.ts";

export interface Ground {
  workspace: Workspace;
  stack: Stack;
  state: StackState;
  /** Settings, decrypted. Secret. */
  values: Readonly<Record<string, string>>;
  accounts: Accounts;
  vaults: Vault[];
}

/** @throws UserError when the stack cannot be read */
export async function groundOf(
  workspace: Workspace,
  name: string,
  options: AccountOptions = {},
): Promise<Ground> {
  const stack = workspace.stack(name);
  const [values, state] = await Promise.all([valuesOf(stack), StackState.of(stack)]);
  const accounts = new Accounts(values, options);
  return { workspace, stack, state, values, accounts, vaults: vaultsOf(state, accounts) };
}

/** Of the databases that the environment has, as the last `up` left them: beside a restored one its source stays. */
export function vaultsOf(state: StackState, accounts: Pick<Accounts, "atlas" | "render">): Vault[] {
  const mongodb = state.one("kairos:infra:Mongodb")?.outputs;
  const cluster = state
    .all(types.cluster)
    .find(({ outputs }) => outputs?.name === mongodb?.clusterName)?.outputs;
  const postgres = state.one("kairos:infra:Postgres")?.outputs;
  const database = state.all(types.postgres).find(({ id }) => id === postgres?.id);
  const vaults: Vault[] = [];
  if (mongodb && cluster)
    vaults.push(
      new MongodbVault(() => accounts.atlas, {
        project: String(mongodb.projectId),
        name: String(mongodb.clusterName),
        tier: String(kinds.cluster.plan.of(cluster)),
        database: String(mongodb.database),
      }),
    );
  if (database?.id !== undefined)
    vaults.push(
      new PostgresVault(() => accounts.render, { id: database.id, name: String(database.outputs?.name) }),
    );
  return vaults;
}

/** One look at all of them; a vendor that does not answer is said of its database. */
export async function backupsOf(
  { vaults, stack }: Pick<Ground, "vaults"> & { stack: Pick<Stack, "tags"> },
  now = new Date(),
): Promise<DatabaseBackups[]> {
  const tags = await stack.tags().catch((): Record<string, string> => ({}));
  return Promise.all(
    vaults.map(async (vault) => {
      const { database, name, vendor } = vault;
      try {
        const [offer, left] = await Promise.all([vault.offer(now), leftOf(vault, tags)]);
        const seen = judged(vault, offer, lastDrill(tags, database), now);
        return left === undefined ? seen : { ...seen, left, remarks: [...seen.remarks, "copy-left"] };
      } catch (error) {
        const unseen = (error as Error).message;
        return { database, name, vendor, state: "unchecked", unseen, remarks: [] };
      }
    }),
  );
}

/** The copy that a restore has made, and that is there and not in use. */
async function leftOf(vault: Vault, tags: Readonly<Record<string, string>>): Promise<string | undefined> {
  const name = announcedIn(tags, "restore", vault.database)?.name;
  if (name === undefined || name === vault.name) return undefined;
  return (await vault.find(name)).some(({ kind }) => kind === "database") ? name : undefined;
}

/** The one that is asked for; undefined: the stack has none. */
export const vaultOf = ({ vaults }: Pick<Ground, "vaults">, database: BackedUp): Vault | undefined =>
  vaults.find((one) => one.database === database);
