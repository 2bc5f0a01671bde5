import path from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of this checkout. A bundle is somewhere else, and is told (see ops/bundle.mjs). */
export const root = process.env.KAIROS_ROOT ?? fileURLToPath(new URL("..", import.meta.url));

/** A file of this folder's sources, such as `processes/supervisor.mjs`. */
export const source = (file: string) => path.join(root, "sandbox", file);
