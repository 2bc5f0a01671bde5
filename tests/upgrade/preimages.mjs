/**
 * Preloaded into the program while a release is recorded: keeps each text of which it takes a SHA-256, since the state
 * has the digest only, and the credentials in that text are to be others afterwards.
 */
import { appendFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";

const crypto = createRequire(import.meta.url)("node:crypto");
const { createHash } = crypto;
const file = process.env.KAIROS_PREIMAGES;

/** @type {typeof import("node:crypto").createHash} */
function keepingHash(algorithm, options) {
  const hash = createHash(algorithm, options);
  const update = hash.update.bind(hash);
  /** @type {(data: any, encoding?: any) => typeof hash} */
  hash.update = (data, encoding) => {
    if (algorithm === "sha256" && typeof data === "string" && data.startsWith("{"))
      appendFileSync(String(file), `${JSON.stringify(data)}\n`, { mode: 0o600 });
    return update(data, encoding);
  };
  return hash;
}

if (file !== undefined) {
  crypto.createHash = keepingHash;
  syncBuiltinESMExports();
}
