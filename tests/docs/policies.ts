/** What documents say of the policies, from the policies themselves. */
import type { PolicyId } from "../../infra/policies/ids.ts";
import { policies } from "../../infra/policies/list.ts";
import type { Level, Policy } from "../../infra/policies/model.ts";
import type { Language } from "./languages.ts";
import { plain, table } from "./markers.ts";

const heads: Readonly<Record<Language, readonly string[]>> = {
  en: ["policy", "what it finds", "production", "staging", "short-lived"],
  fr: ["politique", "ce qu'elle trouve", "production", "staging", "éphémère"],
};

const levels: Readonly<Record<Language, Readonly<Record<Level, string>>>> = {
  en: { mandatory: "mandatory", advisory: "advisory", off: "off" },
  fr: { mandatory: "obligatoire", advisory: "indicative", off: "désactivée" },
};

/** The policies' titles in French; the English ones stand at the policies. */
const french: Readonly<Record<PolicyId, string>> = {
  "access-list-open": "Liste d'accès Atlas ouverte au monde entier",
  "database-user-scope": "Utilisateur qui a des droits au-delà de sa base",
  "postgres-open": "Base Render joignable de partout",
  "shared-outbound": "Atlas ouvert aux autres clients de Render",
  "data-protected": "Base sans protection",
  "data-backed-up": "Base sans sauvegarde",
  "backups-retained": "Instantanés supprimés avec leur cluster",
  "data-loss": "Remplacement ou suppression de données",
  "region-beside-backend": "Base loin de son backend",
  "tls-required": "TLS désactivé ou faible",
  "plain-secret": "Secret dans une variable en clair",
  "plan-tier": "Offre que l'environnement n'admet pas",
  "free-tier": "Offre gratuite en production",
  "sessions-evicted": "Éviction qui perd des sessions",
  "health-check": "Service web sans health check",
  budget: "Stack plus chère que son budget",
};

/** How strict each policy is in each stage. @param reference the page that explains each, relative to the table's */
export function policiesTable(language: Language, reference: string): string {
  return table(
    heads[language],
    policies.map(({ id, title, level }) => [
      `[${id}](${reference}#${id})`,
      language === "fr" ? french[id] : title,
      ...Object.values(level).map((one) => levels[language][one]),
    ]),
  );
}

/** The whole of docs/reference/policies.md. */
export function policiesReference(): string {
  const introduction =
    "What each policy looks at, why, and how to put it right. How they run and how an exception is written: [policies](../en/policies.md), [en français](../fr/policies.md).";
  return ["# Policies", introduction, policiesTable("en", ""), ...policies.map(section)].join("\n\n");
}

const section = ({ id, title, why, checks, fix }: Policy) => `## ${id}

**${title}.** ${plain(why)}

- Checks: ${plain(checks)}
- To put it right: ${plain(fix)}`;
