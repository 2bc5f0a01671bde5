/** A status in French. */
import { decimalFr as decimal, list, pluralFr as plural } from "../../terminal/amounts.ts";
import type { Words } from "./index.ts";
import * as trouble from "./trouble-fr.ts";

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
  ...trouble,
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
    members: (count) => plural(count, "membre"),
    primary: "primaire",
    database: "base",
    exists: (exists) =>
      exists === undefined ? "existence inconnue" : exists ? "existe" : "n'existe pas encore",
    collections: "collections",
    collectionsAre: (count, indexes) => `${plural(count, "collection")}, ${indexes} index`,
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
    certificate: (validTo, days) => `certificat jusqu'au ${validTo} (${plural(days, "jour")})`,
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
