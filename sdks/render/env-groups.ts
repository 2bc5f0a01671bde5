import { type ArgsOf, resource } from "../bridge.ts";
import type { Shape } from "../shapes.ts";
import manifest from "./package.json" with { type: "json" };

/** Environment variables by name: the whole set, others are removed. Not empty if given. */
export const variables = {
  map: {
    object: {
      /**
       * The provider returns it as a secret, but does not make it one on the way in: mark what must be.
       */
      value: "string",
    },
  },
} as const satisfies Shape;

/**
 * A set of environment variables that services share (`render_env_group`). All of it may change in place; changing
 * one deploys nothing: a linked service sees new values after its next deploy. Import id: the group's id, `evg-…`.
 */
export class EnvGroup extends resource({
  package: manifest,
  type: "render:index/envGroup:EnvGroup",
  inputs: {
    /** Name shown by Render. Left out, the bridge derives one with a random suffix. */
    name: { optional: "string" },
    envVars: { optional: variables },
  },
  outputs: {},
}) {}
export type EnvGroupArgs = ArgsOf<typeof EnvGroup>;

/**
 * The services of an env group (`render_env_group_link`). Creating one fails when the group already serves a
 * service that is not listed. Its `id` says nothing (the provider gives none); import id: the id of the group.
 */
export class EnvGroupLink extends resource({
  package: manifest,
  type: "render:index/envGroupLink:EnvGroupLink",
  inputs: {
    /** The group, `evg-…`. */
    envGroupId: "string",
    /**
     * Ids of all services that use the group, at least one: those of the group that are missing here lose it.
     */
    serviceIds: { list: "string" },
  },
  outputs: {},
}) {}
export type EnvGroupLinkArgs = ArgsOf<typeof EnvGroupLink>;
