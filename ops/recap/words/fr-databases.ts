/** What each database's own part says, in French. */
import type { RedisProvider } from "../../../infra/settings/index.ts";
import type { Latency, Suitability, TableName } from "../../status/model.ts";
import { code, codes, type Inline, link, say, strong } from "../model.ts";

const decimal = (value: number) => value.toFixed(1).replace(/\.0$/, "").replace(".", ",");
const seconds = (ms: number) => `${decimal(ms / 1000)} seconde${ms >= 2000 ? "s" : ""}`;
const some = (count: number, noun: string) => `${count} ${noun}${count > 1 ? "s" : ""}`;

const uses: Record<Suitability, string> = {
  suits: "convient",
  risk: "risque",
  "does not suit": "ne convient pas",
  unknown: "inconnu",
};

/** Bytes, in the units that people use for disks. */
function bytes(count: number): string {
  const units = ["octets", "Ko", "Mo", "Go", "To"];
  const power = count < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3));
  return `${decimal(count / 1000 ** power)} ${units[power]}`;
}

export const databases = {
  mandatory: (name: string) => `${name} (Obligatoire)`,
  optional: (name: string) => `${name} (Optionnel)`,
  current: "Configuration Actuelle",
  /** How the database stands, before the lines of the checks. */
  lead: {
    well: (name: string, mandatory: boolean): Inline =>
      mandatory
        ? say`D'après la vérification, ${name} est ${strong("correctement configuré et connecté")} :`
        : say`D'après la vérification, ${name} est ${strong("configuré et connecté")} :`,
    warning: (name: string): Inline =>
      say`D'après la vérification, ${name} est ${strong("connecté, mais un point est à corriger")} :`,
    conflict: (name: string): Inline =>
      say`D'après la vérification, ${name} est ${strong("connecté mais des tables ne peuvent pas être créées")} :`,
    failed: (name: string): Inline =>
      say`D'après la vérification, ${name} est ${strong("configuré mais inutilisable par le backend")} :`,
    off: (name: string): Inline => say`D'après la vérification, ${name} est ${strong("non configuré")} :`,
    unchecked: (name: string): Inline =>
      say`D'après les réglages de la stack, ${name} est ${strong("prévu")} ; sa connexion n'est ${strong("pas vérifiée")} :`,
    uncheckedOff: (name: string): Inline =>
      say`D'après les réglages de la stack, ${name} est ${strong("non configuré")} :`,
  },
  log: {
    connected: (name: string, version: string | undefined) =>
      `Connexion ${name} réussie${version === undefined ? "" : ` - Version: ${version}`}`,
    ping: (name: string, { median, tries }: Latency) =>
      `${name} ping réussi - ${decimal(median)} ms (médiane de ${some(tries, "essai")})`,
    failed: (name: string, why: string) => `Connexion ${name} échouée - ${why}`,
    unusable: (name: string, why: string) => `${name} inutilisable - ${why}`,
    notChecked: (name: string) => `${name} non vérifié`,
    off: {
      mongodb: "MongoDB non configuré",
      postgres: "PostgreSQL non configuré - MongoDB suffit (optionnel)",
      redis: "Redis non configuré - Cache désactivé (optionnel)",
    },
  },
  notPlanned: (stack: string, name: string): Inline => say`La stack ${code(stack)} ne prévoit pas ${name}.`,
  plannedBy: (stack: string, what: Inline): Inline => say`Prévu par la stack ${code(stack)} : ${what}.`,
  planned: {
    mongodb: (cluster: string, tier: string, region: string, backups: boolean): Inline =>
      say`cluster Atlas ${code(cluster)}, palier ${code(tier)}, région ${code(region)}, ${backups ? "avec" : "sans"} sauvegarde continue`,
    postgres: (name: string, plan: string, version: string, region: string, isPrivate: boolean): Inline =>
      say`Render Postgres ${code(name)}, plan ${code(plan)}, version ${code(version)}, région ${code(region)}, réseau ${isPrivate ? "privé" : "public"}`,
    redis: (provider: Exclude<RedisProvider, "none">, name: string | undefined): Inline =>
      name === undefined
        ? say`Redis géré ailleurs, par son URL (${code(provider)})`
        : say`Redis ${code(name)} chez ${code(provider)}`,
  },
  /** The settings say one thing, the environment another. */
  differs: {
    notApplied: (name: string): Inline =>
      say`La stack prévoit ${name}, mais l'environnement vérifié n'en a pas les variables.`,
    notManaged: (name: string): Inline =>
      say`L'environnement vérifié a ${name}, mais la stack ne le prévoit pas : ses variables viennent d'ailleurs.`,
  },

  variables: {
    title: "Variables d'Environnement",
    configure: (services: readonly string[]): Inline =>
      say`La stack donne ces variables à votre service backend Render (${codes(services)}) :`,
    activate: (name: string): Inline =>
      say`Une fois ${name} activé, la stack donne ces variables à votre service backend Render :`,
    head: ["Variable", "Valeur Actuelle", "Description"],
    headOff: ["Variable", "Valeur", "Description"],
  },

  status: {
    title: "Statut",
    connected: "Connecté",
    notOptional: "Non",
    offOptional: "Non (optionnel)",
    topology: "Topologie",
    topologyIs: (kind: string, members: number, primary: string | undefined): Inline =>
      say`${kind}, ${some(members, "membre")}${primary === undefined ? [] : say`, primaire ${code(primary)}`}`,
    database: "Base de données",
    exists: (name: string): Inline => say`${code(name)}, présente`,
    existsNot: (name: string): Inline => say`${code(name)}, pas encore créée`,
    indexes: "Index créés",
    indexCount: (count: number, collections: number): Inline =>
      say`Oui (${count} index sur ${some(collections, "collection")}, sans compter ${code("_id_")})`,
    noIndexes: ["Non (le backend les crée automatiquement à son démarrage)"] as Inline,
    collections: "Collections",
    noCollections: ["Aucune (le backend les crée automatiquement)"] as Inline,
    rights: "Droits",
    rightsExact: (user: string): Inline => say`${code(user)} lit et écrit dans sa base, rien au-delà`,
    rightsBeyond: (user: string, beyond: readonly string[]): Inline =>
      say`${code(user)} peut plus que sa base : ${codes(beyond)}`,
    rightsTooFew: (user: string): Inline => say`${code(user)} ne peut pas tout lire et écrire dans sa base`,
    tls: "Chiffrement",
    tlsOff: ["Aucun"] as Inline,
    tlsIs: (
      version: string | undefined,
      validTo: string | undefined,
      daysLeft: number | undefined,
    ): Inline => [
      `${version ?? "TLS"}${validTo === undefined ? "" : `, certificat valable jusqu'au ${validTo}`}${daysLeft === undefined ? "" : ` (${daysLeft} jours)`}`,
    ],
    untrusted: (because: string | undefined): Inline =>
      say`TLS, mais le certificat ne prouve pas qui répond${because === undefined ? [] : say` (${code(because)})`}`,
    tables: "Tables",
    tablesPresent: (present: number, all: number): Inline => [
      present === all ? `Les ${all} sont présentes` : `${present} sur ${all} présentes`,
    ],
    conflict: "Conflit de type",
    conflicts: (names: readonly string[]): Inline => say`${codes(names)} (voir Correction des Erreurs)`,
    noConflict: ["Aucun"] as Inline,
    role: "Rôle",
    superuser: (name: string): Inline => say`${code(name)}, superutilisateur`,
    ordinary: (name: string): Inline => say`${code(name)}, sans droits de superutilisateur`,
    connections: "Connexions",
    connectionsUsed: (used: number, maximum: number): Inline => [`${used} utilisées sur ${maximum}`],
    size: "Taille",
    bytes,
    commands: "Commandes",
    commandsWork: (names: readonly string[]): Inline => say`${codes(names)} réussies sur une clé jetable`,
    commandsFail: (names: readonly string[]): Inline => say`${codes(names)} en échec`,
    memory: "Mémoire",
    memoryIs: (policy: string | undefined, used: number | undefined, maximum: number | undefined): Inline =>
      say`politique ${policy === undefined ? "inconnue" : code(policy)}${used === undefined ? "" : `, ${bytes(used)} utilisés`}${maximum ? ` sur ${bytes(maximum)}` : ""}`,
    recommendation: "Recommandation",
    activateRedis: ["Activer Redis pour améliorer les performances"] as Inline,
  },

  optimizations: {
    title: "Optimisations Actives",
    settings: ["D'après les réglages de la stack :"] as Inline,
    checked: ["D'après la vérification, faite avec le pilote officiel :"] as Inline,
    pool: "Connection Pooling",
    poolIs: (most: number, least: number): Inline => [`${most} connexions max, ${least} min`],
    compression: "Compression",
    compressors: (names: readonly string[]): Inline =>
      names.length === 0
        ? ["Snappy (si disponible) ou Zlib, au choix du backend"]
        : say`${codes(names)}, par l'URL`,
    negotiated: (content: Inline, name: string): Inline =>
      say`${content} ; lors de la vérification : ${code(name)}`,
    retry: "Retry",
    retries: (writes: boolean, reads: boolean): Inline => {
      const python = (on: boolean) => (on ? "True" : "False");
      return codes([`retryWrites=${python(writes)}`, `retryReads=${python(reads)}`]);
    },
    heartbeat: "Heartbeat",
    every: (ms: number): Inline => [`Vérification toutes les ${seconds(ms)}`],
    timeout: "Timeout",
    within: (ms: number): Inline => [`Connexion en moins de ${seconds(ms)}`],
  },

  tables: {
    title: "Tables PostgreSQL",
    created: ["Les tables suivantes sont créées automatiquement par le backend :"] as Inline,
    names: {
      users: "Utilisateurs",
      courses: "Cours",
      modules: "Modules de cours",
      enrollments: "Inscriptions",
      user_progress: "Progression utilisateur",
    } satisfies Record<TableName, string>,
    present: "présente",
    missing: "manquante",
  },
  note: {
    title: "Note",
    text: say`PostgreSQL est ${strong("optionnel")}. L'application fonctionne parfaitement avec MongoDB uniquement. PostgreSQL est utilisé pour des fonctionnalités avancées (relations complexes, transactions, etc.).`,
  },

  options: {
    title: (name: string) => `Options pour Activer ${name}`,
    /** It is in the settings already. */
    apply: (name: string): Inline =>
      say`${name} est déjà dans les réglages de la stack. Il reste à les appliquer :`,
    into: (file: string): Inline => say`Dans ${code(file)} :`,
    afterwards: ["Puis :"] as Inline,
    render: {
      title: "Option 1 : Service Redis Render (Recommandé)",
      text: say`Un Key Value sur le réseau privé de Render, à côté du backend. La stack le crée et donne ${code("REDIS_URL")} au backend.`,
    },
    external: {
      title: "Option 2 : Redis Externe",
      upstash: say`${strong("Upstash")} : ${link("https://upstash.com/")}. Chiffré par TLS, facturé à l'usage ; les commandes demandent l'adresse e-mail et la clé d'API du compte.`,
      "redis-cloud": say`${strong("Redis Cloud")} : ${link("https://redis.com/cloud/")}. Le plan ${code("30MB")} est gratuit ; TLS s'active d'un clic dans sa console après le premier ${code("pulumi up")}.`,
      external: say`${strong("Un Redis qui existe déjà")} : la stack ne crée rien, la commande demande son URL et la chiffre.`,
    },
    postgres: say`Un Render Postgres à côté du backend. La stack le crée et donne les cinq variables au backend.`,
  },
  advantages: {
    title: "Avantages de Redis",
    cache: "Réponses instantanées pour les requêtes fréquentes",
    rateLimit: "Protection contre les abus",
    sessions: "Stockage des sessions utilisateur",
    performance: "Réduction de la charge sur MongoDB",
    policy: (text: string, policy: string, use: Suitability): Inline =>
      say`${text} (politique ${code(policy)} : ${uses[use]})`,
  },
};
