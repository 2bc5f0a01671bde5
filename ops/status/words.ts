/** The words of a status in each language, without those of advice/: words.json, and what numbers make of them. */
import type { MonthlyCost } from "../../infra/policies/model.ts";
import { decimalFr, list, plural, pluralFr } from "../terminal/amounts.ts";
import { filled, inLanguage, type Language } from "./advice/language.ts";
import type { Latency } from "./model.ts";
import table from "./words.json" with { type: "json" };

export type Words = ReturnType<typeof wordsIn>;

export const wordsIn = (language: Language) => {
  const texts = inLanguage(table, language);
  const { source, inside, credential, beside, facts, render, cost } = texts;
  const decimal = (value: number | string) => (language === "fr" ? decimalFr(value) : String(value));
  const count = (number: number, [en, enMore]: [string, string?], [fr, frMore]: [string, string?]) =>
    language === "fr" ? pluralFr(number, fr, frMore) : plural(number, en, enMore);
  const days = (number: number) => count(number, ["day"], ["jour"]);
  const fill = (text: string, parts: Readonly<Record<string, string | number>>) =>
    filled(text, Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, String(part)])));
  const naming = (text: string) => (names: readonly string[]) => fill(text, { names: list(names) });
  const yes = (is: boolean) => (is ? facts.yes : facts.no);
  return {
    ...texts,
    language,
    title: (source: string) => fill(texts.title, { source }),
    source: {
      ...source,
      stack: (name: string) => fill(source.stack, { name }),
      file: (name: string) => fill(source.file, { name }),
    },
    took: (seconds: number) => `${decimal(seconds.toFixed(2))} s`,
    inside: {
      ...inside,
      by: (service: string, driver: string | undefined) =>
        driver === undefined ? service : fill(inside.by, { service, driver }),
    },
    credential: {
      ...credential,
      age: ({ number, since, days: age = 0 }: { number: number; since?: string; days?: number }) =>
        since === undefined
          ? fill(credential.unknown, { number })
          : fill(credential.age, { number, day: since.slice(0, 10), days: days(age) }),
    },
    beside: {
      ...beside,
      next: (remove: string, adopt: string | undefined) =>
        fill(beside.remove, { remove }) + (adopt === undefined ? "" : fill(beside.adopt, { adopt })),
    },
    facts: {
      ...facts,
      latencyIs: ({ median, fastest, slowest, tries }: Latency) => {
        const [middle, from, to] = [median, fastest, slowest].map(decimal);
        return fill(facts.latencyIs, { median: `${middle}`, tries, fastest: `${from}`, slowest: `${to}` });
      },
      members: (number: number) => count(number, ["member"], ["membre"]),
      exists: (exists: boolean | undefined) =>
        exists === undefined ? facts.unknown : exists ? facts.there : facts.notThere,
      collectionsAre: (collections: number, indexes: number) =>
        `${count(collections, ["collection"], ["collection"])}, ${count(indexes, ["index", "indexes"], ["index", "index"])}`,
      rightsAre: (user: string, writes: boolean, beyond: readonly string[]) => {
        const more = beyond.length === 0 ? facts.nothingBeyond : naming(facts.beyond)(beyond);
        return `${user} ${writes ? facts.canWrite : facts.cannotWrite}, ${more}`;
      },
      poolIs: (least: number, most: number) => fill(facts.poolIs, { least, most }),
      heartbeat: (ms: number) => fill(facts.heartbeat, { seconds: decimal(ms / 1000) }),
      retryIs: (writes: boolean, reads: boolean) =>
        fill(facts.retryIs, { writes: yes(writes), reads: yes(reads) }),
      compressionIs: (chosen: string, offered: readonly string[]) =>
        fill(facts.compressionIs, {
          chosen: chosen === "none" ? facts.none : chosen,
          offered: list(offered) || facts.none,
        }),
      certificate: (day: string, left: number) => fill(facts.certificate, { day, days: days(left) }),
      untrusted: (code: string | undefined) => facts.untrusted + (code === undefined ? "" : ` (${code})`),
      superuser: (is: boolean) => (is ? facts.isSuperuser : facts.noSuperuser),
      present: naming(facts.present),
      missing: naming(facts.missing),
    },
    render: {
      ...render,
      lastDeploy: (status: string, at: string) => fill(render.lastDeploy, { status, at }),
      liveDeploy: (at: string) => fill(render.liveDeploy, { at }),
      equal: (number: number, all: number) => fill(render.equal, { number, all }),
      differ: naming(render.differ),
      missing: naming(render.missing),
      extra: naming(render.extra),
      shadowed: naming(render.shadowed),
    },
    cost: {
      ...cost,
      says: ({ from, to = from }: MonthlyCost, budget: number) => {
        const amount = (value: number) => fill(cost.amount, { amount: decimal(value.toFixed(2)) });
        const sum = to > from ? `${amount(from)} – ${amount(to)}` : amount(from);
        return fill(cost.says, { sum, budget: amount(budget), share: Math.round((to / budget) * 100) });
      },
      unknown: (name: string) => fill(cost.unknown, { name }),
    },
    watching: (seconds: number) => fill(texts.watching, { seconds }),
  };
};
