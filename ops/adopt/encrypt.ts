/** Encrypts settings for the stack file, without the engine's writing into it. */
import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import type { Stack } from "../../engine/cli/stack.ts";

/**
 * Texts as the stack's own secrets provider encrypts them. The engine writes them into a scratch file, not into the
 * stack's: it would lay out the whole file anew.
 *
 * @param header what stands beside `config:` in the stack file
 * @returns the ciphertexts in order, and the header, to which the engine may have added its salt
 */
export async function encrypt(
  stack: Stack,
  header: Record<string, unknown>,
  texts: readonly string[],
): Promise<{ secure: string[]; header: Record<string, unknown> }> {
  if (texts.length === 0) return { secure: [], header };
  return stack.withFile(stringify({ ...header, config: {} }), async (scratch, file) => {
    for (const [index, text] of texts.entries()) await scratch.setSecret(`adopt:secret${index}`, text);
    const { config, ...made } = parse(await readFile(file, "utf8")) as {
      config: Record<string, { secure: string }>;
    };
    return { secure: texts.map((_, index) => config[`adopt:secret${index}`]?.secure ?? ""), header: made };
  });
}
