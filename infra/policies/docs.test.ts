import path from "node:path";
import { expect, it } from "vitest";
import { policyDocs } from "./docs.ts";

it("docs/policies.md says what the policies say (npx vitest run infra/policies -u writes it)", async () => {
  const file = path.join(import.meta.dirname, "..", "..", "docs", "policies.md");
  await expect(policyDocs()).toMatchFileSnapshot(file);
});
