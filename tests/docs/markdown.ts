/** Reads Markdown as the checks of the documents need it. */

/** A document taken apart. */
export interface Document {
  /** Levels and texts. */
  headings: { level: number; text: string }[];
  /** Fenced blocks, their first line with the language included. */
  blocks: string[];
  /** What stands between single backticks, on one line each. */
  spans: string[];
  /** Targets of links, in order. */
  links: string[];
  /** Anchors that GitHub gives to the headings. */
  anchors: string[];
}

export function parse(text: string): Document {
  const blocks = [...text.matchAll(/^```[^\n]*\n[\s\S]*?^```$/gm)].map(([block]) => block);
  const prose = text.replaceAll(/^```[^\n]*\n[\s\S]*?^```$/gm, "");
  const headings = [...prose.matchAll(/^(#+) (.+)$/gm)].map(([, marks = "", title = ""]) => ({
    level: marks.length,
    text: title,
  }));
  return {
    headings,
    blocks,
    spans: [...prose.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span.replaceAll(/\s+/g, " ")),
    links: [...prose.matchAll(/\]\(([^)\s]+)\)|<(https:[^>\s]+)>/g)].map(
      ([, inline, bare]) => inline ?? bare ?? "",
    ),
    anchors: headings.map(({ text: title }) => anchor(title)),
  };
}

/** As GitHub makes it: small letters, no punctuation, dashes for spaces. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

/** Command lines of a program in fenced blocks of shell and in backticks, without comments and prompts. */
export function commandLines({ blocks, spans }: Document, program: string): string[] {
  const shell = blocks.filter((block) => block.startsWith("```sh\n")).flatMap((block) => block.split("\n"));
  return (
    [...shell, ...spans]
      // Without comments, and without the file that a shell writes it to.
      .map((line) => line.replace(/\s#.*$| > \S+$/, "").trim())
      .flatMap((line) => line.split(/ && |; /))
      .filter((line) => line.startsWith(`${program} `))
  );
}

/** Words as a shell has them; quotes are taken off. */
export function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|((?:[^\s'"]|'[^']*'|"[^"]*")+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? (bare ?? "").replaceAll(/['"]/g, ""),
  );
}
