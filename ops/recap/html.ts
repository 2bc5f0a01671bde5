/** A document as one HTML page that asks nobody for anything: style and pictures are in it, scripts it has none. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { html, raw } from "hono/html";
import { Marked, type Tokens } from "marked";
import { root } from "../bundle.mjs";
import { type Document, type PartName, partNames } from "./document.ts";
import { wordsIn } from "./parts.ts";
import { type Mark, marks } from "./seen.ts";

/** A piece of the page, escaped already. Hono's type allows promises, which nothing here is. */
type Piece = ReturnType<typeof html>;

/** A file beside this one, which its bundle is not. */
const beside = (name: string): Piece =>
  raw(readFileSync(path.join(root, "ops", "recap", name), "utf8").trim());

/** The page. Ends with a newline. */
export function htmlOf(document: Document): string {
  const { parts } = document;
  const { labels } = wordsIn(document.language);
  const [emoji, title] = titleOf(document.title);
  const sections = partNames.map((name) => ({ name, titled: titleOf(parts[name]) }));
  const page = html`<!doctype html>
<html lang="${document.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>
${beside("style.css")}
</style>
</head>
<body>
${beside("marks.svg")}
<div class="page">
<header>
<h1><span aria-hidden="true">${emoji}</span> ${title}</h1>
${rendered(document.intro, document)}</header>
<div class="columns">
<nav aria-label="${labels.contents}">
<h2 aria-hidden="true">${labels.contents}</h2>
<ol>
${sections.map(({ name, titled }) => html`<li><a href="#${name}">${titled.join(" ")}</a></li>\n`)}</ol>
</nav>
<main>
${sections.map(({ name }) => html`<section id="${name}">\n${rendered(parts[name], document, name)}</section>\n`)}</main>
</div>
<footer>${rendered(document.closing, document)}</footer>
</div>
</body>
</html>
`;
  return String(page);
}

/** The emoji and the words of a title, or of the heading that a part begins with. */
function titleOf(text: string): [emoji: string, words: string] {
  const [, emoji = "", words = ""] = /^(?:#+ )?(\S+) (.*)/.exec(text) ?? [];
  return [emoji, words];
}

/**
 * Markdown as a piece of the page. Marks are pictures where the templates put them: at the beginning of a point, a
 * cell, a line or a paragraph, and at the end of a heading; elsewhere they are somebody's text.
 */
function rendered(source: string, document: Document, part?: PartName): Piece {
  const { labels } = wordsIn(document.language);
  const ids = new Set<string>();
  const picture = (symbol: string, color: string, label: string): Piece =>
    html`<svg class="mark ${color}" role="img" aria-label="${label}"><use href="#mark-${symbol}"/></svg>`;
  const mark = (of: Mark): Piece => {
    const name = nameOf(of);
    return picture(name, name, labels.marks[name]);
  };
  const begun = (inline: string): string =>
    inline.replace(anyMark("^", " "), (_, of: Mark) => `${mark(of)} `);
  const ended = (inline: string): string =>
    inline.replace(anyMark(" ", "$"), (_, of: Mark) => ` ${mark(of)}`);

  /** A database at a glance, from `**MongoDB**: what for - ✅ how it stands`. */
  function card(inline: string, index: number): Piece {
    const name = (["mongodb", "postgres", "redis"] as const)[index] ?? "mongodb";
    const [, title, what, of, state] = /^<strong>(.*)<\/strong>\s*:\s*(.*) - (\S+) (.*)$/.exec(inline) ?? [];
    return html`<li class="card ${name}"><a href="#${name}"><span aria-hidden="true">${titleOf(document.parts[name])[0]}</span> ${title}</a>
<p>${raw(what ?? "")}</p>
<span class="status ${nameOf(of as Mark)}">${mark(of as Mark)} ${state}</span></li>\n`;
  }

  const marked = new Marked({
    // What looks like an address in somebody's text is text.
    tokenizer: { url: () => undefined },
    renderer: {
      html: ({ text }) => String(html`${text}`),
      link({ href, tokens }) {
        return String(html`<a href="${href}" rel="noreferrer">${raw(this.parser.parseInline(tokens))}</a>`);
      },
      heading({ depth, tokens, text }) {
        const inline = ended(this.parser.parseInline(tokens));
        if (depth === 2)
          return `<h2>${inline.replace(/^(\S+) /, '<span aria-hidden="true">$1</span> ')}</h2>\n`;
        const slug =
          text
            .normalize("NFD")
            .toLowerCase()
            .match(/[a-z0-9]+/g) ?? [];
        const id = [part, ...slug, ...(ids.has(slug.join()) ? [ids.size] : [])].join("-");
        ids.add(slug.join());
        return `<h${depth} id="${id}">${inline}</h${depth}>\n`;
      },
      paragraph({ tokens }) {
        return `<p>${begun(this.parser.parseInline(tokens))}</p>\n`;
      },
      checkbox: ({ checked }) =>
        String(
          checked
            ? picture("ticked", "good", labels.ticked)
            : picture("unticked", "unchecked", labels.unticked),
        ),
      list({ ordered, items }) {
        const inline = items.map(({ tokens }) => this.parser.parse(tokens));
        if (part === "overview") return `<ol class="cards">\n${inline.map(card).join("")}</ol>\n`;
        const points = inline.map((item) => `<li>${begun(item)}</li>\n`).join("");
        if (ordered) return `<ol>\n${points}</ol>\n`;
        const isMarked = inline.some((item) => anyMark("^", " ").test(item));
        const kind = items.some(({ task }) => task) ? "checklist" : isMarked ? "marked" : undefined;
        return `<ul${kind ? ` class="${kind}"` : ""}>\n${points}</ul>\n`;
      },
      code({ text, lang }) {
        if (lang) return String(html`<pre tabindex="0"><code>${text}</code></pre>\n`);
        const lines = text.split("\n").map((line) => `<li>${begun(String(html`${line}`))}</li>\n`);
        return `<ul class="log">\n${lines.join("")}</ul>\n`;
      },
      table({ header, rows }) {
        const cell = ({ tokens }: Tokens.TableCell) => raw(begun(this.parser.parseInline(tokens)));
        return String(
          table(
            header.map(cell),
            rows.map((row) => row.map(cell)),
          ),
        );
      },
    },
  });
  return raw(marked.parse(source, { async: false }));
}

/** Rows that a narrow screen shows as blocks stay rows for who listens: hence the roles. */
const table = (
  head: readonly Piece[],
  rows: readonly (readonly Piece[])[],
): Piece => html`<table role="table">
<thead role="rowgroup"><tr role="row">${head.map((title) => html`<th scope="col" role="columnheader">${title}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(([first, ...rest]) => html`<tr role="row"><th scope="row" role="rowheader">${first}</th>${rest.map((cell, index) => html`<td role="cell" data-label="${head[index + 1]}"><span>${cell}</span></td>`)}</tr>\n`)}</tbody>
</table>\n`;

const anyMark = (before: string, after: string): RegExp =>
  new RegExp(`${before}(${Object.values(marks).join("|")})${after}`, "u");

const nameOf = (of: Mark): keyof typeof marks =>
  (Object.keys(marks) as (keyof typeof marks)[]).find((name) => marks[name] === of) ?? "unchecked";
