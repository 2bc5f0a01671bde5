/** How many databases there are, what each is for, how it stands. */
import { type Card, paragraph, type Section, section } from "../model.ts";
import type { View, Views } from "../view.ts";
import { type Context, names } from "./database.ts";

const emoji = { mongodb: "🍃", postgres: "🐘", redis: "🔴" } as const;

export function overview({ words }: Context, views: Views): Section {
  const all: View[] = Object.values(views);
  const active = all.filter(({ state }) => state !== "off");
  const cards = all.map(
    ({ name, mark, state }): Card => ({
      section: name,
      emoji: emoji[name],
      title: names[name],
      mark,
      status: words.states[state],
      content: [words.overview.roles[name]],
    }),
  );
  return section({ id: "overview", emoji: "📊", title: words.overview.title }, [
    paragraph(words.overview.uses(active.length, all.length)),
    { kind: "cards", cards },
  ]);
}
