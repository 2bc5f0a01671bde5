/** Strangers in words: what it is, how it goes, how it stays. */
import { settingName } from "../../../infra/settings/problems.ts";
import type { StrangerKind } from "../../../infra/settings/sections/known.ts";
import { type Both, type Language, textIn, typeset } from "../advice/language.ts";
import type { Stranger, StrangersStatus } from "./model.ts";

/** What people are told of one stranger. */
export interface StrangerAdvice {
  says: string;
  /** A command, or a place in the vendor's dashboard. */
  remove: string;
  /** How it becomes the stack's; none: the stack has no place for a second one. */
  adopt?: string;
}

/** What each is; in braces what differs. */
const nouns: Readonly<Record<StrangerKind, Both>> = {
  "access-list": ["access list entry {name}", "entrée {name} de la liste d'accès"],
  "database-user": ["database user {name}", "utilisateur de base {name}"],
  cluster: ["cluster {name}", "cluster {name}"],
  "postgres-user": ["user {name} of {in}", "utilisateur {name} de {in}"],
  postgres: ["Postgres {name} ({id})", "Postgres {name} ({id})"],
  redis: ["Redis {name} ({id})", "Redis {name} ({id})"],
  "env-group": ["env group {name}, linked to {in}", "env group {name}, lié à {in}"],
  variable: ["variable {variable} of {in} itself", "variable {variable} de {in} même"],
  service: ["service {name} ({id})", "service {name} ({id})"],
};

const reasons = {
  everybody: [
    "lets everybody in, only the password stands before the data",
    "laisse entrer tout le monde, seul le mot de passe protège les données",
  ],
  isDefault: [
    "of no stack, and Render shows it as the default one",
    "d'aucune stack, et Render le présente comme celui par défaut",
  ],
  variable: ["wins over the stack's", "l'emporte sur celle de la stack"],
  otherwise: ["of no stack", "d'aucune stack"],
} as const satisfies Record<string, Both>;

/** A command, or where to click: dashboards are in English. */
const removals: Readonly<Record<StrangerKind, string>> = {
  "access-list": "atlas accessLists delete {name} --projectId {in}",
  "database-user": "atlas dbusers delete {quoted} --projectId {in} --authDB '{authDatabase}'",
  cluster: "atlas clusters delete {name} --projectId {in}",
  "postgres-user": "Render > {in} > Info > Credentials > {name} > Delete",
  postgres: "Render > {name} > Info > Delete Database",
  redis: "{vendor} > {name} > Delete",
  "env-group": "Render > {in} > Environment > Linked Environment Groups > {name} > Unlink",
  variable: "Render > {in} > Environment > {variable} > Delete",
  service: "Render > {name} > Settings > Delete",
};
const beforeDefaultGoes = "npx kairos rotate postgres --stack {stack}, then ";

const adoptions: Partial<Record<StrangerKind, Both>> = {
  "access-list": [
    "add { cidr: {block}, comment: … } to kairos:mongodb.accessList, then pulumi up",
    "ajoutez { cidr: {block}, comment: … } à kairos:mongodb.accessList, puis pulumi up",
  ],
  "env-group": [
    "put its variables into kairos:backend (variables, secrets) of {in}, then pulumi up, and unlink it",
    "mettez ses variables dans kairos:backend (variables, secrets) de {in}, puis pulumi up, et déliez-le",
  ],
  service: [
    "add { name: {name}, link: {id} } to kairos:backend, then pulumi up",
    "ajoutez { name: {name}, link: {id} } à kairos:backend, puis pulumi up",
  ],
};

export function strangerAdvice(stranger: Stranger, stack: string, language: Language): StrangerAdvice {
  const { kind, name, vendor, in: where = "", id = "", everybody, isDefault, authDatabase = "" } = stranger;
  const parts: Record<string, string> = {
    ...{ name, id, vendor, in: where, stack, authDatabase },
    block: name.includes("/") ? name : `${name}/${name.includes(":") ? 128 : 32}`,
    quoted: /^[\w.@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`,
    variable: name.slice(where.length + 1),
  };
  const filled = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, part: string) => parts[part] ?? "");
  const reason = everybody ? "everybody" : isDefault ? "isDefault" : kind === "variable" ? kind : "otherwise";
  const says = [nouns[kind], [": ", " : "] as const, reasons[reason]].map((both) => said(both, language));
  const adopt = everybody ? undefined : adoptions[kind];
  return {
    says: `${filled(says.join(""))}${traceText(stranger, language)}`,
    remove: filled(`${isDefault ? beforeDefaultGoes : ""}${removals[kind]}`),
    ...(adopt && { adopt: filled(said(adopt, language)) }),
  };
}

/** `; since 2026-11-26T10:00:00Z, by anna@example.com`; empty where the vendor tells neither. */
export function traceText({ since, by }: Pick<Stranger, "since" | "by">, language: Language): string {
  if (since === undefined) return "";
  const at = since.replace(/\.\d+Z$/, "Z");
  if (by === undefined) return said([`; since ${at}`, ` ; depuis ${at}`], language);
  const [en, fr] =
    "person" in by ? [by.person, by.person] : [`the API key ${by.key}`, `la clé d'API ${by.key}`];
  return said([`; since ${at}, by ${en}`, ` ; depuis ${at}, par ${fr}`], language);
}

/** How what is meant is said, once for all of them; what lets everybody in is no example. */
export function knownAdvice(found: readonly Stranger[], stack: string, language: Language): string {
  const { kind, name } = found.find(({ everybody }) => !everybody) ?? { kind: "service", name: "…" };
  const entry = `{ kind: ${kind}, name: ${JSON.stringify(name)}, reason: …, day: … }`;
  return said(
    [
      `What may stay is listed in kairos:known of Pulumi.${stack}.yaml, such as ${entry}`,
      `Ce qui peut rester est listé dans kairos:known de Pulumi.${stack}.yaml, par exemple ${entry}`,
    ],
    language,
  );
}

/** Entries of `kairos:known` that have lost their object, a line each. */
export const goneText = ({ gone }: Pick<StrangersStatus, "gone">, language: Language): string[] =>
  gone.map(({ index, kind, name }) =>
    said(
      [
        `${settingName(["known", index])}: got ${kind} ${name}, and there is nothing of the kind beside the stack; take it out`,
        `${settingName(["known", index])} : ${kind} ${name} n'existe plus à côté de la stack ; retirez cette entrée`,
      ],
      language,
    ),
  );

const said = (both: Both, language: Language) => typeset(textIn(both, language), language);
