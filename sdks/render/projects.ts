import { type ArgsOf, resource } from "../bridge.ts";
import manifest from "./package.json" with { type: "json" };

/**
 * A project and its environments (`render_project`): the whole set, others are deleted, which Render refuses of those that
 * are not empty. Import id: the project's id, `prj-…`.
 */
export class Project extends resource({
  package: manifest,
  type: "render:index/project:Project",
  inputs: {
    /** Name shown by Render. Left out, the bridge derives one with a random suffix. May change in place. */
    name: { optional: "string" },
    /** By a key of the program's own; an import takes the name for it. */
    environments: {
      map: {
        object: {
          /** May change in place. */
          name: "string",
          /** `protected` or `unprotected`. */
          protectedStatus: "string",
          networkIsolated: { optional: "boolean" },
          /** Given by Render, `evm-…`. */
          id: { optional: "string" },
        },
      },
    },
  },
  outputs: {
    environments: { map: { object: { id: { optional: "string" } } } },
  },
}) {}
export type ProjectArgs = ArgsOf<typeof Project>;

/**
 * Outbound addresses that no other customer has (`render_dedicated_ip`). Created when they are there, which takes some
 * minutes at most. Import id: `egs-…`.
 */
export class DedicatedIp extends resource({
  package: manifest,
  type: "render:index/dedicatedIp:DedicatedIp",
  inputs: {
    /** Name shown by Render. Left out, the bridge derives one with a random suffix. May change in place. */
    name: { optional: "string" },
    /** Changing it replaces the addresses. */
    region: "string",
    /** Whose services use them; none: all services of the workspace in the region. May change in place. */
    environmentIds: { optional: { list: "string" } },
  },
  outputs: {
    /** Three IPv4 addresses. */
    ips: { list: "string" },
  },
}) {}
export type DedicatedIpArgs = ArgsOf<typeof DedicatedIp>;
