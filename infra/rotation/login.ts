/**
 * Logins whose password the vendor makes. Each is kept in the state as it was issued: a vendor shows the newest one
 * only, or a refresh would bring somebody else's.
 */
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output.js";
import { OperatorError } from "../errors.ts";
import { loginName, type Rotation } from "./index.ts";
import type { Rotatable } from "./record.ts";

/** Name and password; the password is secret. */
export interface Login {
  user: string;
  password: string;
}

/** Arguments of {@link issuedLogin}. */
export interface IssuedArgs {
  database: Rotatable;
  rotation: Rotation;
  number: number;
  /** The restored database that it is for; the original by default. */
  of?: string | undefined;
  /** Its name, which is no secret: a later run ends it by this name. */
  user: pulumi.Input<string>;
  /** What is there already, for the credential that the database was created with. */
  known?: pulumi.Output<Login>;
  /** Asks the vendor. Called by an `up` only, once the record is written; again if that `up` was killed before the answer was kept. */
  issue: () => Promise<Login>;
  /** Has to be there before the vendor is asked. */
  after: readonly pulumi.Input<unknown>[];
  opts: pulumi.CustomResourceOptions;
}

/**
 * The login, issued when the state does not have it yet.
 *
 * @returns secret; unknown in the preview of the `up` that issues it
 */
export function issuedLogin({
  database,
  rotation,
  number,
  of,
  user,
  known,
  issue,
  after,
  opts,
}: IssuedArgs): pulumi.Output<Login> {
  const name = loginName(database, number, of);
  const login =
    rotation.issued(number, of) !== undefined
      ? pulumi.output(undefined)
      : (known ?? asked([rotation.keep()?.urn, ...after], issue));
  const { output } = new pulumi.Stash(
    name,
    { input: { login: name, user, value: pulumi.secret(login) } },
    // Its output stays what it was created with, and its input, too.
    { ...opts, ignoreChanges: ["input"] },
  );
  return pulumi.secret(output.apply(({ value }: { value: Login }) => value));
}

function asked(after: readonly pulumi.Input<unknown>[], issue: () => Promise<Login>): pulumi.Output<Login> {
  if (pulumi.runtime.isDryRun()) return pulumi.output(unknown) as unknown as pulumi.Output<Login>;
  return pulumi.all([...after]).apply(() =>
    issue().catch((error: Error) => {
      throw new OperatorError(error.message);
    }),
  );
}

/** The value of an output that is known. */
export const resolved = (output: pulumi.Output<string>) =>
  new Promise<string>((resolve) => {
    output.apply(resolve);
  });
