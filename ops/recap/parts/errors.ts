/** Errors and how to correct them: the one that the backend is known for, and whatever the checks found. */
import type { DatabaseName, Problem, Remark } from "../../status/model.ts";
import {
  type Block,
  bullets,
  code,
  type Inline,
  link,
  type Mark,
  numbered,
  paragraph,
  type Section,
  say,
  section,
  strong,
} from "../model.ts";
import type { View, Views } from "../view.ts";
import { type Context, names, problemText } from "./database.ts";
import { answered } from "./services.ts";

export function errors(context: Context, views: Views): Section {
  const { errors: words } = context.words;
  const found = [
    ...Object.values(views).flatMap((view) => ofDatabase(context, view)),
    ...ofServices(context),
  ];
  const none = paragraph(context.facts.status === undefined ? words.notChecked : words.noneFound);
  return section({ id: "errors", emoji: "🔧", title: words.title }, [
    ...(found.length === 0 ? [none] : []),
    duplicateKey(context, views.postgres),
    ...found,
  ]);
}

/** Types of the backend's names that no table has: each blocks the creation of its table. */
const lookForTypes = `SELECT n.nspname, t.typname
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typname IN ('users', 'courses', 'modules', 'enrollments', 'user_progress')
  AND (c.oid IS NULL OR c.relkind = 'c');`;

/** The seed's error. Whether it is there now is only said by who looked. */
function duplicateKey({ words: { errors: words, ...all } }: Context, view: View<"postgres">): Section {
  const conflicts = view.checked?.facts.conflicts;
  const some = conflicts !== undefined && conflicts.length > 0;
  const mark: Mark =
    view.state === "off" ? "note" : conflicts === undefined ? "unchecked" : some ? "bad" : "good";
  const affected = some ? conflicts.map(({ name }) => name) : ["users"];
  const sql = some ? conflicts.map(({ sql }) => sql).join("\n") : lookForTypes;
  return section({ id: "errors-duplicate-key", title: words.duplicateKey }, [
    paragraph(all.labelled(words.problem, words.conflict(affected))),
    paragraph(all.labelled(words.solution, some ? words.drop : words.look)),
    { kind: "code", language: "sql", text: sql },
    bullets([...(some ? [] : [{ content: words.dropOne }]), { content: words.checkFirst }]),
    paragraph(all.labelled(words.statement, words.standing[mark]), mark),
  ]);
}

function ofDatabase(context: Context, { name, checked }: View): Section[] {
  if (checked === undefined) return [];
  const problem = checked.problem && problemSection(context, `errors-${name}`, names[name], checked.problem);
  const warnings = checked.remarks
    // That one has a section of its own.
    .filter(({ severity, kind }) => severity === "warning" && kind !== "type-conflict")
    .map((remark) => remarkSection(context, name, remark));
  return problem === undefined ? warnings : [problem, ...warnings];
}

function problemSection({ words }: Context, id: string, title: string, problem: Problem): Section {
  const { errors } = words;
  const what = problemText(words, problem);
  return section({ id, title: errors.found(title, what), mark: "bad" }, [
    paragraph(
      words.labelled(
        errors.problem,
        say`${what} (${errors.evidence}${words.labels.colon}${code(problem.evidence)})`,
      ),
    ),
    paragraph([strong(errors.causes), words.labels.colon.trimEnd()]),
    numbered(
      problem.causes.map((cause) => {
        const { because, next } = words.status.causes[cause];
        return { content: words.labelled(because, linked(next)) };
      }),
    ),
    paragraph(words.labelled(errors.statement, errors.standing.bad), "bad"),
  ]);
}

function remarkSection({ words }: Context, name: DatabaseName, remark: Remark): Section {
  const { errors } = words;
  const { says: what, next } = words.status.remark(remark);
  const solution: Block[] =
    next === undefined ? [] : [paragraph(words.labelled(errors.solution, linked(next)))];
  const sql: Block[] =
    remark.sql === undefined ? [] : [{ kind: "code", language: "sql", text: remark.sql.join("\n") }];
  return section(
    { id: `errors-${name}-${remark.kind}`, title: errors.found(names[name], what), mark: "warning" },
    [...solution, ...sql, paragraph(words.labelled(errors.statement, [errors.toCorrect]), "warning")],
  );
}

function ofServices(context: Context): Section[] {
  const render = answered(context);
  if (render === undefined) return [];
  const own = render.problem && problemSection(context, "errors-services", "Render", render.problem);
  const each = render.services.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [problemSection(context, `errors-service-${name}`, name, problem)],
  );
  return own === undefined ? each : [own, ...each];
}

/** The status' words are for a terminal, where an address is text. */
const linked = (text: string): Inline =>
  text
    .split(/(https:\/\/[^\s)]+[^\s).,;])/)
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("https://") ? link(part) : part));
