/** The backend's services: what Render says of their deploys and variables. */
import type { RenderServiceStatus, RenderStatus } from "../../status/model.ts";
import {
  cell,
  code,
  type Inline,
  type Item,
  type Mark,
  paragraph,
  type Section,
  say,
  section,
} from "../model.ts";
import { markOf } from "../view.ts";
import { type Context, problemText } from "./database.ts";

type Answered = Exclude<RenderStatus, { state: "unchecked" }>;

/** What Render answered; undefined where nobody asked, or it said nothing. */
export function answered({ facts }: Context): Answered | undefined {
  const render = facts.status?.render;
  return render === undefined || render.state === "unchecked" ? undefined : render;
}

export function servicesMark(context: Context): Mark {
  return markOf(answered(context)?.state ?? "unchecked");
}

export function servicesSection(context: Context): Section {
  const { words } = context;
  const { title, head } = words.services;
  return section({ id: "services", emoji: "🖥️", title }, [
    paragraph(lead(context)),
    { kind: "table", head, rows: rows(context) },
  ]);
}

function lead({ facts, words }: Context): Inline {
  const { lead } = words.services;
  const render = facts.status?.render;
  if (render === undefined) return lead.unchecked;
  if (render.state === "unchecked") return lead[render.reason];
  return render.problem === undefined ? lead.checked : lead.failed(problemText(words, render.problem));
}

function rows(context: Context): Item[][] {
  const { facts, words } = context;
  const seen = answered(context)?.services ?? [];
  if (seen.length > 0) return seen.map((service) => row(context, service));
  const { unchecked } = words.services.states;
  return facts.planned.services.map((name) => [
    cell(code(name)),
    { mark: "unchecked", content: [unchecked] },
    cell(words.notChecked),
    cell(words.notChecked),
  ]);
}

function row({ words }: Context, service: RenderServiceStatus): Item[] {
  const { states, deploy, noDeploy } = words.services;
  const { lastDeploy: last } = service;
  const state = service.suspended ? states.suspended : states[service.state];
  const when = last && `${last.createdAt.slice(0, 10)} ${last.createdAt.slice(11, 16)}`;
  const why = service.problem && problemText(words, service.problem);
  return [
    cell(code(service.name)),
    { mark: markOf(service.state), content: [why ?? state] },
    last === undefined || when === undefined
      ? cell(service.problem ? words.notChecked : noDeploy)
      : { content: deploy(last.status, when) },
    { content: variablesOf(service, words) },
  ];
}

function variablesOf(
  { variables, liveWithCurrentVariables: live }: RenderServiceStatus,
  words: Context["words"],
): Inline {
  const { equal, lists, current } = words.services;
  if (variables === undefined) return [words.notChecked];
  const wrong = (Object.keys(lists) as (keyof typeof lists)[]).filter((kind) => variables[kind].length > 0);
  const differences = wrong.flatMap(
    (kind, index): Inline => [
      ...(index === 0 ? [] : [" ; "]),
      `${lists[kind]}${words.labels.colon}`,
      ...variables[kind].flatMap((name, at) => (at === 0 ? [code(name)] : [", ", code(name)])),
    ],
  );
  const content = wrong.length === 0 ? equal : differences;
  return live === undefined ? content : say`${content}, ${current[live]}`;
}
