/** The password that the taken over database user has: nobody can ask Atlas for it. */
import { UserError } from "../errors.ts";
import type { Prompt } from "./choose.ts";
import type { MongodbSelection, Selection } from "./selection.ts";
import { mongodbUrlOf } from "./urls.ts";

/** Where it may come from. */
export interface PasswordSources {
  /** What the stack file holds, decrypted. */
  inFile: string | undefined;
  /** The standard input, when it was promised there. */
  input: (() => Promise<string>) | undefined;
  ask: Prompt | undefined;
}

/**
 * From the standard input, the services' own variables, the stack file, or the person at the terminal.
 *
 * @throws UserError when none of them has it
 */
export async function passwordOf(
  { cluster, user }: MongodbSelection,
  { variables }: Pick<Selection, "variables">,
  { inFile, input, ask }: PasswordSources,
): Promise<string> {
  const { name } = user.thing;
  if (input !== undefined) {
    const given = (await input()).replace(/\r?\n$/, "");
    if (given === "") throw new UserError("--password-stdin: got nothing; expected the password in one line");
    return given;
  }
  for (const has of variables.values()) {
    const url = mongodbUrlOf(has.MONGODB_URL?.value);
    const leadsHere = url?.hosts.some((host) => cluster.thing.hosts.includes(host)) === true;
    if (url !== undefined && leadsHere && url.user === name && url.password !== "") return url.password;
  }
  if (inFile !== undefined && inFile !== "") return inFile;
  if (ask !== undefined) return ask.secret(`Password of the database user ${name}`);
  throw new UserError(
    `--password-stdin: the password of the database user ${name} is not known: no chosen service has a MONGODB_URL with it, and Atlas tells nobody; expected it on the standard input`,
  );
}
