/** `--ca`: an authority that the checks trust besides the usual ones. */
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { UserError } from "../../engine/errors.ts";

/** The certificate in a file, PEM. @throws UserError when there is none */
export async function authorityIn(file: string): Promise<string> {
  try {
    const pem = await readFile(file, "utf8");
    createSecureContext({ ca: pem });
    if (!pem.includes("BEGIN CERTIFICATE")) throw new Error();
    return pem;
  } catch {
    throw new UserError(`--ca: got ${file}; expected a readable file with a certificate in PEM`);
  }
}
