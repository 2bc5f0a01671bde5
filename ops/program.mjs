// @ts-check
/**
 * Where Pulumi starts the program, infra/index.ts: as one file, made anew whenever a source changes. As it is, half of the
 * time of a preview would go into loading it, module by module.
 */
import * as module from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundle, root } from "./bundle.mjs";

// Compiled code is kept between runs where Node can do that (22.8 and up).
/** @type {{ enableCompileCache?: (folder: string) => unknown }} */ (module).enableCompileCache?.(
  path.join(root, "node_modules", ".cache", "kairos", "compiled"),
);
const program = await import(pathToFileURL(await bundle({ entry: "infra/index.ts", hosted: true })).href);
export default program.default;
