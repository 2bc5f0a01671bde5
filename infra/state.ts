/** What the last `pulumi up` left behind. */
import * as pulumi from "@pulumi/pulumi";

/** A resource as Pulumi's state knows it. */
export interface ExistingResource {
  type: string;
  outputs: Readonly<Record<string, unknown>>;
}

/** All resources of this stack's state, asked of the engine; none before the first `up`. */
export async function existingResources(): Promise<ExistingResource[]> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const state = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
    outputs?: Record<string, ExistingResource>;
  };
  return Object.values(state.outputs ?? {});
}

const serviceTypes = [
  "webService:WebService",
  "backgroundWorker:BackgroundWorker",
  "privateService:PrivateService",
  "cronJob:CronJob",
];

/** Ids of the Render services that this stack created. */
export function serviceIds(existing: readonly ExistingResource[]): ReadonlySet<string> {
  const types = serviceTypes.map((type) => `render:index/${type}`);
  return new Set(
    existing.filter(({ type }) => types.includes(type)).map(({ outputs }) => String(outputs.id)),
  );
}
