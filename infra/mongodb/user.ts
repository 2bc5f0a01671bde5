/** A user of MongoDB Atlas, one for each credential. */

import { DatabaseUser } from "@pulumi/mongodbatlas/databaseUser.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { mark } from "../recovery/choice.ts";
import type { Recovery } from "../recovery/index.ts";
import { types } from "../resources.ts";
import { copiesIn, currentCluster, hasOriginal } from "../restored.ts";
import { numbered } from "../rotation/index.ts";
import type { MongodbSettings } from "../settings/index.ts";
import { whenApplied } from "./applied.ts";

/** Arguments of {@link databaseUser}. */
export interface DatabaseUserArgs {
  projectId: pulumi.Input<string>;
  settings: MongodbSettings;
  recovery: Recovery;
  /** The record that announces the credential; none for the first one of a stack that was never rotated. */
  record: pulumi.Resource | undefined;
  opts: pulumi.CustomResourceOptions;
}

/** A user who can log in. */
export interface MongodbLogin {
  username: string;
  /** Secret. */
  password: pulumi.Output<string>;
  /** Known once the user is there. */
  id: pulumi.Output<string>;
}

/** Of a user that somebody else made; a rotation replaces it by one that is as this stack wants it. */
const asItWas = ["password", "roles", "scopes", "labels", "description"];

/** Makes the user of a credential, with a password of its own, or takes over the first one as it is. */
export function databaseUser(
  name: string,
  number: number,
  { projectId, settings, recovery, record, opts }: DatabaseUserArgs,
): MongodbLogin {
  const username = numbered(settings.user, number);
  const given = number === 1 ? settings.password : undefined;
  const announced = record === undefined ? opts : { ...opts, dependsOn: [record] };
  const password =
    given === undefined ? generated(numbered(`${name}-password`, number), announced) : pulumi.secret(given);
  const user = new DatabaseUser(
    numbered(`${name}-user`, number),
    {
      projectId,
      username,
      authDatabaseName: "admin",
      ...(given === undefined && { password }),
      roles: [{ roleName: "readWrite", databaseName: settings.database }],
      scopes: clustersOf(settings).map((cluster) => ({ name: cluster, type: "CLUSTER" })),
      labels: [mark()],
    },
    {
      ...opts,
      ...recovery.options({ type: types.user, name: username }),
      ...whenApplied(numbered(`${name}-user`, number), { ...settings, name: currentCluster(settings) }),
      ...(given !== undefined && { ignoreChanges: asItWas }),
    },
  );
  return { username, password, id: user.id };
}

/** Where the user may log in: on all that are there, so that a way back is never shut, and nobody is shut out on the way. */
const clustersOf = (settings: MongodbSettings): string[] => [
  ...(hasOriginal(settings) ? [settings.name] : []),
  ...copiesIn(settings),
];

/** Letters and digits only: the password also passes through tools that do not percent-encode. */
function generated(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { result } = new RandomPassword(name, { length: 32, special: false }, opts);
  return pulumi.secret(result);
}
