/** A document as one HTML page that asks nobody for anything: style and pictures are in it, scripts it has none. */
import { html, raw } from "hono/html";
import type { Block, Document, Inline, Item, Mark, Section, Span } from "./model.ts";
import { style } from "./style.ts";

/** A piece of the page, escaped already. Hono's type allows promises, which nothing here is. */
type Piece = ReturnType<typeof html>;

/** The page. Ends with a newline. */
export function htmlOf(document: Document): string {
  const { labels, sections } = document;
  const page = html`<!doctype html>
<html lang="${document.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${document.title}</title>
<style>${raw(style)}</style>
</head>
<body>
${raw(symbols)}
<div class="page">
<header>
<h1><span aria-hidden="true">${document.emoji}</span> ${document.title}</h1>
${document.blocks.map((one) => block(one, document))}
</header>
<div class="columns">
<nav aria-label="${labels.contents}">
<h2 aria-hidden="true">${labels.contents}</h2>
<ol>
${sections.map(({ id, emoji, title }) => html`<li><a href="#${id}">${emoji ?? ""} ${title}</a></li>\n`)}</ol>
</nav>
<main>
${sections.map((one) => section(one, 2, document))}</main>
</div>
<footer><p>${inline(document.closing)}</p></footer>
</div>
</body>
</html>
`;
  return String(page);
}

function section(of: Section, level: number, document: Document): Piece {
  const tag = raw(`h${level}`);
  const icon = of.emoji && html`<span aria-hidden="true">${of.emoji}</span> `;
  return html`<section id="${of.id}">
<${tag}>${icon ?? ""}${of.title}${of.mark === undefined ? "" : html` ${mark(of.mark, document)}`}</${tag}>
${of.blocks.map((one) => block(one, document))}${of.sections.map((inner) => section(inner, level + 1, document))}</section>
`;
}

function block(of: Block, document: Document): Piece {
  switch (of.kind) {
    case "paragraph":
      return html`<p>${item(of, document)}</p>\n`;
    case "list": {
      const tag = raw(of.ordered ? "ol" : "ul");
      const marked = !of.ordered && of.items.some((one) => one.mark !== undefined);
      return html`<${tag}${marked ? raw(' class="marked"') : ""}>
${of.items.map((one) => html`<li>${item(one, document)}</li>\n`)}</${tag}>\n`;
    }
    case "checklist":
      return html`<ul class="checklist">
${of.items.map(({ ticked, content }) => html`<li>${box(ticked, document)}${inline(content)}</li>\n`)}</ul>\n`;
    case "table":
      return table(of, document);
    case "code":
      return html`<pre tabindex="0"><code>${of.text}</code></pre>\n`;
    case "log":
      return html`<ul class="log">
${of.lines.map((line) => html`<li>${mark(line.mark, document)} ${line.text}</li>\n`)}</ul>\n`;
    case "cards":
      return html`<ol class="cards">
${of.cards.map(
  (
    card,
  ) => html`<li class="card ${card.section}"><a href="#${card.section}"><span aria-hidden="true">${card.emoji}</span> ${card.title}</a>
<p>${inline(card.content)}</p>
<span class="status ${card.mark}">${mark(card.mark, document)} ${card.status}</span></li>\n`,
)}</ol>\n`;
  }
}

/** Rows that a narrow screen shows as blocks stay rows for who listens: hence the roles. */
function table({ head, rows }: Extract<Block, { kind: "table" }>, document: Document): Piece {
  const cells = ([first, ...rest]: Item[]) =>
    html`<th scope="row" role="rowheader">${first === undefined ? "" : item(first, document)}</th>${rest.map(
      (one, index) =>
        html`<td role="cell" data-label="${head[index + 1] ?? ""}"><span>${item(one, document)}</span></td>`,
    )}`;
  return html`<table role="table">
<thead role="rowgroup"><tr role="row">${head.map((title) => html`<th scope="col" role="columnheader">${title}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => html`<tr role="row">${cells(row)}</tr>\n`)}</tbody>
</table>\n`;
}

const item = (of: Item, document: Document): Piece =>
  html`${of.mark === undefined ? "" : html`${mark(of.mark, document)} `}${inline(of.content)}`;

const inline = (content: Inline): Piece => html`${content.map(span)}`;

function span(of: Span): Piece {
  if (typeof of === "string") return html`${of}`;
  if ("code" in of) return html`<code>${of.code}</code>`;
  if ("strong" in of) return html`<strong>${inline(of.strong)}</strong>`;
  return html`<a href="${of.link}" rel="noreferrer">${of.text}</a>`;
}

const mark = (of: Mark, { labels }: Document): Piece => picture(of, of, labels.marks[of]);
const box = (ticked: boolean, { labels }: Document): Piece =>
  ticked ? picture("ticked", "good", labels.ticked) : picture("unticked", "unchecked", labels.unticked);

const picture = (symbol: string, color: string, label: string): Piece =>
  html`<svg class="mark ${color}" role="img" aria-label="${label}"><use href="#mark-${symbol}"/></svg>`;

const line = 'fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
const disc = '<circle cx="10" cy="10" r="9" fill="currentColor"/>';
const symbol = (name: string, content: string) =>
  `<symbol id="mark-${name}" viewBox="0 0 20 20">${content}</symbol>`;

/** The marks, drawn: emoji look different on every machine and print badly. */
const symbols = `<svg width="0" height="0" style="position:absolute" aria-hidden="true">${[
  symbol("good", `${disc}<path d="M5.8 10.4l2.8 2.8 5.6-6" stroke="var(--sheet)" ${line}/>`),
  symbol(
    "warning",
    `<path d="M10 1.6l9 16.2H1z" fill="currentColor" stroke="currentColor" stroke-linejoin="round"/><path d="M10 7.4v4.6M10 14.8v.1" stroke="var(--sheet)" ${line}/>`,
  ),
  symbol("bad", `${disc}<path d="M6.8 6.8l6.4 6.4M13.2 6.8l-6.4 6.4" stroke="var(--sheet)" ${line}/>`),
  symbol("note", `${disc}<path d="M10 9.4v4.8M10 6v.1" stroke="var(--sheet)" ${line}/>`),
  symbol(
    "unchecked",
    `<circle cx="10" cy="10" r="8" stroke="currentColor" stroke-dasharray="3.2 3.1" ${line}/><path d="M7.7 8a2.4 2.4 0 1 1 3.3 2.2c-.7.3-1 .7-1 1.4M10 14.3v.1" stroke="currentColor" ${line}/>`,
  ),
  symbol(
    "ticked",
    `<rect x="2" y="2" width="16" height="16" rx="3.5" fill="currentColor"/><path d="M6 10.3l2.7 2.7 5.3-5.8" stroke="var(--sheet)" ${line}/>`,
  ),
  symbol("unticked", `<rect x="3" y="3" width="14" height="14" rx="3" stroke="currentColor" ${line}/>`),
].join("")}</svg>`;
