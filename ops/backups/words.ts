/** Backups in words, for the command, a status and a recap. */

import { type Both, type Language, textIn, typeset } from "../status/advice/language.ts";
import { decimalFr, plural, pluralFr, span } from "../terminal/amounts.ts";
import { type BackupRemark, type DatabaseBackups, type DrillRecord, warnings } from "./model.ts";

export const titles = { mongodb: "MongoDB", postgres: "PostgreSQL" } as const;

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
  late: {
    says: [
      "{title}: the last snapshot of {name} is older than its schedule allows ({age}; every {every})",
      "{title} : le dernier instantané de {name} est plus ancien que ne le permet son calendrier ({age} ; toutes les {every})",
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
    next: ["npx kairos backups drill", "npx kairos backups drill"],
  },
  "drill-long-ago": {
    says: [
      "{title}: the last drill was more than 90 days ago",
      "{title} : le dernier exercice date de plus de 90 jours",
    ],
    next: ["npx kairos backups drill", "npx kairos backups drill"],
  },
  "drill-failed": {
    says: [
      "{title}: the last drill did not show that {name} can be restored",
      "{title} : le dernier exercice n'a pas montré que {name} peut être restaurée",
    ],
    next: ["npx kairos backups drill says why", "npx kairos backups drill dit pourquoi"],
  },
};

export function backupWords(language: Language) {
  const t = (en: string, fr: string) => typeset(language === "fr" ? fr : en, language);
  /** Of seconds. */
  const time = (seconds: number) => {
    const text = span(seconds * 1000);
    return language === "en"
      ? text
      : text.replace(/ d\b/, " j").replace("less than a minute", "moins d'une minute");
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
    const pause = every === undefined ? "" : t(`, every ${time(every)}`, `, toutes les ${time(every)}`);
    return t(
      `last snapshot ${minute(newest)} UTC (${time(age)} ago)${pause}${back}`,
      `dernier instantané le ${minute(newest)} UTC (il y a ${time(age)})${pause}${back}`,
    );
  }

  function drilled({ at, ok, rto, rpo, tables, rows }: DrillRecord): string {
    const back = language === "fr" ? decimalFr(rto.toFixed(1)) : rto.toFixed(1);
    const size = t(
      `${plural(tables, "table")}, ${plural(rows, "row")}`,
      `${pluralFr(tables, "table")}, ${pluralFr(rows, "ligne")}`,
    );
    const failed = ok ? "" : t("; it failed", " ; il a échoué");
    return t(
      `last drill ${at.slice(0, 10)}: back after ${back} s (${size}), the last ${time(rpo)} lost${failed}`,
      `dernier exercice le ${at.slice(0, 10)} : de retour en ${back} s (${size}), perte des dernières ${time(rpo)}${failed}`,
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
        ...(one.drill ? [["", drilled(one.drill)] satisfies [string, string]] : []),
      ]),
    remarks: (one: DatabaseBackups) =>
      one.remarks.map((remark) => {
        const { says, next } = texts[remark];
        const parts: Record<string, string> = {
          ...{ title: titles[one.database], name: one.name },
          ...{ age: time(one.age ?? 0), every: time(one.every ?? 0) },
        };
        const said = (both: Both) =>
          typeset(textIn(both, language), language).replaceAll(
            /\{(\w+)\}/g,
            (_, part: string) => parts[part] ?? "",
          );
        const severity = warnings.includes(remark) ? ("warning" as const) : ("note" as const);
        return { remark, severity, says: said(says), ...(next && { next: said(next) }) };
      }),
  };
}
