/** What there is to say about a database that answers, and what to do about it: `what → next step`, in each language. */
import { list, plural, pluralFr } from "../../terminal/amounts.ts";
import type { Both } from "./language.ts";

export interface RemarkDetails {
  /** Days, milliseconds or percent, as the kind has it. */
  number?: number;
  /** Names: of tables, roles, databases, a policy, a code. */
  names?: string[];
  /** The statements that solve it. */
  sql?: string[];
}

const eviction = "https://redis.io/docs/latest/develop/reference/eviction/";

const reason = (names: readonly string[]) => (names.length > 0 ? ` (${list(names)})` : "");

export const remarks = {
  "certificate-expires": ({ number = 0 }) => [
    `the certificate expires in ${plural(number, "day")} → vendors renew weeks before: ask their support`,
    `le certificat expire dans ${pluralFr(number, "jour")} → les fournisseurs renouvellent des semaines avant : demandez à leur support`,
  ],
  "certificate-expired": ({ number = 0 }) => [
    `the certificate expired ${plural(number, "day")} ago; the driver does not check it → vendors renew by themselves: tell their support`,
    `le certificat a expiré il y a ${pluralFr(number, "jour")} ; le pilote ne le vérifie pas → les fournisseurs renouvellent eux-mêmes : prévenez leur support`,
  ],
  "certificate-untrusted": ({ names = [] }) => [
    `the connection is encrypted, but nothing proves who answers${reason(names)} → usual on Render's private network; elsewhere: --ca FILE if you know the authority`,
    `la connexion est chiffrée, mais rien ne prouve qui répond${reason(names)} → habituel sur le réseau privé de Render ; ailleurs : --ca FICHIER si vous connaissez l'autorité`,
  ],
  "no-tls": () => [
    "the connection is not encrypted → fine on a private network only; otherwise rediss://, or TLS at the vendor",
    "la connexion n'est pas chiffrée → acceptable sur un réseau privé seulement ; sinon rediss://, ou TLS chez le fournisseur",
  ],
  slow: ({ number = 0 }) => [
    `it takes ${number} ms to answer → near the backend it would be a few: compare regions, look at the load`,
    `la réponse prend ${number} ms → près du backend, ce serait quelques millisecondes : comparez les régions, voyez la charge`,
  ],
  "database-missing": ({ names = [] }) => [
    `the database ${list(names)} does not exist yet → the backend creates it at its first start; if it has run, the name is not right`,
    `la base ${list(names)} n'existe pas encore → le backend la crée à son premier démarrage ; s'il a déjà tourné, le nom n'est pas le bon`,
  ],
  "database-near-miss": ({ names = [] }) => [
    `asked for ${names[0]}; there is also ${list(names.slice(1))}, which MongoDB takes for another database → see which of them holds the data, and correct kairos:mongodb.database`,
    `demandée : ${names[0]} ; il y a aussi ${list(names.slice(1))}, une autre base pour MongoDB → voyez laquelle contient les données, et corrigez kairos:mongodb.database`,
  ],
  "database-in-url-differs": ({ names = [] }) => [
    `the URL names the database ${names[0]}, MONGODB_DB_NAME ${names[1]}: the latter counts`,
    `l'URL nomme la base ${names[0]}, MONGODB_DB_NAME ${names[1]} : c'est cette dernière qui compte`,
  ],
  "rights-beyond-database": ({ names = [] }) => [
    `the user can do more than its database: ${list(names)} → give it readWrite on its database only; pulumi up --refresh restores the stack's own roles`,
    `l'utilisateur a des droits au-delà de sa base : ${list(names)} → ne lui donnez que readWrite sur sa base ; pulumi up --refresh rétablit les rôles de la stack`,
  ],
  "rights-unknown": () => [
    "the server does not tell what the user may do",
    "le serveur ne dit pas ce que l'utilisateur peut faire",
  ],
  standalone: () => [
    "a server by itself: no failover, no transactions, no retried writes → use a replica set, which every Atlas cluster is",
    "un serveur seul : ni bascule, ni transactions, ni nouvelles tentatives d'écriture → prenez un replica set, ce que tout cluster Atlas est",
  ],
  "no-compression": () => [
    "driver and server agreed on no compression → leave compressors out of the URL, or name zlib there",
    "pilote et serveur ne se sont accordés sur aucune compression → n'écrivez pas compressors dans l'URL, ou nommez-y zlib",
  ],
  "no-retry": () => [
    "a failover shows as errors: retries are switched off → kairos:mongodb.driver.retryWrites and retryReads: true",
    "une bascule se voit comme des erreurs : les nouvelles tentatives sont désactivées → kairos:mongodb.driver.retryWrites et retryReads : true",
  ],
  superuser: ({ names = [] }) => [
    `${list(names)} is a superuser: no mistake of the backend is stopped → use the role that Render hands out`,
    `${list(names)} est superutilisateur : rien n'arrête une erreur du backend → prenez le rôle que Render fournit`,
  ],
  "tables-missing": ({ names = [], sql = [] }) => [
    `tables are missing: ${list(names)} → ${sql[0] ?? "the backend creates them at its start: deploy it, and read its log"}`,
    `des tables manquent : ${list(names)} → ${sql[0] ?? "le backend les crée à son démarrage : déployez-le, et lisez son journal"}`,
  ],
  "tables-elsewhere": ({ names = [] }) => [
    `there are such tables where the backend does not look: ${list(names)} → ALTER ROLE <user> SET search_path = <schema>, public;`,
    `il y a de telles tables là où le backend ne regarde pas : ${list(names)} → ALTER ROLE <utilisateur> SET search_path = <schéma>, public;`,
  ],
  "type-conflict": ({ names = [], sql = [] }) => [
    `${list(names)}: a type of this name is left behind, without its table; PostgreSQL refuses to create the table ("duplicate key value", "type already exists") → ${sql.join(" ")}`,
    `${list(names)} : un type de ce nom est resté, sans sa table ; PostgreSQL refuse de créer la table (« duplicate key value », « type already exists ») → ${sql.join(" ")}`,
  ],
  "connections-nearly-used": ({ number = 0 }) => [
    `${number} % of the connections are used → a deploy needs twice what runs: lower the pool, or take a larger kairos:postgres.plan`,
    `${number} % des connexions sont occupées → un déploiement en demande le double : réduisez le pool, ou prenez un kairos:postgres.plan supérieur`,
  ],
  "policy-loses-sessions": ({ names = [] }) => [
    `${list(names)} keeps the cache going when memory is full, and may evict sessions before they expire → enough memory, or sessions in a dedicated Redis with noeviction: ${eviction}`,
    `${list(names)} garde le cache en marche quand la mémoire est pleine, et peut évincer des sessions avant leur expiration → assez de mémoire, ou les sessions dans un Redis dédié avec noeviction : ${eviction}`,
  ],
  "policy-refuses-writes": ({ names = [] }) => [
    `${list(names)} loses nothing, and refuses every write once memory is full, of the cache too → watch the memory; a Redis that is only a cache does better with allkeys-lru: ${eviction}`,
    `${list(names)} ne perd rien, et refuse toute écriture une fois la mémoire pleine, celles du cache aussi → surveillez la mémoire ; allkeys-lru convient mieux à un Redis qui n'est qu'un cache : ${eviction}`,
  ],
  "policy-unknown": () => [
    "the server does not tell what it does when its memory is full",
    "le serveur ne dit pas ce qu'il fait quand sa mémoire est pleine",
  ],
  "memory-nearly-full": ({ number = 0 }) => [
    `${number} % of the memory is used → take a larger plan, or shorter expiries`,
    `${number} % de la mémoire est occupée → prenez une offre supérieure, ou des expirations plus courtes`,
  ],
  "credential-old": ({ number = 0, names = [] }) => [
    `the credential is ${plural(number, "day")} old → npx kairos rotate ${names.join(" --stack ")}`,
    `l'accès a ${pluralFr(number, "jour")} → npx kairos rotate ${names.join(" --stack ")}`,
  ],
  "credential-disclosed": ({ names = [] }) => [
    `the password that the stack took over was disclosed and has not been changed since → npx kairos rotate ${names.join(" --stack ")} --leaked`,
    `le mot de passe repris par la stack a été divulgué et n'a pas changé depuis → npx kairos rotate ${names.join(" --stack ")} --leaked`,
  ],
} as const satisfies Record<string, (details: RemarkDetails) => Both>;

export type RemarkKind = keyof typeof remarks;
