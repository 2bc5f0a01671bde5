/** Strangers in words: what it is, how it goes, how it stays. */
import { settingName } from "../../../infra/settings/problems.ts";
import type { StrangerKind } from "../../../infra/settings/sections/known.ts";
import { type Both, type Language, textIn, typeset } from "../advice/language.ts";
import type { Stranger, StrangersStatus } from "./model.ts";

/** What people are told of one stranger. */
export interface StrangerAdvice {
  says: string;
  remove: string;
  /** How it becomes the stack's; none: the stack has no place for a second one. */
  adopt?: string;
}

type Tell = (stranger: Stranger, stack: string) => Both;

/** A row for each kind: what it is, how it is removed, how it becomes the stack's. */
const words: Readonly<Record<StrangerKind, { what: Tell; remove: Tell; adopt?: Tell }>> = {
  "access-list": {
    what: ({ name, everybody }) =>
      everybody
        ? [
            `the access list entry ${name} lets everybody in: only the password stands before the data`,
            `l'entrée ${name} de la liste d'accès laisse entrer tout le monde : seul le mot de passe protège les données`,
          ]
        : [
            `the access list entry ${name} is of no stack`,
            `l'entrée ${name} de la liste d'accès n'appartient à aucune stack`,
          ],
    remove: ({ name, in: project }) => same(`atlas accessLists delete ${name} --projectId ${project}`),
    adopt: ({ name, everybody }) =>
      everybody
        ? [
            "no stack should: list the addresses of the backend in kairos:mongodb.accessList",
            "à éviter : listez les adresses du backend dans kairos:mongodb.accessList",
          ]
        : [
            `add { cidr: ${asBlock(name)}, comment: … } to kairos:mongodb.accessList, then pulumi up`,
            `ajoutez { cidr: ${asBlock(name)}, comment: … } à kairos:mongodb.accessList, puis pulumi up`,
          ],
  },
  "database-user": {
    what: ({ name }) => [
      `the database user ${name} of the cluster is of no stack`,
      `l'utilisateur ${name} de la base, sur ce cluster, n'appartient à aucune stack`,
    ],
    remove: ({ name, in: project, authDatabase }) =>
      same(
        `atlas dbusers delete ${quoted(name)} --projectId ${project}${authDatabase === undefined ? "" : ` --authDB '${authDatabase}'`}`,
      ),
  },
  cluster: {
    what: ({ name }) => [
      `the cluster ${name} stands beside the stack's`,
      `le cluster ${name} se trouve à côté de celui de la stack`,
    ],
    remove: ({ name, in: project }) => [
      `with all its data: atlas clusters delete ${name} --projectId ${project}`,
      `avec toutes ses données : atlas clusters delete ${name} --projectId ${project}`,
    ],
  },
  "postgres-user": {
    what: ({ name, in: database, isDefault }) => [
      `the user ${name} of ${database} is of no stack${isDefault ? ", and Render shows it as the default one" : ""}`,
      `l'utilisateur ${name} de ${database} n'appartient à aucune stack${isDefault ? ", et Render le présente comme l'utilisateur par défaut" : ""}`,
    ],
    remove: ({ name, in: database, isDefault }, stack) => {
      const [first, firstFr] = isDefault
        ? [
            `npx kairos rotate postgres --stack ${stack} makes another default user; then `,
            `npx kairos rotate postgres --stack ${stack} crée un autre utilisateur par défaut ; ensuite, `,
          ]
        : ["", ""];
      return [
        `${first}Render dashboard: ${database}, Credentials, ${name}, Delete`,
        `${firstFr}tableau de bord de Render : ${database}, Credentials, ${name}, Delete`,
      ];
    },
  },
  postgres: {
    what: (one) => [
      `the Postgres ${shown(one)} has a name of the stack's`,
      `le Postgres ${shown(one)} porte un nom de la stack`,
    ],
    remove: ({ name }) => dashboard("Render", `${name}, Info, Delete Database`),
  },
  redis: {
    what: (one) => [
      `the Redis ${shown(one)} has a name of the stack's`,
      `le Redis ${shown(one)} porte un nom de la stack`,
    ],
    remove: ({ name }) => [
      `with all its data, in the dashboard of its vendor: ${name}, Delete`,
      `avec toutes ses données, dans le tableau de bord de son fournisseur : ${name}, Delete`,
    ],
  },
  "env-group": {
    what: ({ name, in: services }) => [
      `the env group ${name}, linked to ${services}, is of no stack`,
      `l'env group ${name}, lié à ${services}, n'appartient à aucune stack`,
    ],
    remove: ({ name, in: services }) => [
      `Render dashboard: ${services}, Environment, Linked Environment Groups, ${name}, Unlink`,
      `tableau de bord de Render : ${services}, Environment, Linked Environment Groups, ${name}, Unlink`,
    ],
    adopt: ({ in: services }) => [
      `put its variables into kairos:backend (variables, secrets) of ${services}, then pulumi up, and unlink it`,
      `mettez ses variables dans kairos:backend (variables, secrets) de ${services}, puis pulumi up, et déliez-le`,
    ],
  },
  variable: {
    what: ({ name, in: service = "" }) => [
      `${name.slice(service.length + 1)} is set on ${service} itself and wins over the stack's`,
      `${name.slice(service.length + 1)} est définie sur ${service} même et l'emporte sur celle de la stack`,
    ],
    remove: ({ name, in: service = "" }) => [
      `Render dashboard: ${service}, Environment, ${name.slice(service.length + 1)}, Delete, then Save and deploy`,
      `tableau de bord de Render : ${service}, Environment, ${name.slice(service.length + 1)}, Delete, puis Save and deploy`,
    ],
  },
  service: {
    what: (one) => [
      `the service ${shown(one)} has a name of the stack's`,
      `le service ${shown(one)} porte un nom de la stack`,
    ],
    remove: ({ name }) => dashboard("Render", `${name}, Settings, Delete`),
    adopt: ({ name, id }) => [
      `add { name: ${name}, link: ${id} } to kairos:backend, then pulumi up`,
      `ajoutez { name: ${name}, link: ${id} } à kairos:backend, puis pulumi up`,
    ],
  },
};

const same = (text: string): Both => [text, text];
const shown = ({ name, id }: Stranger) => (id === undefined ? name : `${name} (${id})`);
const asBlock = (name: string) => (name.includes("/") ? name : `${name}/${name.includes(":") ? 128 : 32}`);
const quoted = (name: string) => (/^[\w.@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);
const dashboard = (vendor: string, place: string): Both => [
  `${vendor} dashboard: ${place}`,
  `tableau de bord de ${vendor} : ${place}`,
];

export function strangerAdvice(stranger: Stranger, stack: string, language: Language): StrangerAdvice {
  const { what, remove, adopt } = words[stranger.kind];
  const told = (tell: Tell) => typeset(textIn(tell(stranger, stack), language), language);
  return {
    says: `${told(what)}${traceText(stranger, language)}`,
    remove: told(remove),
    ...(adopt && { adopt: told(adopt) }),
  };
}

/** `; since 2026-11-26T10:00:00Z, by anna@example.com`; empty where the vendor tells neither. */
export function traceText({ since, by }: Pick<Stranger, "since" | "by">, language: Language): string {
  const at = since?.replace(/\.\d+Z$/, "Z");
  const who =
    by === undefined
      ? undefined
      : "person" in by
        ? by.person
        : textIn([`the API key ${by.key}`, `la clé d'API ${by.key}`], language);
  if (at === undefined) return "";
  return typeset(
    textIn(
      [
        `; since ${at}${who === undefined ? "" : `, by ${who}`}`,
        ` ; depuis ${at}${who === undefined ? "" : `, par ${who}`}`,
      ],
      language,
    ),
    language,
  );
}

/** How what is meant is said, once for all of them; the first one as an example. */
export function knownAdvice(
  { kind, name }: Stranger,
  stack: string,
  language: Language,
  now = new Date(),
): string {
  const entry = `{ kind: ${kind}, name: ${JSON.stringify(name)}, reason: …, day: ${now.toISOString().slice(0, 10)} }`;
  return typeset(
    textIn(
      [
        `What may stay is listed in kairos:known of Pulumi.${stack}.yaml, such as ${entry}`,
        `Ce qui peut rester est listé dans kairos:known de Pulumi.${stack}.yaml, par exemple ${entry}`,
      ],
      language,
    ),
    language,
  );
}

/** Entries of `kairos:known` that have lost their object, a line each. */
export const goneText = ({ gone }: Pick<StrangersStatus, "gone">, language: Language): string[] =>
  gone.map(({ index, kind, name }) =>
    typeset(
      textIn(
        [
          `${settingName(["known", index])}: got ${kind} ${name}, and there is nothing of the kind beside the stack; take it out`,
          `${settingName(["known", index])} : ${kind} ${name} n'existe plus à côté de la stack ; retirez cette entrée`,
        ],
        language,
      ),
      language,
    ),
  );
