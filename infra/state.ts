/** What the last `pulumi up` left behind. */
import * as pulumi from "@pulumi/pulumi";

/** A resource as Pulumi's state knows it. */
export interface ExistingResource {
  type: string;
  outputs: Readonly<Record<string, unknown>>;
}

/** All of them; none where there is no state. */
export type Existing = readonly ExistingResource[];

/**
 * All resources of this stack's state, asked of the engine; none before the first `up`, undefined where there is
 * no state to ask about.
 */
export async function existingResources(): Promise<ExistingResource[] | undefined> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const state = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
    outputs?: Record<string, ExistingResource>;
  };
  return state.outputs && Object.values(state.outputs);
}

/** Ids of the resources of a type that this stack created. */
export const idsOf = (existing: Existing, type: string): ReadonlySet<string> =>
  new Set(existing.filter((one) => one.type === type).map(({ outputs }) => String(outputs.id)));

/** What the program itself keeps in the state: the inputs of its stashes that have a key. */
export const stashed = <T extends object>(existing: Existing, key: keyof T): T[] =>
  existing
    .filter(({ type }) => type === "pulumi:index:Stash")
    .map(({ outputs }) => (outputs.input ?? {}) as T)
    .filter((input) => key in input);
