/** The checklist. A tick means that the check whose status this is has seen it; whatever else is known, no tick. */
import type { MongodbFacts, PostgresFacts, TlsFacts } from "../../status/model.ts";
import { tables } from "../../status/model.ts";
import { type Inline, type Section, section } from "../model.ts";
import type { View, Views } from "../view.ts";
import { type Context, names } from "./database.ts";
import { indexCount } from "./mongodb.ts";
import { presentTables } from "./postgres.ts";
import { failedCommands } from "./redis.ts";
import { answered, servicesMark } from "./services.ts";

/** What somebody saw: yes or no; undefined: nobody could look. */
interface Looked {
  content: Inline;
  seen: boolean | undefined;
}

export function checklist(context: Context, views: Views): Section {
  const { words } = context;
  const list = (view: View, items: Looked[]) =>
    section({ id: `checklist-${view.name}`, title: names[view.name], mark: view.mark }, [
      block(context, view.state === "off", [...variables(context, view), ...items]),
    ]);
  return section({ id: "checklist", emoji: "📋", title: words.checklist.title }, [
    list(views.mongodb, mongodb(context, views.mongodb)),
    list(views.postgres, postgres(context, views.postgres)),
    list(views.redis, redis(context, views.redis)),
    section({ id: "checklist-services", title: words.services.title, mark: servicesMark(context) }, [
      block(context, false, services(context)),
    ]),
  ]);
}

/** Of what is off nobody expects that it was checked. */
function block({ words }: Context, off: boolean, items: Looked[]) {
  return {
    kind: "checklist" as const,
    items: items.map(({ content, seen }) => ({
      ticked: seen === true,
      content: seen === undefined && !off ? words.checklist.notChecked(content) : content,
    })),
  };
}

function variables({ facts, words }: Context, { name, variables }: View): Looked[] {
  return variables.map(({ name: variable }) => {
    const live = facts.status?.contract.find((one) => one.name === variable);
    return { content: words.checklist.set(variable, name === "redis"), seen: live && live.state === "set" };
  });
}

/** Whether it was connected to; undefined where nobody tried. */
const connected = ({ checked, state }: View) =>
  checked === undefined || state === "off" ? undefined : checked.facts.connected;

const encrypted = (tls: TlsFacts | undefined) => tls?.on && tls.trusted && (tls.daysLeft ?? 0) >= 0;

function mongodb({ facts, words }: Context, view: View<"mongodb">): Looked[] {
  const say = words.checklist;
  const seen: Partial<MongodbFacts> = view.checked?.facts ?? {};
  const { collections, database, rights } = seen;
  const count = indexCount({ connected: true, ...seen });
  return [
    { content: [say.connected], seen: connected(view) },
    { content: [say.indexes], seen: count === undefined ? undefined : count > 0 },
    { content: [say.collections], seen: collections && collections.length > 0 },
    {
      content: say.databaseExists(database?.asked ?? facts.planned.settings.mongodb.database),
      seen: database?.exists,
    },
    {
      content: [say.rights],
      seen: rights?.canRead && rights.canWrite && rights.beyond.length === 0,
    },
    { content: [say.tls], seen: encrypted(seen.tls) },
  ];
}

function postgres({ words }: Context, view: View<"postgres">): Looked[] {
  const say = words.checklist;
  const seen: Partial<PostgresFacts> = view.checked?.facts ?? {};
  const present = presentTables({ connected: true, ...seen });
  return [
    { content: [say.connected], seen: connected(view) },
    { content: [say.tables], seen: present === undefined ? undefined : present === tables.length },
    { content: [say.noConflict], seen: seen.conflicts && seen.conflicts.length === 0 },
    { content: [say.notSuperuser], seen: seen.role && !seen.role.superuser },
    { content: [say.tlsOptional], seen: encrypted(seen.tls) },
  ];
}

function redis({ words }: Context, view: View<"redis">): Looked[] {
  const say = words.checklist;
  const failed = view.checked && failedCommands(view.checked.facts);
  return [
    // One that lets a backend in exists.
    { content: [say.redisCreated], seen: connected(view) || undefined },
    { content: [say.redisTested], seen: connected(view) },
    { content: say.redisCommands, seen: failed && failed.length === 0 },
  ];
}

function services(context: Context): Looked[] {
  const { facts, words } = context;
  const say = words.checklist;
  const seen = answered(context)?.services ?? [];
  const list = seen.length > 0 ? seen : facts.planned.services.map((name) => ({ name }));
  return list.flatMap(({ name, ...service }) => {
    const { variables, liveWithCurrentVariables: live } = service as Partial<(typeof seen)[number]>;
    const wrong = variables && [
      ...variables.differ,
      ...variables.missing,
      ...variables.extra,
      ...variables.shadowed,
    ];
    return [
      { content: say.variablesEqual(name), seen: wrong && wrong.length === 0 },
      {
        content: say.deployed(name),
        seen: live === undefined || live === "unknown" ? undefined : live === "yes",
      },
    ];
  });
}
