/** Everything in one table, and what to do next. */
import {
  bullets,
  cell,
  type Inline,
  type Item,
  link,
  numbered,
  type Section,
  say,
  section,
  strong,
} from "../model.ts";
import type { View, Views } from "../view.ts";
import { type Context, names } from "./database.ts";
import { servicesMark } from "./services.ts";

export function summary({ facts, words }: Context, views: Views): Section {
  const { title, head, ...say } = words.summary;
  const configuration = ({ state, mandatory, variables }: View): Item => {
    if (state === "off")
      return mandatory
        ? { mark: "bad", content: [say.incomplete] }
        : { mark: "note", content: [say.optional] };
    if (facts.status === undefined) return { mark: "unchecked", content: [say.planned] };
    const complete = variables.every(({ shown }) => !/unset|missing|invalid|hidden/.test(shown.kind));
    return complete ? { mark: "good", content: [say.complete] } : { mark: "bad", content: [say.incomplete] };
  };
  const rows = Object.values(views).map((view: View): Item[] => [
    cell(strong(names[view.name])),
    { mark: view.mark, content: [words.states[view.state]] },
    cell(view.mandatory ? words.yes : words.no),
    configuration(view),
  ]);
  return section({ id: "summary", emoji: "📊", title }, [{ kind: "table", head, rows }]);
}

export function steps(context: Context, views: Views): Section {
  const { facts, words } = context;
  const { steps: say } = words;
  const { placeholders, stack } = facts.planned;
  const items: Item[] = [
    ...(placeholders.length === 0
      ? []
      : [{ mark: "warning" as const, content: say.placeholders(`Pulumi.${stack}.yaml`, placeholders) }]),
    ...Object.values(views).map((view: View) => ({
      mark: view.mark,
      content: words.labelled(names[view.name], step(context, view)),
    })),
    servicesStep(context),
  ];
  const off = ([views.postgres, views.redis] as View[]).filter(({ state }) => state === "off");
  return section({ id: "steps", emoji: "🚀", title: say.title }, [
    numbered(items),
    ...off.map((view) => activation(context, view)),
  ]);
}

const statusCommand = (stack: string) => `npm run status -- --stack ${stack}`;
const upCommand = (stack: string) => `pulumi up --stack ${stack}`;

function step({ facts, words }: Context, view: View): Inline {
  const { steps: say } = words;
  const { stack } = facts.planned;
  switch (view.state) {
    case "well":
      return [say.well(view.mandatory)];
    case "warning":
      return [say.warning];
    case "failed":
      return [say.failed];
    case "off":
      return view.planned ? say.apply(upCommand(stack)) : [say.off[view.name]];
    case "unchecked":
      return say.unchecked(statusCommand(stack));
  }
}

function servicesStep(context: Context): Item {
  const { words } = context;
  const mark = servicesMark(context);
  const { services } = words.steps;
  const text = {
    good: services.well,
    warning: services.warning,
    bad: services.failed,
    note: services.unchecked,
    unchecked: services.unchecked,
  }[mark];
  return { mark, content: words.labelled(words.services.title, [text]) };
}

function activation({ facts, words }: Context, { name, planned }: View): Section {
  const { steps: say } = words;
  const { stack } = facts.planned;
  return section({ id: `activate-${name}`, title: say.activate(names[name]) }, [
    numbered([
      ...(planned ? [] : [{ content: say.choose(`Pulumi.${stack}.yaml`) }]),
      { content: say.runUp(upCommand(stack)) },
      { content: say.verify(statusCommand(stack)) },
      { content: name === "redis" ? say.log.redis : say.log.postgres },
    ]),
  ]);
}

/** Where the vendors' manuals are. */
export function documentation({ words }: Context): Section {
  const links = [
    ["MongoDB", "https://www.mongodb.com/docs/"],
    ["PostgreSQL", "https://www.postgresql.org/docs/"],
    ["Redis", "https://redis.io/docs/"],
    ["Render", "https://render.com/docs/databases"],
    ["Pulumi", "https://www.pulumi.com/docs/"],
  ] as const;
  return section({ id: "documentation", emoji: "📚", title: words.documentation }, [
    bullets(links.map(([name, href]) => ({ content: words.labelled(name, say`${link(href)}`) }))),
  ]);
}
