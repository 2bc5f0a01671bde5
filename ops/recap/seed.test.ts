/** The French recap beside the document that people wrote by hand: nothing of it is lost. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { contract } from "../../infra/contract.ts";
import {
  factsOf,
  mongodbDown,
  plannedProduction,
  postgresConflict,
  postgresOff,
  redisOff,
  statusWith,
} from "../../tests/helpers/recap.ts";
import { root } from "../bundle.mjs";
import type { Status } from "../status/model.ts";
import { markdownOf, recapOf } from "./document.ts";
import type { Planned } from "./facts.ts";

/** The seed's headings, without marks of status. */
const headings = [
  "# 🗄️ Configuration des Bases de Données - Kaïros",
  "## 📊 Vue d'ensemble",
  "## 🍃 MongoDB (Obligatoire)",
  "### Configuration Actuelle",
  "### Variables d'Environnement",
  "### Statut",
  "### Optimisations Actives",
  "## 🐘 PostgreSQL (Optionnel)",
  "### Configuration Actuelle",
  "### Variables d'Environnement",
  "### Statut",
  "### Tables PostgreSQL",
  "### Note",
  "## 🔴 Redis (Optionnel)",
  "### Configuration Actuelle",
  "### Variables d'Environnement",
  "### Options pour Activer Redis",
  "#### Option 1 : Service Redis Render (Recommandé)",
  "#### Option 2 : Redis Externe",
  "### Avantages de Redis",
  "### Statut",
  "## 📋 Checklist de Configuration",
  "### MongoDB",
  "### PostgreSQL",
  "### Redis",
  "## 🔧 Correction des Erreurs",
  '### Erreur PostgreSQL : "duplicate key value violates unique constraint"',
  "## 📊 Résumé des Configurations",
  "## 🚀 Prochaines Étapes Recommandées",
  "### Pour Activer Redis",
  "## 📚 Documentation",
];

/** How to activate Redis is said only while it is off. */
const onlyWhileRedisIsOff = [
  "### Options pour Activer Redis",
  "#### Option 1 : Service Redis Render (Recommandé)",
  "#### Option 2 : Redis Externe",
  "### Pour Activer Redis",
];

/** Variables in the seed's tables, with what it says of each. */
const variables = {
  MONGODB_URL: "URL de connexion MongoDB Atlas",
  MONGODB_DB_NAME: "Nom de la base de données",
  MONGODB_TIMEOUT_MS: "Timeout de connexion (ms)",
  MONGODB_MAX_POOL_SIZE: "Taille max du pool de connexions",
  MONGODB_MIN_POOL_SIZE: "Taille min du pool de connexions",
  POSTGRES_HOST: "Hostname du service PostgreSQL",
  POSTGRES_PORT: "Port PostgreSQL",
  POSTGRES_USER: "Nom d'utilisateur",
  POSTGRES_PASSWORD: "Mot de passe",
  POSTGRES_DB: "Nom de la base de données",
  REDIS_URL: "URL de connexion Redis",
};

/** The points of the seed's lists that have a name: of status, optimizations, advantages. */
const points = [
  "Connecté",
  "Index créés",
  "Collections",
  "Connection Pooling",
  "Compression",
  "Retry",
  "Heartbeat",
  "Tables",
  "Cache",
  "Rate Limiting",
  "Sessions",
  "Performance",
];

const headingsIn = (markdown: string) =>
  markdown
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .split("\n")
    .filter((line) => /^#{1,4} /.test(line))
    .map((line) => line.replace(/ (✅|⚠️|❌|ℹ️|❔)$/u, ""));

const rowsIn = (markdown: string) =>
  Object.fromEntries(
    [...markdown.matchAll(/^\| `([A-Z_]+)` *\|.*\| *(.*?) *\|$/gm)].map(([, name, text]) => [name, text]),
  );

/** The elements of `some` that stand in `all` in the same order. */
function inOrder(some: readonly string[], all: readonly string[]): string[] {
  let from = 0;
  return some.filter((one) => {
    const at = all.indexOf(one, from);
    if (at < 0) return false;
    from = at + 1;
    return true;
  });
}

const seed = path.join(root, "..", "shared", "seed", "configuration-des-bases-de-donnees.md");
const there = existsSync(seed);
if (!there)
  console.log("skipped: the lists of this test against the seed itself (it is not on this machine)");

describe.skipIf(!there)("the lists of this test", () => {
  const markdown = there ? readFileSync(seed, "utf8") : "";

  it("have every heading of the seed", () => {
    expect(headingsIn(markdown)).toEqual(headings);
  });

  it("have every variable of the seed and what it says of each", () => {
    expect(rowsIn(markdown)).toEqual(variables);
  });

  it("have points that the seed has", () => {
    for (const point of points) expect(markdown).toContain(`**${point}**`);
  });
});

describe("the French recap", () => {
  /** What the databases answered, where somebody asked; whether the stack has Redis. */
  const states: Record<string, { status?: Status; redisIsOff?: true }> = {
    "all well": { status: statusWith() },
    "Redis off": { status: statusWith({ redis: redisOff }), redisIsOff: true },
    "nothing checked": {},
    "nothing checked, Redis off": { redisIsOff: true },
    "the seed's day": {
      status: statusWith({ postgres: postgresConflict, redis: redisOff }),
      redisIsOff: true,
    },
    "MongoDB down, PostgreSQL off": { status: statusWith({ mongodb: mongodbDown, postgres: postgresOff }) },
  };
  const names = Object.keys(states);
  let on: Planned;
  let off: Planned;
  beforeAll(async () => {
    on = await plannedProduction();
    off = await plannedProduction({ redis: { provider: "none" } });
  });
  const of = (name: string) => {
    const { status, redisIsOff = false } = states[name] ?? {};
    const document = recapOf(factsOf(redisIsOff ? off : on, status), "fr");
    // The seed has the spaces of a keyboard.
    return { markdown: markdownOf(document).replaceAll("\u00a0", " "), redisIsOff };
  };

  it.each(names)("has every heading of the seed in the seed's order: %s", (name) => {
    const { markdown, redisIsOff } = of(name);
    const expected = headings.filter((heading) => redisIsOff || !onlyWhileRedisIsOff.includes(heading));
    expect(inOrder(expected, headingsIn(markdown))).toEqual(expected);
    for (const heading of onlyWhileRedisIsOff)
      expect(headingsIn(markdown).includes(heading)).toBe(redisIsOff);
  });

  it.each(names)("has every variable in a table, described as in the seed: %s", (name) => {
    expect(rowsIn(of(name).markdown)).toEqual(variables);
    expect(Object.keys(contract)).toEqual(Object.keys(variables));
  });

  it("has the points of the seed's lists", () => {
    for (const point of points) expect(of("all well").markdown).toContain(`**${point}**`);
  });

  it("says of each state what the seed's logs say", () => {
    const well = of("all well").markdown;
    expect(well).toContain("MongoDB est **correctement configuré et connecté**");
    expect(well).toContain("✅ Connexion MongoDB réussie - Version: MongoDB 8.0.4");
    expect(well).toContain("✅ MongoDB ping réussi - 3,14 ms (médiane de 5 essais)");
    expect(well).toContain("L'application Kaïros utilise **3 bases de données** :");
    const day = of("the seed's day").markdown;
    expect(day).toContain("ℹ️ Redis non configuré - Cache désactivé (optionnel)");
    expect(day).toContain("L'application Kaïros utilise **2 bases de données sur 3** :");
    expect(day).toMatch(/### Erreur PostgreSQL[\s\S]*DROP TYPE "public"\."users";[\s\S]*❌ \*\*Statut\*\*/);
  });
});
