/** What a command puts out, for people and for programs. */
import { Option } from "commander";
import { visible } from "../../vendors/redaction.ts";

/** The forms in which a command can print in place of text, one at a time, each with what it is for. */
export const forms = (words: Partial<Record<"json" | "markdown" | "diagram", string>>): Option[] =>
  Object.entries(words).map(([name, what], _, all) =>
    new Option(`--${name}`, what).conflicts(all.map(([other]) => other).filter((other) => other !== name)),
  );

/** Writes to stdout and resolves when it is out: a pipe takes its time, and what waits goes with the process. */
export const write = (text: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(harmless(text), () => resolve()));

/** The colours that this tool has (picocolors writes them), and none that hides a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
const colours = /(\u001b\[(?:0|1|2|22|3[0-79])m)/;

/** A text, of which names and errors come from elsewhere, for a terminal: it obeys nothing but lines and colours. */
export const harmless = (text: string): string =>
  text
    .split(colours)
    .map((part) => (colours.test(part) ? part : visible(part, "\n\t")))
    .join("");

/** What an interrupted command says to the shell: 128 and the number of SIGINT. */
export const interruptedCode = 130;

/** As `--json` prints it. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
