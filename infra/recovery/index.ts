/**
 * Takes over what an interrupted `up` created and did not live to note.
 *
 * When an answer is lost after the vendor has created something, or a provider fails between creating it and handing
 * it over, Pulumi's state does not know it: the next `up` would create a second one, or be refused because the name
 * is taken. So this stack announces each creation in its state first (record.ts). An announced creation that the
 * state does not know at the next run is looked for at the vendor, by name, and imported when it is certain that it
 * is this stack's: it was created within the hour after the announcement, or lies inside something that this stack
 * created, or carries its mark. Anything else is left alone, or refused with one line (choice.ts). Previews do the
 * same and show the import. The engine never replaces what it imports, so whatever is taken over keeps its data.
 *
 * A run that is not interrupted asks no vendor anything.
 */
import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../errors.ts";
import type { Settings } from "../settings/index.ts";
import type { Existing } from "../state.ts";
import { type ContainerId, candidates } from "./candidates.ts";
import { type Candidate, chosen } from "./choice.ts";
import {
  announced,
  type Creation,
  creationsOf,
  importsOf,
  isKnown,
  keep,
  keyOf,
  type Named,
} from "./record.ts";

/** What is adopted, and the record that has to be written before anything is created. */
export class Recovery {
  /** @param adopted by {@link keyOf} */
  constructor(
    private readonly adopted: ReadonlyMap<string, Pick<Candidate, "id" | "databaseName">>,
    private readonly record?: pulumi.Resource,
  ) {}

  /** The options of a resource that can be adopted. */
  options(creation: Named): Pick<pulumi.CustomResourceOptions, "dependsOn" | "import"> {
    const id = this.idOf(creation);
    return {
      ...(this.record !== undefined && { dependsOn: [this.record] }),
      ...(id !== undefined && { import: id }),
    };
  }

  /** The name of the database inside what an interrupted `up` created; undefined for all else. */
  databaseNameOf(creation: Named): string | undefined {
    return this.adopted.get(keyOf(creation))?.databaseName;
  }

  /** What `import` wants of what is adopted; undefined for what is created, or known already. */
  idOf(creation: Named): string | undefined {
    return this.adopted.get(keyOf(creation))?.id;
  }
}

/** No recovery, where there is no state that could lack anything. */
export const noRecovery = new Recovery(new Map());

/**
 * Looks for what the state lacks, and announces what will be created.
 *
 * @param users names of MongoDB's users in this run; the one of the settings by default
 * @param ask how a vendor is asked; over the network by default
 * @throws OperatorError when something has the name and it is not certain whose it is
 */
export async function recover(
  existing: Existing,
  settings: Settings,
  users?: readonly string[],
  ask: typeof candidates = candidates,
): Promise<Recovery> {
  const before = announced(existing);
  const now = new Date().toISOString();
  const record: Record<string, string> = {};
  const given = importsOf(settings, existing);
  const adopted = new Map<string, Pick<Candidate, "id" | "databaseName">>(
    [...given].map(([key, id]) => [key, { id }]),
  );
  const containers = new Map<string, string>();
  const idOf = (type: string) => {
    const known = existing.find((one) => one.type === type)?.outputs.id;
    return containers.get(type) ?? (known === undefined ? undefined : String(known));
  };
  for (const creation of creationsOf(settings, users)) {
    const key = keyOf(creation);
    if (given.has(key)) continue;
    const since = before[key];
    if (isKnown(creation, existing)) {
      if (since !== undefined) record[key] = since;
      continue;
    }
    const found =
      since === undefined ? undefined : await find(creation, new Date(since), settings, idOf, ask);
    record[key] = found === undefined ? now : (since ?? now);
    if (found === undefined) continue;
    adopted.set(key, found);
    containers.set(creation.type, found.id);
    await pulumi.log.info(
      `${creation.name} (${found.id}) was created by a pulumi up that was interrupted; it is imported`,
    );
  }
  return new Recovery(adopted, keep(record, now));
}

async function find(
  creation: Creation,
  since: Date,
  settings: Settings,
  idOf: ContainerId,
  ask: typeof candidates,
): Promise<Candidate | undefined> {
  const found = await ask(creation.type, creation.name, settings, idOf).catch((error: Error) => {
    throw new OperatorError(
      `kairos:${creation.setting}: a pulumi up was interrupted before it had created ${creation.name}; whether it exists could not be found out: ${error.message}`,
    );
  });
  return chosen(creation, found, since);
}
