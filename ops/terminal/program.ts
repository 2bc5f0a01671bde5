/** What people type to get here again. */
import path from "node:path";
import { root } from "../bundle.mjs";

const from = path.relative(root, process.cwd());
const isInside = from === "" || (!from.startsWith("..") && !path.isAbsolute(from));

/** Of this package `npx` knows it alone inside its folder: elsewhere it would bring somebody else's of the same name. */
export const program = isInside ? "npx kairos" : `node ${path.join(root, "ops", "kairos.mjs")}`;
