/** What a recap says in each state: what is off, what failed, both languages; secrets and host names it does not say. */
import { beforeAll, describe, expect, it } from "vitest";
import { canary, leaks, plainCanary } from "../../tests/canaries.ts";
import {
  factsOf,
  hosts,
  mongodbDown,
  mongodbWell,
  plannedProduction,
  postgresConflict,
  postgresOff,
  redisOff,
  statusWith,
  variablesWithout,
} from "../../tests/helpers/recap.ts";
import type { Status } from "../status/model.ts";
import { type Document, markdownOf, recapOf } from "./document.ts";
import type { Planned } from "./facts.ts";
import { htmlOf } from "./html.ts";

let production: Planned;
let withoutRedis: Planned;
beforeAll(async () => {
  production = await plannedProduction();
  withoutRedis = await plannedProduction({ redis: { provider: "none" } });
});

const recap = (status?: Status, planned = production, language: "fr" | "en" = "fr", showHosts = false) =>
  recapOf(factsOf(planned, status, showHosts), language);
const both = (document: Document) => [markdownOf(document), htmlOf(document)].join("\n");

describe("what is off", () => {
  it("is no mistake, and says how to activate it", () => {
    const markdown = markdownOf(recap(statusWith({ redis: redisOff }), withoutRedis));
    expect(markdown).toContain("### Redis ℹ️");
    expect(markdown).toContain("    provider: upstash");
    expect(markdown).toContain("pulumi config set --secret --stack prod upstash:apiKey");
    expect(markdown).toContain("pulumi up --stack prod");
  });

  it("only has to be applied when the settings have it already", () => {
    const markdown = markdownOf(recap(statusWith({ redis: redisOff, postgres: postgresOff })));
    expect(markdown).toContain("Redis est déjà dans les réglages de la stack");
    expect(markdown).toContain("PostgreSQL est déjà dans les réglages de la stack");
    expect(markdown).toContain(
      "La stack prévoit Redis, mais l'environnement vérifié n'en a pas les variables.",
    );
    expect(markdown).not.toContain("provider:");
  });

  it("may be there without the stack", () => {
    const markdown = markdownOf(recap(statusWith(), withoutRedis));
    expect(markdown).toContain("L'environnement vérifié a Redis, mais la stack ne le prévoit pas");
  });
});

describe("what failed", () => {
  it("is among the errors, with its causes in order and what to do", () => {
    const markdown = markdownOf(recap(statusWith({ mongodb: mongodbDown }), production, "en"));
    expect(markdown).toContain("❌ Connection to MongoDB failed - user or password were refused");
    expect(markdown).toMatch(
      /### MongoDB: user or password were refused ❌[\s\S]*`8000 \(MongoServerError\)`/,
    );
    expect(markdown).toMatch(/1\. \*\*the password is not[\s\S]*2\. \*\*the user does not exist/);
    expect(markdown).toContain("1. ⚠️ **Settings**: replace `<atlas-project-id>`");
    expect(markdown).toContain("❌ **MongoDB**: Failed; to be repaired first");
  });

  it("is told apart from what connects and cannot be used", () => {
    const mongodb = { ...mongodbDown, facts: mongodbWell.facts };
    expect(markdownOf(recap(statusWith({ mongodb })))).toContain("❌ MongoDB inutilisable - ");
  });
});

describe("passwords that were disclosed", () => {
  const first = (planned: Planned, neverRotated: string[] | undefined, language: "fr" | "en" = "en") =>
    /^1\. (.*)$/m.exec(
      recapOf({ ...factsOf(planned, statusWith()), neverRotated }, language).parts.steps,
    )?.[1];

  it("are to be rotated first of all, until somebody has seen that they are others now", () => {
    const command = "`npx kairos rotate all --stack prod --leaked`";
    expect(first(production, ["MongoDB", "PostgreSQL"])).toMatch(
      /^❌ \*\*Passwords\*\*.*\(MongoDB, PostgreSQL\)/,
    );
    expect(first(production, ["PostgreSQL"], "fr")).toContain(`(PostgreSQL)\u00a0: ${command}`);
    // Nobody could look: it may be done.
    expect(first(production, undefined)).toMatch(/^❔ \*\*Passwords\*\*.*unless that is done/);
    expect(first(production, [])).toContain("**Settings**");
  });

  it("were production's", () => {
    expect(first({ ...production, stack: "staging" }, undefined)).toContain("**Settings**");
  });
});

describe("what nobody has seen", () => {
  it("is not said to be bad: variables that are no good were never tried, a driver that did not connect shows nothing", () => {
    const { settings } = mongodbWell.facts;
    const mongodb = { ...mongodbDown, facts: { connected: false, ...(settings && { settings }) } };
    if (mongodb.problem) mongodb.problem = { ...mongodb.problem, stage: "variables" };
    const markdown = markdownOf(recap(statusWith({ mongodb }), production, "en"));
    expect(markdown).toContain("- ❔ **Connected**: not checked\n");
    expect(markdown).toContain("- ❔ **Topology**: not checked\n");
    expect(markdown).toContain("According to the stack's settings:\n\n- **Connection Pooling**");
  });
});

describe("French", () => {
  it("has the spaces at which no line ends, but in code", () => {
    const conflict = statusWith({ mongodb: mongodbDown, postgres: postgresConflict, redis: redisOff });
    for (const document of [recap(undefined), recap(statusWith()), recap(conflict, withoutRedis)]) {
      const prose = markdownOf(document).replaceAll(/^```[\s\S]*?^```$|`[^`]*`/gm, "x");
      expect(prose.match(/.{0,20}\S( [:;?!%»](\s|$)|« ).{0,10}/gm)).toBeNull();
    }
    expect(markdownOf(recap(conflict, withoutRedis))).toContain("npx kairos plan --stack prod\npulumi up");
  });
});

describe("secrets", () => {
  const secrets = [canary(), plainCanary(), canary(), plainCanary()];
  const [url = "", password = "", redis = "", host = ""] = secrets;

  /** A status that was given secrets where none belong. */
  function poisoned(): Status {
    const wrong: Record<string, string> = {
      MONGODB_URL: url,
      POSTGRES_PASSWORD: password,
      REDIS_URL: redis,
      POSTGRES_HOST: `postgresql://kairos:${host}@host/db`,
    };
    const contract = variablesWithout().map((variable) => {
      const value = wrong[variable.name];
      return value === undefined ? variable : { ...variable, value };
    });
    return statusWith({}, { contract, source: { kind: "file", file: `/home/${password}/prod.env` } });
  }

  it("are in no document, whatever the status holds", () => {
    for (const language of ["fr", "en"] as const)
      for (const showHosts of [false, true]) {
        const text = both(recap(poisoned(), production, language, showHosts));
        expect(leaks(text, secrets)).toEqual([]);
        expect(text).toContain("[secret]");
        expect(text).toContain("prod.env");
      }
  });

  it("are in no document either when a planned variable holds one", () => {
    const planned = {
      ...production,
      variables: { ...production.variables, MONGODB_URL: url, POSTGRES_HOST: `redis://:${redis}@host` },
    };
    expect(leaks(both(recap(undefined, planned, "fr", true)), secrets)).toEqual([]);
  });
});

describe("host names", () => {
  it("are shown only when asked for", () => {
    for (const language of ["fr", "en"] as const) {
      const hidden = both(recap(statusWith(), production, language));
      const shown = both(recap(statusWith(), production, language, true));
      for (const host of Object.values(hosts)) {
        expect(hidden).not.toContain(host.split(":")[0]);
        expect(shown).toContain(host);
      }
      expect(hidden).toContain(language === "fr" ? "`[hôte]`" : "`[host]`");
    }
  });

  it("are not known before the stack is up", () => {
    expect(markdownOf(recap(undefined, production, "fr", true))).toMatch(
      /`POSTGRES_HOST` *\| connu après `pulumi up`/,
    );
  });
});

describe("languages", () => {
  const states: [string, () => Document[]][] = [
    ["all well", () => pair(statusWith())],
    ["nothing checked", () => pair()],
    ["Redis off", () => pair(statusWith({ redis: redisOff }), withoutRedis)],
    ["all kinds of trouble", () => pair(statusWith({ mongodb: mongodbDown, postgres: postgresConflict }))],
  ];
  const pair = (status?: Status, planned?: Planned) => [
    recap(status, planned, "fr"),
    recap(status, planned, "en"),
  ];

  it.each(states)("differ in every sentence: %s", (_, documents) => {
    const [french, english] = documents().map(markdownOf) as [string, string];
    const sentences = (text: string) =>
      text.split("\n").filter((line) => / .* .* /.test(line.replaceAll(/`[^`]*`/g, "")));
    const same = sentences(english).filter((line) => sentences(french).includes(line));
    // Statements in SQL and settings are the same everywhere.
    expect(
      same.filter((line) => !/^( |SELECT|FROM|JOIN|LEFT|WHERE|DROP|npm|npx|pulumi|\| -)/.test(line)),
    ).toEqual([]);
  });
});

describe("Markdown", () => {
  it("has a rule before each part, and no blank line too many", () => {
    for (const language of ["fr", "en"] as const)
      for (const planned of [production, withoutRedis]) {
        const markdown = markdownOf(recap(undefined, planned, language));
        const parts = markdown.split("\n\n---\n\n");
        expect(parts).toHaveLength(12);
        expect(parts.slice(1, -1).every((part) => part.startsWith("## "))).toBe(true);
        expect(markdown).not.toMatch(/\n{3}|[ \t]$|undefined|\[object|false\b/m);
      }
  });
});

describe("the same facts", () => {
  it("give the same bytes", () => {
    const twice = [0, 1].map(() => both(recap(statusWith({ postgres: postgresConflict }))));
    expect(twice[0]).toBe(twice[1]);
  });

  it("at another moment differ in the date alone", () => {
    const facts = factsOf(production, statusWith());
    const [before, after] = [facts, { ...facts, now: new Date("2026-02-01T00:00:00Z") }].map((one) =>
      markdownOf(recapOf(one, "fr")),
    );
    expect(before?.endsWith("**Dernière mise à jour**\u00a0: 2026-01-15\n")).toBe(true);
    expect(after).toBe(before?.replace(/2026-01-15\n$/, "2026-02-01\n"));
  });
});
