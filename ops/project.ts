import path from "node:path";
import { root } from "./bundle.mjs";

/**
 * The folder that holds `Pulumi.yaml` and the stack files: this checkout, or the one that KAIROS_PROJECT names. A
 * sandbox has a project of its own, so that its stack never meets those of the real accounts.
 */
export const projectRoot = process.env.KAIROS_PROJECT ? path.resolve(process.env.KAIROS_PROJECT) : root;
