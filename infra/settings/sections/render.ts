import * as kind from "../kinds.ts";

/** Where on Render the stack's databases and services are, and from which addresses its services reach the world. */
export const render = kind.group({
  /**
   * The environment that databases and created services are in; left out: in none, or where somebody put them. Linked
   * services are moved into it in the dashboard.
   */
  environment: kind
    .either(
      "id",
      kind.group({
        /** The id of an environment that exists. */
        id: kind.ownersId(
          /^evm-[a-z0-9]{20}$/,
          "the id of an environment (evm-…, 20 letters and digits)",
          "Render dashboard: the environment's settings, the last part of their address",
          (n) => `evm-${String(n).padStart(20, "0")}`,
        ),
        /** Whether it lets no private traffic in or out, as its settings at Render say. */
        isolated: kind.flag().default(false),
      }),
      kind.group({
        /** Name of a new project, which is the stack's own. */
        project: kind.givenName(),
        /** Name of the environment in it. */
        name: kind.givenName(),
        /** Only admins of the workspace may delete what is in it, or change its variables. */
        protected: kind.flag().default(true),
        /** No private traffic in or out: who is in another environment, or in none, does not reach the databases. */
        isolated: kind.flag().default(false),
      }),
      "{ id } of an existing environment, or { project, name } of a new one",
    )
    .optional(),
  /**
   * Three outbound addresses that no other customer of Render has, of the environment's services or else of all in the
   * workspace and region; Atlas' access list lets them in. Needs a Pro workspace. Left out: the region's, which others share.
   */
  outbound: kind
    .group({
      /** Its name at Render. */
      name: kind.givenName(),
    })
    .optional(),
});
