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

/** In braces what differs. */
interface Wording {
  what: Both;
  /** The same in each language: dashboards are in English. */
  remove: string;
  adopt?: Both;
}

const words: Readonly<Record<StrangerKind | "everybody" | "default user", Wording>> = {
  everybody: {
    what: [
      "the access list entry {name} lets everybody in: only the password stands before the data",
      "l'entrée {name} de la liste d'accès laisse entrer tout le monde : seul le mot de passe protège les données",
    ],
    remove: "atlas accessLists delete {name} --projectId {in}",
  },
  "access-list": {
    what: [
      "the access list entry {name} is of no stack",
      "l'entrée {name} de la liste d'accès n'appartient à aucune stack",
    ],
    remove: "atlas accessLists delete {name} --projectId {in}",
    adopt: [
      "add { cidr: {block}, comment: … } to kairos:mongodb.accessList, then pulumi up",
      "ajoutez { cidr: {block}, comment: … } à kairos:mongodb.accessList, puis pulumi up",
    ],
  },
  "database-user": {
    what: [
      "the database user {name} of the cluster is of no stack",
      "l'utilisateur {name} de la base, sur ce cluster, n'appartient à aucune stack",
    ],
    remove: "atlas dbusers delete {quoted} --projectId {in} --authDB '{authDatabase}'",
  },
  cluster: {
    what: [
      "the cluster {name} stands beside the stack's",
      "le cluster {name} se trouve à côté de celui de la stack",
    ],
    remove: "atlas clusters delete {name} --projectId {in}",
  },
  "postgres-user": {
    what: [
      "the user {name} of {in} is of no stack",
      "l'utilisateur {name} de {in} n'appartient à aucune stack",
    ],
    remove: "Render: {in}, Info, Credentials, {name}, Delete",
  },
  "default user": {
    what: [
      "the user {name} of {in} is of no stack, and Render shows it as the default one",
      "l'utilisateur {name} de {in} n'appartient à aucune stack, et Render le présente comme celui par défaut",
    ],
    remove:
      "npx kairos rotate postgres --stack {stack}, which makes another default one; Render: {in}, Info, Credentials, {name}, Delete",
  },
  postgres: {
    what: [
      "the Postgres {name} ({id}) has a name of the stack's",
      "le Postgres {name} ({id}) porte un nom de la stack",
    ],
    remove: "Render: {name}, Info, Delete Database",
  },
  redis: {
    what: [
      "the Redis {name} ({id}) has a name of the stack's",
      "le Redis {name} ({id}) porte un nom de la stack",
    ],
    remove: "its vendor's dashboard: {name}, Delete",
  },
  "env-group": {
    what: [
      "the env group {name}, linked to {in}, is of no stack",
      "l'env group {name}, lié à {in}, n'appartient à aucune stack",
    ],
    remove: "Render: {in}, Environment, Linked Environment Groups, {name}, Unlink",
    adopt: [
      "put its variables into kairos:backend (variables, secrets) of {in}, then pulumi up, and unlink it",
      "mettez ses variables dans kairos:backend (variables, secrets) de {in}, puis pulumi up, et déliez-le",
    ],
  },
  variable: {
    what: [
      "{variable} is set on {in} itself and wins over the stack's",
      "{variable} est définie sur {in} même et l'emporte sur celle de la stack",
    ],
    remove: "Render: {in}, Environment, {variable}, Delete",
  },
  service: {
    what: [
      "the service {name} ({id}) has a name of the stack's",
      "le service {name} ({id}) porte un nom de la stack",
    ],
    remove: "Render: {name}, Settings, Delete",
    adopt: [
      "add { name: {name}, link: {id} } to kairos:backend, then pulumi up",
      "ajoutez { name: {name}, link: {id} } à kairos:backend, puis pulumi up",
    ],
  },
};

export function strangerAdvice(stranger: Stranger, stack: string, language: Language): StrangerAdvice {
  const { kind, name, in: where = "", id = "", everybody, isDefault, authDatabase = "" } = stranger;
  const { what, remove, adopt } = words[everybody ? "everybody" : isDefault ? "default user" : kind];
  const parts: Record<string, string> = {
    ...{ name, id, in: where, stack, authDatabase },
    block: name.includes("/") ? name : `${name}/${name.includes(":") ? 128 : 32}`,
    quoted: /^[\w.@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`,
    variable: name.slice(where.length + 1),
  };
  const filled = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, part: string) => parts[part] ?? "");
  return {
    says: `${filled(said(what, language))}${traceText(stranger, language)}`,
    remove: filled(remove),
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

/** How what is meant is said, once for all of them, with the first one as an example. */
export function knownAdvice({ kind, name }: Stranger, stack: string, language: Language): string {
  const day = new Date().toISOString().slice(0, 10);
  const entry = `{ kind: ${kind}, name: ${JSON.stringify(name)}, reason: …, day: "${day}" }`;
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
