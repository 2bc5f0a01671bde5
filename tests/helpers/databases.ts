/** What the tests of the database servers share. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createAuthority } from "../../sandbox/clouds/certificates.ts";
import type { ServerTls } from "../../sandbox/databases/server.ts";

export { alive, elsewhere, until } from "./processes.ts";

/** A folder that goes with the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kairos-database-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A certificate for 127.0.0.1 and its authority's. */
export async function localTls(folder: string): Promise<{ tls: ServerTls; ca: string }> {
  const authority = await createAuthority();
  const authorityFile = join(folder, "authority.pem");
  writeFileSync(authorityFile, authority.certificate);
  return { tls: { ...(await authority.issue("127.0.0.1")), authorityFile }, ca: authority.certificate };
}
