/** The part of Redis: how it stands, how to activate it, what it is good for. */
import type { RedisFacts } from "../../status/model.ts";
import { type Block, bullets, type Inline, type Item, paragraph, type Section, section } from "../model.ts";
import { commands, type Option, redisOptions, settingsYaml } from "../options.ts";
import type { View } from "../view.ts";
import { type Context, connectedPoint, current, point, points, tlsPoint, variables } from "./database.ts";

export function redisSection(context: Context, view: View<"redis">): Section {
  const { databases } = context.words;
  const status = statusPoints(context, view);
  return section({ id: "redis", emoji: "🔴", title: databases.optional("Redis") }, [
    section({ id: "redis-current", title: databases.current }, current(context, view, planned(context))),
    section({ id: "redis-variables", title: databases.variables.title }, variables(context, view)),
    view.state === "off" ? options(context, view) : undefined,
    section({ id: "redis-advantages", title: databases.advantages.title }, [advantages(context, view)]),
    section({ id: "redis-status", title: databases.status.title }, [status]),
  ]);
}

function planned({ facts, words }: Context): Inline | undefined {
  const { redis } = facts.planned.settings;
  const { planned } = words.databases;
  if (redis.provider === "none") return undefined;
  return planned.redis(redis.provider, redis.provider === "external" ? undefined : redis.name);
}

function options({ facts, words }: Context, view: View<"redis">): Section {
  const { options: say } = words.databases;
  const { stack } = facts.planned;
  const head = { id: "redis-options", title: say.title("Redis") };
  if (view.planned)
    return section(head, [
      paragraph(say.apply("Redis")),
      { kind: "code", language: "sh", text: commands({ keys: [] }, stack) },
    ]);
  const steps = (text: Inline, option: Option): Block[] => [
    paragraph(text),
    paragraph(say.into(`Pulumi.${stack}.yaml`)),
    { kind: "code", language: "yaml", text: settingsYaml(option) },
    paragraph(say.afterwards),
    { kind: "code", language: "sh", text: commands(option, stack) },
  ];
  return section(head, [
    section(
      { id: "redis-option-render", title: say.render.title },
      steps(say.render.text, redisOptions.render),
    ),
    section(
      { id: "redis-option-external", title: say.external.title },
      (["upstash", "redis-cloud", "external"] as const).flatMap((provider) =>
        steps(say.external[provider], redisOptions[provider]),
      ),
    ),
  ]);
}

/** What it is good for, and whether the policy that was seen lets it be. */
function advantages({ words }: Context, { checked }: View<"redis">): Block {
  const { advantages: say } = words.databases;
  const memory = checked?.facts.memory;
  const use = (text: string, name: keyof NonNullable<typeof memory>["uses"]): Inline =>
    memory?.policy === undefined ? [text] : say.policy(text, memory.policy, memory.uses[name]);
  return bullets(
    (
      [
        ["Cache", use(say.cache, "cache")],
        ["Rate Limiting", use(say.rateLimit, "rateLimit")],
        ["Sessions", use(say.sessions, "sessions")],
        ["Performance", [say.performance]],
      ] as const
    ).map(([label, content]) => ({ content: words.labelled(label, content) })),
  );
}

function statusPoints(context: Context, view: View<"redis">): Block {
  const { status } = context.words.databases;
  if (view.state === "off")
    return bullets([
      connectedPoint(context, view),
      point(context, status.recommendation, { mark: "note", content: status.activateRedis }),
    ]);
  const facts: RedisFacts = view.checked?.facts ?? { connected: false };
  return points(view, connectedPoint(context, view), [
    point(context, status.commands, commandsPoint(context, facts)),
    point(context, status.memory, memory(context, facts)),
    tlsPoint(context, facts.tls, view),
  ]);
}

/** Names of the commands that did not work; undefined where nobody tried. */
export const failedCommands = ({ commands: tried }: RedisFacts): string[] | undefined =>
  tried && commandNames.filter((name) => !tried[name]).map((name) => name.toUpperCase());
const commandNames = ["set", "get", "expire", "del"] as const;

function commandsPoint({ words }: Context, facts: RedisFacts): Item | undefined {
  const { commandsWork, commandsFail } = words.databases.status;
  const failed = failedCommands(facts);
  if (failed === undefined) return undefined;
  return failed.length === 0
    ? { mark: "good", content: commandsWork(commandNames.map((name) => name.toUpperCase())) }
    : { mark: "bad", content: commandsFail(failed) };
}

function memory({ words }: Context, { memory: seen }: RedisFacts): Item | undefined {
  if (seen === undefined) return undefined;
  const uses = Object.values(seen.uses);
  const suits = uses.every((use) => use === "suits");
  return {
    mark: suits ? "good" : uses.includes("does not suit") || uses.includes("risk") ? "warning" : "note",
    content: words.databases.status.memoryIs(seen.policy, seen.used, seen.maximum),
  };
}
