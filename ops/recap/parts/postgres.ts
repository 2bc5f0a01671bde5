/** The part of PostgreSQL. */
import { type PostgresFacts, tables } from "../../status/model.ts";
import {
  type Block,
  bullets,
  code,
  type Inline,
  type Item,
  paragraph,
  type Section,
  say,
  section,
} from "../model.ts";
import { commands, postgresOption, settingsYaml } from "../options.ts";
import type { View } from "../view.ts";
import { type Context, connectedPoint, current, point, points, tlsPoint, variables } from "./database.ts";

export function postgresSection(context: Context, view: View<"postgres">): Section {
  const { databases } = context.words;
  return section({ id: "postgres", emoji: "🐘", title: databases.optional("PostgreSQL") }, [
    section({ id: "postgres-current", title: databases.current }, current(context, view, planned(context))),
    section({ id: "postgres-variables", title: databases.variables.title }, variables(context, view)),
    view.state === "off" ? options(context, view) : undefined,
    section({ id: "postgres-status", title: databases.status.title }, [status(context, view)]),
    section({ id: "postgres-tables", title: databases.tables.title }, [
      paragraph(databases.tables.created),
      tableList(context, view),
    ]),
    section({ id: "postgres-note", title: databases.note.title }, [paragraph(databases.note.text)]),
  ]);
}

function planned({ facts, words }: Context): Inline | undefined {
  const { postgres, region } = facts.planned.settings;
  const { planned } = words.databases;
  if (!postgres.enabled) return undefined;
  const { name, plan, version, network } = postgres;
  return planned.postgres(name, plan, version, postgres.region ?? region, network === "private");
}

function options({ facts, words }: Context, view: View<"postgres">): Section {
  const { options: say } = words.databases;
  const { stack } = facts.planned;
  const apply: Block[] = [
    paragraph(say.apply("PostgreSQL")),
    { kind: "code", language: "sh", text: commands({ keys: [] }, stack) },
  ];
  const activate: Block[] = [
    paragraph(say.postgres),
    paragraph(say.into(`Pulumi.${stack}.yaml`)),
    { kind: "code", language: "yaml", text: settingsYaml(postgresOption) },
    paragraph(say.afterwards),
    { kind: "code", language: "sh", text: commands(postgresOption, stack) },
  ];
  return section({ id: "postgres-options", title: say.title("PostgreSQL") }, view.planned ? apply : activate);
}

function status(context: Context, view: View<"postgres">): Block {
  const { status } = context.words.databases;
  const facts: PostgresFacts = view.checked?.facts ?? { connected: false };
  return points(view, connectedPoint(context, view), [
    point(context, status.tables, tablesPoint(context, facts)),
    point(context, status.conflict, conflict(context, facts)),
    point(context, status.role, role(context, facts)),
    point(context, status.connections, connections(context, facts, view)),
    point(
      context,
      status.size,
      facts.size === undefined ? undefined : { mark: "note", content: [status.bytes(facts.size)] },
    ),
    tlsPoint(context, facts.tls, view),
  ]);
}

/** How many of the backend's tables are there; undefined where nobody looked. */
export const presentTables = (facts: PostgresFacts): number | undefined =>
  facts.tables && tables.filter((name) => facts.tables?.[name] === "present").length;

function tablesPoint({ words }: Context, facts: PostgresFacts): Item | undefined {
  const present = presentTables(facts);
  if (present === undefined) return undefined;
  return {
    mark: present === tables.length ? "good" : "warning",
    content: words.databases.status.tablesPresent(present, tables.length),
  };
}

function conflict({ words }: Context, { conflicts }: PostgresFacts): Item | undefined {
  if (conflicts === undefined) return undefined;
  const { conflicts: found, noConflict } = words.databases.status;
  return conflicts.length === 0
    ? { mark: "good", content: noConflict }
    : { mark: "bad", content: found(conflicts.map(({ name }) => name)) };
}

function role({ words }: Context, { role: seen }: PostgresFacts): Item | undefined {
  const { superuser, ordinary } = words.databases.status;
  if (seen === undefined) return undefined;
  return seen.superuser
    ? { mark: "warning", content: superuser(seen.name) }
    : { mark: "good", content: ordinary(seen.name) };
}

function connections(
  { words }: Context,
  { connections: seen }: PostgresFacts,
  { checked }: View<"postgres">,
): Item | undefined {
  if (seen === undefined) return undefined;
  const nearlyUsed = checked?.remarks.some(({ kind }) => kind === "connections-nearly-used") ?? false;
  return {
    mark: nearlyUsed ? "warning" : "good",
    content: words.databases.status.connectionsUsed(seen.used, seen.maximum),
  };
}

function tableList({ words }: Context, { checked }: View<"postgres">): Block {
  const { names, present, missing } = words.databases.tables;
  const seen = checked?.facts.tables;
  return bullets(
    tables.map((name): Item => {
      const text = say`${code(name)}${words.labels.colon}${names[name]}`;
      if (seen === undefined) return { content: text };
      return seen[name] === "present"
        ? { mark: "good", content: say`${text} - ${present}` }
        : { mark: "warning", content: say`${text} - ${missing}` };
    }),
  );
}
