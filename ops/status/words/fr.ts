/** A status in French. */
import type { Mistake, Remark } from "../model.ts";
import { causes } from "./causes-fr.ts";
import type { Advice, Words } from "./model.ts";

const list = (names: readonly string[]) => names.join(", ");
const some = (count: number, one: string, many = `${one}s`) => `${count} ${Math.abs(count) < 2 ? one : many}`;
const decimal = (value: number) => String(value).replace(".", ",");

export const fr: Words = {
  locale: "fr",
  colon: " : ",
  title: (source) => `État des bases de données de Kaïros : ${source}`,
  source: {
    stack: (name) => `stack ${name}`,
    file: (name) => `fichier ${name}`,
    process: "environnement de ce processus",
  },
  states: {
    well: "bien",
    warning: "à surveiller",
    failed: "en échec",
    off: "non configuré",
    unchecked: "non vérifié",
  },
  databases: { mongodb: "MongoDB", postgres: "PostgreSQL", redis: "Redis" },
  optional: "optionnel",
  took: (seconds) => `${decimal(Number(seconds.toFixed(2)))} s`,
  verdict: {
    ok: "Tout ce qui est obligatoire va bien.",
    failed: "MongoDB, obligatoire, n'est pas utilisable.",
    strict: "Tout ne va pas bien (--strict).",
    allWell: "Tout va bien.",
  },
  problems: {
    "missing-variables": "des variables manquent",
    "invalid-variables": "une variable a une valeur inutilisable",
    "host-not-found": "le nom d'hôte est introuvable",
    "connection-refused": "la connexion est refusée",
    unreachable: "le réseau n'a pas de chemin jusque-là",
    "connection-closed": "le serveur a fermé la connexion",
    timeout: "pas de réponse dans le délai",
    "login-refused": "l'utilisateur ou le mot de passe est refusé",
    "not-allowed": "l'utilisateur n'a pas les droits dont le backend a besoin",
    "no-such-database": "cette base n'existe pas",
    "certificate-expired": "le certificat n'est pas valable à cette date",
    "certificate-untrusted": "le certificat n'est pas reconnu",
    "certificate-wrong-host": "le certificat est celui d'un autre hôte",
    "tls-failed": "TLS a échoué",
    "tls-mismatch": "un seul côté parle TLS",
    "no-primary": "aucun serveur n'accepte d'écriture",
    "read-only": "le serveur n'accepte pas d'écriture",
    "too-many-connections": "le serveur n'accepte plus de connexion",
    starting: "le serveur démarre encore",
    "out-of-memory": "la mémoire du serveur est pleine",
    "cannot-persist": "le serveur ne peut pas écrire sur son disque",
    "quota-used-up": "les requêtes du plan sont épuisées",
    "no-such-service": "Render ne connaît pas ce service",
    "not-supported": "le serveur ne comprend pas le backend",
    interrupted: "interrompu",
    unexpected: "une erreur dont le sens est inconnu",
  },
  causes,
  mistake,
  remark,
  labels: {
    problem: "problème",
    evidence: "observé",
    variables: "variables",
    cause: "causes",
    causes: "causes probables, dans l'ordre",
    fact: "constat",
    value: "valeur",
    check: "vérification",
    state: "état",
  },
  facts: {
    version: "version",
    latency: "latence",
    latencyIs: ({ median, fastest, slowest, tries }) =>
      `${decimal(median)} ms (médiane de ${tries} ; de ${decimal(fastest)} à ${decimal(slowest)})`,
    topology: "topologie",
    topologyKinds: {
      "replica set": "replica set",
      sharded: "cluster partitionné",
      "load balanced": "derrière un répartiteur",
      standalone: "serveur seul",
      unknown: "inconnue",
    },
    members: (count) => some(count, "membre"),
    primary: "primaire",
    database: "base",
    exists: (exists) =>
      exists === undefined ? "existence inconnue" : exists ? "existe" : "n'existe pas encore",
    collections: "collections",
    collectionsAre: (count, indexes) => `${some(count, "collection")}, ${indexes} index`,
    rights: "droits",
    rightsAre: (user, writes, beyond) =>
      `${user} ${writes ? "peut écrire" : "ne peut PAS écrire"}, ${beyond.length === 0 ? "rien au-delà de sa base" : `et plus que sa base : ${list(beyond)}`}`,
    pool: "pool",
    poolIs: (least, most) => `de ${least} à ${most} connexions`,
    timeouts: "délai",
    heartbeat: (ms) => `battement toutes les ${decimal(ms / 1000)} s`,
    retry: "reprise",
    retryIs: (writes, reads) => `écritures ${writes ? "oui" : "non"}, lectures ${reads ? "oui" : "non"}`,
    compression: "compression",
    compressionIs: (chosen, offered) =>
      `${chosen === "none" ? "aucune" : chosen} (proposées : ${list(offered) || "aucune"})`,
    tls: "TLS",
    noTls: "aucun",
    certificate: (validTo, days) => `certificat jusqu'au ${validTo} (${some(days, "jour")})`,
    untrusted: (code) => `non reconnu${code === undefined ? "" : ` (${code})`}`,
    role: "rôle",
    superuser: (is) => (is ? "superutilisateur" : "pas superutilisateur"),
    tables: "tables",
    tablesAre: (present, missing) =>
      [
        present.length > 0 ? `présentes : ${list(present)}` : "",
        missing.length > 0 ? `manquantes : ${list(missing)}` : "",
      ]
        .filter((part) => part !== "")
        .join(" ; "),
    connections: "connexions",
    size: "taille",
    commands: "commandes",
    memory: "mémoire",
    noLimit: "sans limite propre",
    unknownPolicy: "politique inconnue",
    uses: { cache: "cache", rateLimit: "limitation de débit", sessions: "sessions" },
    suitability: {
      suits: "convient",
      risk: "risque",
      "does not suit": "ne convient pas",
      unknown: "inconnu",
    },
  },
  render: {
    title: "Services chez Render",
    unchecked: {
      "no-key":
        "RENDER_API_KEY n'est pas définie : déploiements et variables chez Render n'ont pas été regardés",
      "no-services": "personne n'a dit quels services reçoivent ces variables : --service srv-…, ou --stack",
    },
    lastDeploy: (status, at) => `dernier déploiement : ${status}, ${at}`,
    liveDeploy: (at) => `ce qui tourne a été déployé ${at}`,
    noDeploy: "aucun déploiement",
    suspended: "suspendu",
    current: {
      yes: "tourne avec les variables actuelles",
      no: "ne tourne PAS avec les variables actuelles",
      deploying: "un déploiement plus récent est en route",
      unknown: "Render ne dit pas si une variable a changé après son déploiement",
    },
    equal: (count, all) => `variables égales à celles du contrat : ${count} sur ${all}`,
    differ: (names) => `différentes : ${list(names)}`,
    missing: (names) => `manquantes : ${list(names)}`,
    extra: (names) => `restées : ${list(names)}`,
    shadowed: (names) => `définies aussi par le service, qui l'emporte : ${list(names)}`,
    redeploy: "pulumi up --refresh les remet en ordre et déploie",
  },
  watching: (seconds) => `toutes les ${seconds} s ; Ctrl-C termine`,
};

function mistake({ variable, kind, beside = [] }: Mistake): string {
  const says: Record<Mistake["kind"], string> = {
    missing:
      beside.length === 0
        ? "manque ; le backend ne démarre pas sans elle"
        : `manque, alors que ${list(beside)} ${beside.length === 1 ? "est définie" : "sont définies"}`,
    "not-a-number": "n'est pas un nombre entier",
    "not-a-url": "n'est pas une URL de son genre",
    "not-a-host": "n'est pas le nom ou l'adresse d'un hôte, sans rien d'autre",
    "out-of-range": "est hors limites",
    "above-maximum": `dépasse ${list(beside)}`,
  };
  return `${variable} ${says[kind]}`;
}

function remark({ kind, number = 0, names = [], sql = [] }: Remark): Advice {
  const advice: Record<Remark["kind"], Advice> = {
    "certificate-expires": {
      says: `le certificat expire dans ${some(number, "jour")}`,
      next: "les fournisseurs renouvellent des semaines avant : demandez à leur support",
    },
    "certificate-expired": {
      says: `le certificat a expiré il y a ${some(number, "jour")} ; le pilote ne le vérifie pas`,
      next: causes["certificate-not-renewed"].next,
    },
    "certificate-untrusted": {
      says: `la connexion est chiffrée, mais rien ne prouve qui répond${names.length > 0 ? ` (${list(names)})` : ""}`,
      next: "habituel sur le réseau privé de Render ; ailleurs : --ca FICHIER si vous connaissez l'autorité",
    },
    "no-tls": {
      says: "la connexion n'est pas chiffrée",
      next: "bien sur un réseau privé seulement ; sinon rediss://, ou TLS chez le fournisseur",
    },
    slow: {
      says: `la réponse prend ${number} ms`,
      next: "près du backend ce serait quelques-unes : comparez les régions, voyez la charge",
    },
    "database-missing": {
      says: `la base ${list(names)} n'existe pas encore`,
      next: "le backend la crée à son premier démarrage ; s'il a déjà tourné, le nom n'est pas le bon",
    },
    "database-near-miss": {
      says: `demandée : ${names[0]} ; il y a aussi ${list(names.slice(1))}, une autre base pour MongoDB`,
      next: "voyez laquelle contient les données, et corrigez kairos:mongodb.database",
    },
    "database-in-url-differs": {
      says: `l'URL nomme la base ${names[0]}, MONGODB_DB_NAME ${names[1]} : c'est celle-ci qui compte`,
    },
    "rights-beyond-database": {
      says: `l'utilisateur peut plus que sa base : ${list(names)}`,
      next: "ne lui donnez que readWrite sur sa base ; pulumi up --refresh rétablit les rôles de la stack",
    },
    "rights-unknown": { says: "le serveur ne dit pas ce que l'utilisateur peut faire" },
    standalone: {
      says: "un serveur seul : ni bascule, ni transactions, ni écritures reprises",
      next: "prenez un replica set, ce que tout cluster Atlas est",
    },
    "no-compression": {
      says: "pilote et serveur ne se sont accordés sur aucune compression",
      next: "n'écrivez pas compressors dans l'URL, ou nommez-y zlib",
    },
    "no-retry": {
      says: "une bascule se voit comme des erreurs : les reprises sont désactivées",
      next: "kairos:mongodb.driver.retryWrites et retryReads : true",
    },
    superuser: {
      says: `${list(names)} est superutilisateur : aucune erreur du backend n'est arrêtée`,
      next: "prenez le rôle que Render fournit",
    },
    "tables-missing": {
      says: `des tables manquent : ${list(names)}`,
      next: sql[0] ?? "le backend les crée à son démarrage : déployez-le, et lisez son journal",
    },
    "tables-elsewhere": {
      says: `il y a de telles tables là où le backend ne regarde pas : ${list(names)}`,
      next: "ALTER ROLE <utilisateur> SET search_path = <schéma>, public;",
    },
    "type-conflict": {
      says: `${list(names)} : un type de ce nom est resté, sans sa table ; PostgreSQL refuse de créer la table (« duplicate key value », « type already exists »)`,
      next: sql.join(" "),
    },
    "connections-nearly-used": {
      says: `${number} % des connexions sont occupées`,
      next: "un déploiement en demande le double : réduisez le pool, ou prenez un plan plus grand",
    },
    "policy-loses-sessions": {
      says: `${list(names)} garde le cache en marche quand la mémoire est pleine, et peut prendre des sessions avant l'heure`,
      next: "assez de mémoire, ou les sessions dans un Redis à elles avec noeviction : https://redis.io/docs/latest/develop/reference/eviction/",
    },
    "policy-refuses-writes": {
      says: `${list(names)} ne perd rien, et refuse toute écriture une fois la mémoire pleine, celles du cache aussi`,
      next: "surveillez la mémoire ; un Redis qui n'est que cache va mieux avec allkeys-lru : https://redis.io/docs/latest/develop/reference/eviction/",
    },
    "policy-unknown": { says: "le serveur ne dit pas ce qu'il fait quand sa mémoire est pleine" },
    "memory-nearly-full": {
      says: `${number} % de la mémoire est occupée`,
      next: "prenez un plan plus grand, ou des durées de vie plus courtes",
    },
  };
  return advice[kind];
}
