/** For tests: small plans. */
import type { Plan, PlannedResource, PlannedService } from "../../ops/plan/model.ts";

/** A resource as the program would register it. */
export function resource(type: string, name: string, more: Partial<PlannedResource> = {}): PlannedResource {
  return {
    urn: `urn:pulumi:prod::kairos::${type}::${name}`,
    name,
    type,
    component: false,
    holdsData: false,
    protect: false,
    inputs: {},
    dependsOn: [],
    ignoreChanges: [],
    aliases: [],
    ...more,
  };
}

/** A plan of these resources and services, and nothing else. */
export function planWith(resources: PlannedResource[], services: PlannedService[] = []): Plan {
  return {
    schema: 1,
    project: "kairos",
    stack: "prod",
    resources,
    services,
    outputs: [],
    warnings: [],
    needed: [],
  };
}

/** An entry of Atlas' access list. */
export const accessEntry = (cidrBlock: string, comment: string) =>
  resource("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList", `mongodb-access-${cidrBlock}`, {
    inputs: { cidrBlock, comment, projectId: "0123456789abcdef01234567" },
    ignoreChanges: ["comment"],
  });
