/** `npm run test:engine`: the tests of the real engine, or what is missing of it. Words behind `--` are vitest's. */
import { execa } from "execa";
import { root } from "../../ops/bundle.mjs";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: the tests of the real engine (${found.reason})`);
else {
  console.log(`the tests of the real engine: pulumi ${found.engine.version}`);
  const { exitCode } = await execa("vitest", ["run", "--project=engine", ...process.argv.slice(2)], {
    cwd: root,
    preferLocal: true,
    stdio: "inherit",
    reject: false,
  });
  process.exitCode = exitCode ?? 1;
}
