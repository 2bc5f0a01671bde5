/** Plans another version of the program in a process of its own: `worker <folder> <stack>`, plan on stdout. */
import { UserError } from "../../engine/errors.ts";
import { harmless, write } from "../terminal/output.ts";
import { program } from "./program.ts";
import { planOf } from "./run.ts";
import { readStackFile } from "./stack-file.ts";

const [, , folder = ".", stack = "prod"] = process.argv;
try {
  const plan = await planOf(await program(), await readStackFile(folder, stack));
  await write(JSON.stringify(plan));
  process.exit(0);
} catch (error) {
  process.stderr.write(harmless(`${error instanceof UserError ? error.message : String(error)}\n`), () =>
    process.exit(1),
  );
}
