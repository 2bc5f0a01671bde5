/** What a command puts out, for people and for programs. */

/** Writes to stdout and resolves when it is out: a pipe takes its time, and what waits goes with the process. */
export const write = (text: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(text, () => resolve()));

/** What an interrupted command says to the shell: 128 and the number of SIGINT. */
export const interruptedCode = 130;

/** As `--json` prints it. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
