/** The words of a status in each language, without those of advice/. Everything that people read of it comes from here. */
import type { MonthlyCost } from "../../infra/policies/model.ts";
import { decimalFr, list, plural, pluralFr } from "../terminal/amounts.ts";
import { type Language, typeset } from "./advice/language.ts";
import type { Latency } from "./model.ts";

export type Words = ReturnType<typeof wordsIn>;

export const wordsIn = (language: Language) => {
  /** The text of the language, typeset. */
  const t = (en: string, fr: string): string => typeset(language === "fr" ? fr : en, language);
  const decimal = (value: number | string) => (language === "fr" ? decimalFr(value) : String(value));
  const count = (number: number, [en, enMore]: [string, string?], [fr, frMore]: [string, string?]) =>
    language === "fr" ? pluralFr(number, fr, frMore) : plural(number, en, enMore);
  const yes = (is: boolean) => (is ? t("yes", "oui") : t("no", "non"));
  return {
    language,
    colon: t(": ", " : "),
    semicolon: t("; ", " ; "),
    title: (source: string) =>
      t(`Status of Kaïros' databases: ${source}`, `État des bases de données de Kaïros : ${source}`),
    source: {
      stack: (name: string) => `stack ${name}`,
      file: (name: string) => t(`file ${name}`, `fichier ${name}`),
      process: t("environment of this process", "environnement de ce processus"),
    },
    states: {
      well: t("well", "en bon état"),
      warning: t("warning", "à surveiller"),
      failed: t("failed", "en échec"),
      off: t("not configured", "non configuré"),
      unchecked: t("not checked", "non vérifié"),
    },
    databases: { mongodb: "MongoDB", postgres: "PostgreSQL", redis: "Redis" },
    optional: t("optional", "optionnel"),
    took: (seconds: number) => `${decimal(seconds.toFixed(2))} s`,
    verdict: {
      ok: t("Everything mandatory works.", "Tout ce qui est obligatoire fonctionne."),
      failed: t("MongoDB, which is mandatory, is not usable.", "MongoDB, obligatoire, n'est pas utilisable."),
      strict: t("Not everything is well (--strict).", "Tout n'est pas en bon état (--strict)."),
      allWell: t("Everything that was checked is well.", "Tout ce qui a été vérifié est en bon état."),
    },
    labels: {
      problem: t("problem", "problème"),
      evidence: t("seen", "observé"),
      variables: "variables",
      cause: t("likely causes", "causes"),
      causes: t("likely causes, in order", "causes probables, dans l'ordre"),
      fact: t("fact", "constat"),
      value: t("value", "valeur"),
      check: t("check", "vérification"),
      state: t("state", "état"),
    },
    inside: {
      label: t("seen from", "vu depuis"),
      by: (service: string, driver: string | undefined) =>
        driver === undefined ? service : t(`${service}, by ${driver}`, `${service}, par ${driver}`),
      title: t("A look from inside", "Vu de l'intérieur"),
    },
    credential: {
      label: t("credential", "accès"),
      age: ({ number, since, days = 0 }: { number: number; since?: string; days?: number }) =>
        since === undefined
          ? t(`number ${number}, since when is not known`, `n° ${number}, depuis une date inconnue`)
          : t(
              `number ${number}, since ${since.slice(0, 10)} (${plural(days, "day")})`,
              `n° ${number}, depuis le ${since.slice(0, 10)} (${pluralFr(days, "jour")})`,
            ),
    },
    beside: {
      title: t("Beside the stack", "À côté de la stack"),
      nothing: t("nothing that no stack knows", "rien qu'aucune stack ne connaisse"),
      next: (remove: string, adopt: string | undefined) =>
        t(
          `remove: ${remove}${adopt === undefined ? "" : `. Or keep: ${adopt}`}`,
          `supprimer : ${remove}${adopt === undefined ? "" : `. Ou garder : ${adopt}`}`,
        ),
    },
    facts: {
      version: "version",
      latency: t("latency", "latence"),
      latencyIs: ({ median, fastest, slowest, tries }: Latency) =>
        t(
          `${median} ms (median of ${tries}; ${fastest} to ${slowest})`,
          `${decimal(median)} ms (médiane de ${tries} ; de ${decimal(fastest)} à ${decimal(slowest)})`,
        ),
      topology: t("topology", "topologie"),
      topologyKinds: {
        "replica set": "replica set",
        sharded: t("sharded cluster", "cluster partitionné"),
        "load balanced": t("behind a load balancer", "derrière un répartiteur"),
        standalone: t("standalone", "serveur seul"),
      },
      members: (number: number) => count(number, ["member"], ["membre"]),
      primary: t("primary", "primaire"),
      database: t("database", "base"),
      exists: (exists: boolean | undefined) => {
        if (exists === undefined) return t("existence not known", "existence inconnue");
        return exists ? t("exists", "existe") : t("does not exist yet", "n'existe pas encore");
      },
      collections: "collections",
      collectionsAre: (collections: number, indexes: number) =>
        `${count(collections, ["collection"], ["collection"])}, ${count(indexes, ["index", "indexes"], ["index", "index"])}`,
      rights: t("rights", "droits"),
      rightsAre: (user: string, writes: boolean, beyond: readonly string[]) => {
        const writing = writes ? t("can write", "peut écrire") : t("CANNOT write", "ne peut PAS écrire");
        const more = t(
          `and more than its database: ${list(beyond)}`,
          `et au-delà de sa base : ${list(beyond)}`,
        );
        const nothing = t("nothing beyond its database", "rien au-delà de sa base");
        return `${user} ${writing}, ${beyond.length === 0 ? nothing : more}`;
      },
      pool: "pool",
      poolIs: (least: number, most: number) =>
        t(`${least} to ${most} connections`, `de ${least} à ${most} connexions`),
      timeouts: t("timeout", "délai"),
      heartbeat: (ms: number) =>
        t(`heartbeat every ${ms / 1000} s`, `vérification toutes les ${decimal(ms / 1000)} s`),
      retry: t("retry", "nouvel essai"),
      retryIs: (writes: boolean, reads: boolean) =>
        t(`writes ${yes(writes)}, reads ${yes(reads)}`, `écritures ${yes(writes)}, lectures ${yes(reads)}`),
      compression: "compression",
      compressionIs: (chosen: string, offered: readonly string[]) =>
        t(
          `${chosen} (offered: ${list(offered) || "none"})`,
          `${chosen === "none" ? "aucune" : chosen} (proposées : ${list(offered) || "aucune"})`,
        ),
      tls: "TLS",
      noTls: t("none", "aucun"),
      certificate: (validTo: string, days: number) =>
        t(
          `certificate until ${validTo} (${plural(days, "day")})`,
          `certificat jusqu'au ${validTo} (${pluralFr(days, "jour")})`,
        ),
      untrusted: (code: string | undefined) =>
        t("not trusted", "non reconnu") + (code === undefined ? "" : ` (${code})`),
      role: t("role", "rôle"),
      superuser: (is: boolean) =>
        is ? t("superuser", "superutilisateur") : t("no superuser", "pas superutilisateur"),
      tables: "tables",
      present: (names: readonly string[]) => t(`present: ${list(names)}`, `présentes : ${list(names)}`),
      missing: (names: readonly string[]) => t(`missing: ${list(names)}`, `manquantes : ${list(names)}`),
      connections: t("connections", "connexions"),
      size: t("size", "taille"),
      commands: t("commands", "commandes"),
      memory: t("memory", "mémoire"),
      noLimit: t("no limit of its own", "sans limite propre"),
      unknownPolicy: t("policy unknown", "politique inconnue"),
      uses: { cache: "cache", rateLimit: t("rate limit", "limitation de débit"), sessions: "sessions" },
      suitability: {
        suits: t("suits", "convient"),
        risk: t("risk", "risque"),
        "does not suit": t("does not suit", "ne convient pas"),
        unknown: t("unknown", "inconnu"),
      },
    },
    render: {
      title: t("Services at Render", "Services chez Render"),
      unchecked: {
        "no-key": t(
          "RENDER_API_KEY is not set: deploys and variables at Render were not looked at",
          "RENDER_API_KEY n'est pas définie : ni les déploiements ni les variables chez Render n'ont été vérifiés",
        ),
        "no-services": t(
          "it is not known which services get these variables: --service srv-…, or --stack",
          "on ne sait pas quels services reçoivent ces variables : --service srv-…, ou --stack",
        ),
      },
      lastDeploy: (status: string, at: string) =>
        t(`last deploy: ${status}, ${at}`, `dernier déploiement : ${status}, ${at}`),
      liveDeploy: (at: string) => t(`what runs was deployed ${at}`, `ce qui tourne a été déployé le ${at}`),
      noDeploy: t("no deploy", "aucun déploiement"),
      suspended: t("suspended", "suspendu"),
      current: {
        yes: t("runs with the current variables", "tourne avec les variables actuelles"),
        no: t("does NOT run with the current variables", "ne tourne PAS avec les variables actuelles"),
        deploying: t("a newer deploy is on its way", "un déploiement plus récent est en cours"),
        unknown: t(
          "Render does not tell whether a variable changed after its deploy",
          "Render ne dit pas si une variable a changé après son déploiement",
        ),
      },
      equal: (number: number, all: number) =>
        t(
          `variables equal to the contract's: ${number} of ${all}`,
          `variables égales à celles du contrat : ${number} sur ${all}`,
        ),
      differ: (names: readonly string[]) => t(`differ: ${list(names)}`, `différentes : ${list(names)}`),
      missing: (names: readonly string[]) => t(`missing: ${list(names)}`, `manquantes : ${list(names)}`),
      extra: (names: readonly string[]) => t(`left over: ${list(names)}`, `en trop : ${list(names)}`),
      shadowed: (names: readonly string[]) =>
        t(
          `set by the service itself too, which wins: ${list(names)}`,
          `définies aussi par le service lui-même, qui l'emporte : ${list(names)}`,
        ),
      redeploy: t(
        "pulumi up --refresh puts them right and deploys",
        "pulumi up --refresh les corrige et redéploie",
      ),
    },
    cost: {
      title: t("Cost", "Coût"),
      says: ({ from, to = from }: MonthlyCost, budget: number) => {
        const amount = (value: number) => t(`$${value.toFixed(2)}`, `${decimal(value.toFixed(2))}\u00a0$`);
        const sum = to > from ? `${amount(from)} – ${amount(to)}` : amount(from);
        const share = Math.round((to / budget) * 100);
        return t(
          `at least ${sum} a month of the ${amount(budget)} of kairos:budget (${share}%)`,
          `au moins ${sum} par mois sur les ${amount(budget)} de kairos:budget (${share} %)`,
        );
      },
      unknown: (name: string) =>
        t(`${name}: no price is known, so it is not counted`, `${name} : aucun prix connu, donc pas compté`),
      next: t(
        "choose smaller plans, or raise kairos:budget: above it a policy stops pulumi up",
        "choisir de plus petites offres, ou relever kairos:budget : au-delà, une politique arrête pulumi up",
      ),
    },
    watching: (seconds: number) =>
      t(`again in ${seconds} s; Ctrl-C ends it`, `à nouveau dans ${seconds} s ; Ctrl-C arrête`),
  };
};
