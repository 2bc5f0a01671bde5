/** `npm run docs`: writes what is generated; with --check it only says which documents are out of step. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { root } from "../../ops/bundle.mjs";
import { generated, textOf } from "./generated.ts";

const [option, ...more] = process.argv.slice(2);
if (more.length > 0 || (option !== undefined && option !== "--check")) {
  console.error(`docs: got ${process.argv.slice(2).join(" ")}; expected nothing, or --check`);
  process.exit(1);
}
for (const [file, wanted] of await generated()) {
  if ((await textOf(file)) === wanted) continue;
  if (option === "--check") {
    console.error(`${file}: out of step with the code; expected what npm run docs writes`);
    process.exitCode = 1;
    continue;
  }
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, wanted);
  console.log(`${file}: written`);
}
