#!/usr/bin/env node
// @ts-check
/** Starts the commands: bundles them if a source has changed, then runs the bundle. */
import * as module from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundle, root } from "./bundle.mjs";

// Compiled code is kept between runs where Node can do that (22.8 and up).
/** @type {{ enableCompileCache?: (folder: string) => unknown }} */ (module).enableCompileCache?.(
  path.join(root, "node_modules", ".cache", "kairos", "compiled"),
);
const { main } = await import(pathToFileURL(await bundle({ entry: "ops/main.ts" })).href);
await main(process.argv);
