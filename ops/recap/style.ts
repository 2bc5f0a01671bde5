/** How the page looks: light and dark, wide and narrow, on paper. Fonts are those of the reader's machine. */

/** The style sheet. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f7f6f2; --sheet: #ffffff; --ink: #1c2329; --soft: #59646e; --line: #e1ded6; --field: #f2f0ea;
  --link: #0a5ba8; --accent: #4a5560;
  --good: #0b7a4b; --warning: #9a5800; --bad: #bf2b2b; --note: #2563ad; --unchecked: #6b757e;
  --mongodb: #00794f; --postgres: #2f6597; --redis: #c5302a;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #101417; --sheet: #171c20; --ink: #e4e7e9; --soft: #a0aab3; --line: #2b333a; --field: #1f262b;
    --link: #79b8ff; --accent: #9aa6b0;
    --good: #46c98c; --warning: #e8a84a; --bad: #ff7b72; --note: #79b8ff; --unchecked: #929da6;
    --mongodb: #35c48b; --postgres: #74a9dc; --redis: #ff7a6e;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
code, pre, .log { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
a { color: var(--link); text-underline-offset: 0.15em; overflow-wrap: anywhere; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.page { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
header { margin-bottom: 2rem; }
h1 { margin: 0 0 0.75rem; font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; }
header p { max-width: 46rem; margin: 0.4rem 0; color: var(--soft); }
.columns { display: grid; gap: 2.5rem; grid-template-columns: minmax(0, 1fr); }
nav h2 { margin: 0 0 0.5rem; font-size: 0.8rem; text-transform: uppercase; letter-spacing: 0.08em; color: var(--soft); }
nav ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.4rem; }
nav li { margin: 0; }
nav a {
  display: block; padding: 0.25rem 0.7rem; border: 1px solid var(--line); border-radius: 999px;
  background: var(--sheet); color: var(--ink); text-decoration: none; font-size: 0.9rem;
}
nav a:hover { border-color: var(--link); color: var(--link); }
@media (min-width: 64rem) {
  .columns { grid-template-columns: 15.5rem minmax(0, 1fr); }
  nav { position: sticky; top: 1.5rem; align-self: start; }
  nav ol { flex-direction: column; gap: 0.1rem; }
  nav a { border-color: transparent; border-radius: 6px; background: none; }
  nav a:hover { background: var(--field); border-color: transparent; }
}
main > section {
  background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; border-top: 4px solid var(--accent);
  padding: 1.5rem 1.75rem; margin-bottom: 1.5rem;
}
#mongodb, .card.mongodb { --accent: var(--mongodb); }
#postgres, .card.postgres { --accent: var(--postgres); }
#redis, .card.redis { --accent: var(--redis); }
h2, h3, h4 { line-height: 1.3; text-wrap: balance; }
h2 { margin: 0 0 1rem; font-size: 1.4rem; letter-spacing: -0.01em; }
h3 { margin: 1.75rem 0 0.6rem; font-size: 1.08rem; color: var(--accent); overflow-wrap: anywhere; }
h4 { margin: 1.4rem 0 0.5rem; font-size: 1rem; }
p { margin: 0.6rem 0; }
ul, ol { margin: 0.6rem 0; padding-left: 1.4rem; }
li { margin: 0.25rem 0; }
ul.marked, ul.checklist, ul.log { list-style: none; padding-left: 0; }
ul.marked > li, ul.checklist > li, ul.log > li { padding-left: 1.7rem; position: relative; }
ul.marked > li > .mark, ul.checklist > li > .mark, ul.log > li > .mark { position: absolute; left: 0; top: 0.22em; }
.mark { width: 1.1em; height: 1.1em; vertical-align: -0.18em; flex: none; }
.good { color: var(--good); } .warning { color: var(--warning); } .bad { color: var(--bad); }
.note { color: var(--note); } .unchecked { color: var(--unchecked); }
ul.log, pre {
  background: var(--field); border: 1px solid var(--line); border-radius: 8px; padding: 0.8rem 1rem; font-size: 0.88rem;
  line-height: 1.55;
}
pre { overflow-x: auto; margin: 0.6rem 0; }
pre code { background: none; padding: 0; font-size: inherit; overflow-wrap: normal; }
code { background: var(--field); border-radius: 4px; padding: 0.1em 0.35em; font-size: 0.88em; overflow-wrap: anywhere; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(13.5rem, 1fr)); list-style: none; padding: 0; margin: 1rem 0 0; }
.card {
  display: flex; flex-direction: column; gap: 0.45rem; margin: 0; padding: 1rem 1.1rem; border: 1px solid var(--line);
  border-left: 4px solid var(--accent); border-radius: 8px; background: var(--paper);
}
.card a { color: inherit; font-weight: 650; text-decoration: none; }
.card a:hover { text-decoration: underline; }
.card p { margin: 0; font-size: 0.9rem; color: var(--soft); flex: 1; }
.card .status { display: flex; align-items: center; gap: 0.4em; font-size: 0.92rem; font-weight: 600; }
table { width: 100%; border-collapse: collapse; margin: 0.8rem 0; font-size: 0.93rem; }
th, td { padding: 0.5rem 0.75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { font-size: 0.8rem; font-weight: 600; color: var(--soft); border-bottom-width: 2px; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th code { white-space: nowrap; }
footer { color: var(--soft); font-size: 0.92rem; padding: 0 0.25rem; }
@media (max-width: 40rem) {
  .page { padding: 1.5rem 1rem 3rem; }
  main > section { padding: 1.1rem 1rem; border-radius: 8px; }
  nav ol { gap: 0.45rem; }
  nav a { padding: 0.35rem 0.7rem; font-size: 0.84rem; }
  table, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  tbody th, tbody td { padding: 0.1rem 0; border: 0; }
  tbody td { display: grid; grid-template-columns: 8.2rem minmax(0, 1fr); gap: 0.6rem; }
  tbody td::before { content: attr(data-label); color: var(--soft); font-size: 0.85rem; }
}
@media print {
  @page { size: A4; margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #59646e; } }
  :root { --paper: #ffffff; --field: #f5f4f0; }
  html { font-size: 9.5pt; }
  body { line-height: 1.45; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .page { max-width: none; padding: 0; }
  nav { display: none; }
  main > section { border: 0; border-top: 3px solid var(--accent); border-radius: 0; padding: 0.8rem 0 0.4rem; margin-bottom: 1rem; }
  h1 { font-size: 20pt; } h2 { font-size: 14pt; } h3 { font-size: 11pt; margin-top: 1rem; }
  h2, h3, h4 { break-after: avoid; }
  #documentation { break-inside: avoid; }
  header p { max-width: none; }
  footer { break-before: avoid; }
  p, li { orphans: 3; widows: 3; }
  table, li, pre, .cards, ul.log, ul.checklist { break-inside: avoid; }
  p:has(+ table), p:has(+ ul), p:has(+ ol), p:has(+ pre) { break-after: avoid; }
  thead { display: table-header-group; }
  pre { white-space: pre-wrap; }
  a { color: inherit; }
}
`;
