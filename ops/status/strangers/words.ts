/** Strangers in words: what it is, how it goes, how it stays. */
import { settingName } from "../../../infra/settings/problems.ts";
import type { StrangerKind } from "../../../infra/settings/sections/known.ts";
import { restoredOn } from "../../backups/record.ts";
import { type Both, filled, type Language, said } from "../../terminal/language.ts";
import type { Stranger, StrangersStatus } from "./model.ts";
import table from "./texts.json" with { type: "json" };

/** What people are told of one stranger. */
export interface StrangerAdvice {
  says: string;
  /** A command, or a place in the vendor's dashboard. */
  remove: string;
  /** How it becomes the stack's; none: the stack has no place for a second one. */
  adopt?: string;
}

/** What each is, why it is told, how it goes (a command, or where to click: dashboards are in English), how it stays. */
const { nouns, reasons, removals, beforeDefaultGoes, adoptions, restoredAdoption, ...texts } =
  table as object as {
    nouns: Readonly<Record<StrangerKind, Both>>;
    reasons: Readonly<Record<keyof typeof table.reasons, Both>>;
    removals: Readonly<Record<StrangerKind, string>>;
    beforeDefaultGoes: string;
    adoptions: Partial<Record<StrangerKind, Both>>;
    restoredAdoption: Both;
    traces: Readonly<Record<"since" | "person" | "key", Both>>;
    known: Both;
    gone: Both;
  };

export function strangerAdvice(stranger: Stranger, stack: string, language: Language): StrangerAdvice {
  const { kind, name, vendor, in: where = "", id = "", everybody, isDefault, authDatabase = "" } = stranger;
  const section = kind === "cluster" ? "mongodb" : kind === "postgres" ? kind : "";
  // A copy, before somebody has put it in use.
  const day = section === "" ? undefined : restoredOn(name, stack);
  const parts: Record<string, string> = {
    ...{ day: day ?? "", section, setting: kind === "postgres" ? id : name },
    ...{ name, id, vendor, in: where, stack, authDatabase },
    block: name.includes("/") ? name : `${name}/${name.includes(":") ? 128 : 32}`,
    quoted: /^[\w.@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`,
    variable: name.slice(where.length + 1),
  };
  const reason = day
    ? "restored"
    : everybody
      ? "everybody"
      : isDefault
        ? "isDefault"
        : kind === "variable"
          ? kind
          : "otherwise";
  const says = [nouns[kind], reasons[reason]].map((both) => said(both, language, parts));
  const adopt = everybody ? undefined : day ? restoredAdoption : adoptions[kind];
  return {
    says: `${says.join("")}${traceText(stranger, language)}`,
    remove: filled(`${isDefault ? beforeDefaultGoes : ""}${removals[kind]}`, parts),
    ...(adopt && { adopt: said(adopt, language, parts) }),
  };
}

/** `; since 2026-11-26T10:00:00Z, by anna@example.com`; empty where the vendor tells neither. */
export function traceText({ since, by }: Pick<Stranger, "since" | "by">, language: Language): string {
  if (since === undefined) return "";
  const trace = by === undefined ? "since" : "person" in by ? "person" : "key";
  return said(texts.traces[trace], language, { at: since.replace(/\.\d+Z$/, "Z"), ...by });
}

/** How what is meant is said, once for all of them; what lets everybody in is no example. */
export function knownAdvice(found: readonly Stranger[], stack: string, language: Language): string {
  const { kind, name } = found.find(({ everybody }) => !everybody) ?? { kind: "service", name: "…" };
  const entry = `{ kind: ${kind}, name: ${JSON.stringify(name)}, reason: …, day: … }`;
  return said(texts.known, language, { stack, entry });
}

/** Entries of `kairos:known` that have lost their object, a line each. */
export const goneText = ({ gone }: Pick<StrangersStatus, "gone">, language: Language): string[] =>
  gone.map(({ index, kind, name }) =>
    said(texts.gone, language, { setting: settingName(["known", index]), kind, name }),
  );
