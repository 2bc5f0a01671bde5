/** Backups in words, for the command, a status and a recap. */

import { span } from "../terminal/amounts.ts";
import { type Both, countIn, decimalIn, filled, type Language, said } from "../terminal/language.ts";
import {
  type BackedUp,
  type BackupRemark,
  type DatabaseBackups,
  type DrillRecord,
  warnings,
} from "./model.ts";

export const titles = { mongodb: "MongoDB", postgres: "PostgreSQL" } as const;

/** `3 tables, 1203 rows`; MongoDB has collections and documents. */
export function sizeText(
  database: BackedUp,
  tables: number,
  rows: number,
  language: Language = "en",
): string {
  const count = (number: number, en: string, fr = en) => countIn(language, number, [en], [fr]);
  return database === "mongodb"
    ? `${count(tables, "collection")}, ${count(rows, "document")}`
    : `${count(tables, "table")}, ${count(rows, "row", "ligne")}`;
}

/** What each means, and what to do; in braces what differs. */
const texts: Readonly<Record<BackupRemark, { says: Both; next?: Both }>> = {
  "no-backups": {
    says: [
      "{title}: the plan of {name} has no backups",
      "{title} : l'offre de {name} n'a pas de sauvegardes",
    ],
    next: [
      "choose a plan that has them, where its data must not be lost",
      "choisir une offre qui en a, si ses données ne doivent pas être perdues",
    ],
  },
  "not-yet": {
    says: ["{title}: {name} has no backup yet", "{title} : {name} n'a pas encore de sauvegarde"],
  },
  "snapshots-only": {
    says: [
      "{title}: of {name} only snapshots can be restored, since continuous backup is off",
      "{title} : de {name}, seuls des instantanés peuvent être restaurés, car la sauvegarde continue est désactivée",
    ],
    next: [
      "pulumi up{stack} turns it on, unless kairos:mongodb.leave names backup",
      "pulumi up{stack} l'active, sauf si kairos:mongodb.leave nomme backup",
    ],
  },
  "copy-left": {
    says: [
      "{title}: {copy}, which backups restore made, is not in use, and costs",
      "{title} : {copy}, faite par backups restore, n'est pas utilisée, et coûte",
    ],
    next: [
      "put it into kairos:{database}.restored, or delete it at {vendor}",
      "la mettre dans kairos:{database}.restored, ou la supprimer chez {vendor}",
    ],
  },
  late: {
    says: [
      "{title}: the last snapshot of {name} is older than its schedule allows ({age}; {every})",
      "{title} : le dernier instantané de {name} est plus ancien que ne le permet son calendrier ({age} ; {every})",
    ],
    next: [
      "look at the cluster's Backup page at Atlas: a paused or full cluster takes none",
      "voir la page Backup du cluster chez Atlas : un cluster en pause ou plein n'en prend pas",
    ],
  },
  "snapshot-failed": {
    says: [
      "{title}: the newest snapshot of {name} failed",
      "{title} : le dernier instantané de {name} a échoué",
    ],
    next: [
      "look at the cluster's Backup page at Atlas; the next one may succeed",
      "voir la page Backup du cluster chez Atlas ; le prochain peut réussir",
    ],
  },
  "never-drilled": {
    says: [
      "{title}: no backup of {name} has ever been restored, as far as this stack knows",
      "{title} : aucune sauvegarde de {name} n'a jamais été restaurée, que cette stack sache",
    ],
    next: ["npx kairos backups drill{stack}", "npx kairos backups drill{stack}"],
  },
  "drill-long-ago": {
    says: [
      "{title}: the last drill was more than 90 days ago",
      "{title} : le dernier exercice date de plus de 90 jours",
    ],
    next: ["npx kairos backups drill{stack}", "npx kairos backups drill{stack}"],
  },
  "drill-failed": {
    says: [
      "{title}: the last drill did not show that {name} can be restored",
      "{title} : le dernier exercice n'a pas montré que {name} peut être restaurée",
    ],
    next: ["npx kairos backups drill{stack} says why", "npx kairos backups drill{stack} dit pourquoi"],
  },
};

/** @param stack that the hints name; none where nobody shows them */
export function backupWords(language: Language, stack?: string) {
  const t = (...both: Both) => said(both, language);
  /** Of seconds. */
  const time = (seconds: number) => {
    const text = span(seconds * 1000);
    return language === "en"
      ? text
      : text.replace(/ d\b/, " j").replace("less than a minute", "moins d'une minute");
  };
  /** How often, of seconds. */
  const pause = (seconds: number) => {
    const days = seconds / 86_400;
    if (days === 1) return t("every day", "tous les jours");
    if (seconds === 3600) return t("every hour", "toutes les heures");
    return Number.isInteger(days)
      ? t(`every ${days} days`, `tous les ${days} jours`)
      : t(`every ${time(seconds)}`, `toutes les ${time(seconds)}`);
  };
  /** What a disaster would have taken, of seconds. */
  const lost = (seconds: number) => {
    if (seconds < 60) return t("less than a minute lost", "perte de moins d'une minute");
    const minutes = Math.floor(seconds / 60);
    const [count, noun] =
      minutes < 120
        ? [minutes, "minute"]
        : minutes < 2880
          ? [Math.round(minutes / 60), "heure"]
          : [Math.round(minutes / 1440), "jour"];
    const last = noun === "jour" ? "derniers" : "dernières";
    return t(
      `the last ${time(seconds)} lost`,
      count === 1 ? `perte de la dernière ${noun}` : `perte des ${count} ${last} ${noun}s`,
    );
  };
  const minute = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;

  /** What there is of a database, in one line. */
  function has({ state, unseen = "", kind, newest, oldest, age = 0, every }: DatabaseBackups): string {
    if (state === "unchecked") return t(`not checked: ${unseen}`, `non vérifié : ${unseen}`);
    if (kind === "none") return t("none", "aucune");
    if (newest === undefined) return t("none yet", "pas encore");
    const back =
      oldest === undefined
        ? ""
        : t(`, back to ${minute(oldest)}`, `, en remontant jusqu'au ${minute(oldest)}`);
    if (kind === "continuous")
      return t(
        `any moment up to ${minute(newest)} UTC${back}`,
        `tout instant jusqu'au ${minute(newest)} UTC${back}`,
      );
    const often = every === undefined ? "" : `, ${pause(every)}`;
    return t(
      `last snapshot ${minute(newest)} UTC (${time(age)} ago)${often}${back}`,
      `dernier instantané le ${minute(newest)} UTC (il y a ${time(age)})${often}${back}`,
    );
  }

  const exportedOn = (at: string) =>
    t(
      `logical export of ${minute(at)} UTC, to be downloaded at Render`,
      `export logique du ${minute(at)} UTC, à télécharger chez Render`,
    );

  function drilled(database: BackedUp, { at, ok, brokeOff, rto, rpo, tables, rows }: DrillRecord): string {
    const back = decimalIn(language, rto.toFixed(1));
    const size = sizeText(database, tables, rows, language);
    const day = at.slice(0, 10);
    if (brokeOff)
      return t(
        `last drill ${day}: it failed before anything was compared`,
        `dernier exercice le ${day} : il a échoué avant toute comparaison`,
      );
    if (!ok)
      return t(
        `last drill ${day}: it failed (${size} read)`,
        `dernier exercice le ${day} : il a échoué (lu : ${size})`,
      );
    return t(
      `last drill ${day}: back after ${back} s (${size}), ${lost(rpo)}`,
      `dernier exercice le ${day} : de retour en ${back} s (${size}), ${lost(rpo)}`,
    );
  }

  return {
    title: t("Backups", "Sauvegardes"),
    has,
    drilled,
    /** Name and line, of all of them. */
    lines: (all: readonly DatabaseBackups[]): [string, string][] =>
      all.flatMap((one): [string, string][] => [
        [titles[one.database], has(one)],
        ...(one.exported ? [["", exportedOn(one.exported)] satisfies [string, string]] : []),
        ...(one.drill ? [["", drilled(one.database, one.drill)] satisfies [string, string]] : []),
      ]),
    remarks: (one: DatabaseBackups) =>
      one.remarks.map((remark) => {
        const { says, next } = texts[remark];
        const parts: Record<string, string> = {
          ...{ title: titles[one.database], name: one.name },
          ...{ age: time(one.age ?? 0), every: pause(one.every ?? 0) },
          ...{ database: one.database, vendor: one.vendor, copy: one.left ?? "" },
          stack: stack === undefined ? "" : ` --stack ${stack}`,
        };
        // A name stays as it is, whatever French does with the text around it.
        const named = (both: Both) => filled(said(both, language), parts);
        const severity = warnings.includes(remark) ? ("warning" as const) : ("note" as const);
        return { remark, severity, says: named(says), ...(next && { next: named(next) }) };
      }),
  };
}
