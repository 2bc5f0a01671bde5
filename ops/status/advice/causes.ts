/**
 * Why something can fail, and what to do if that is why: one table. A row is `cause → next step` in each language; a
 * step is a link, a command or a setting. Where another database or vendor has another way out, {@link elsewhere} has it.
 */
import type { Place, Vendor } from "../place.ts";
import type { Both } from "./language.ts";

export const causes = {
  "variable-missing": [
    "the environment lacks a mandatory variable → run pulumi up, or take the environment from the stack: npx kairos status --stack prod",
    "il manque à l'environnement une variable obligatoire → lancez pulumi up, ou prenez l'environnement de la stack : npx kairos status --stack prod",
  ],
  "variable-invalid": [
    "a variable has a value that the backend cannot use → correct the setting in the stack file and run pulumi up; npx kairos plan shows the environment",
    "une variable a une valeur que le backend ne peut pas utiliser → corrigez le réglage dans le fichier de stack et lancez pulumi up ; npx kairos plan montre l'environnement",
  ],
  "variable-alone": [
    "only some variables of the database are set → set those that are missing, or remove all of this database",
    "une partie seulement des variables de la base est définie → définissez celles qui manquent, ou retirez toutes celles de cette base",
  ],
  "access-list": [
    "this address is not in Atlas' access list → add it under kairos:mongodb.accessList and run pulumi up: https://www.mongodb.com/docs/atlas/security/ip-access-list/",
    "cette adresse n'est pas dans la liste d'accès d'Atlas → ajoutez-la sous kairos:mongodb.accessList et lancez pulumi up : https://www.mongodb.com/docs/atlas/security/ip-access-list/",
  ],
  "render-access-control": [
    "this address is not in the database's access control at Render → add it under kairos:postgres.accessList and run pulumi up: https://render.com/docs/postgresql-creating-connecting",
    "cette adresse n'est pas dans le contrôle d'accès de la base chez Render → ajoutez-la sous kairos:postgres.accessList et lancez pulumi up : https://render.com/docs/postgresql-creating-connecting",
  ],
  "vendor-access-list": [
    "the database has a list of addresses that it lets in, and this one is not in it → add it in the vendor's console",
    "la base n'accepte qu'une liste d'adresses, dont celle-ci n'est pas → ajoutez-la dans la console du fournisseur",
  ],
  "private-network": [
    "the name exists only in Render's private network → let a service of the backend look, with RENDER_API_KEY set: npx kairos status --stack prod --from backend (https://render.com/docs/private-network)",
    "ce nom n'existe que dans le réseau privé de Render → faites regarder un service du backend, RENDER_API_KEY étant définie : npx kairos status --stack prod --from backend (https://render.com/docs/private-network)",
  ],
  "wrong-host": [
    "the host name is not right, or leads elsewhere → compare it with the one in the vendor's dashboard; pulumi refresh takes over what has changed there",
    "le nom d'hôte est faux, ou mène ailleurs → comparez-le à celui du tableau de bord du fournisseur ; pulumi refresh reprend ce qui y a changé",
  ],
  "wrong-port": [
    "the database listens on another port → compare the port with the one in the vendor's dashboard",
    "la base écoute sur un autre port → comparez le port à celui du tableau de bord du fournisseur",
  ],
  "dns-blocked": [
    "the resolver here does not answer → ask another one: nslookup <host> 1.1.1.1",
    "le résolveur DNS d'ici ne répond pas → interrogez-en un autre : nslookup <hôte> 1.1.1.1",
  ],
  "wrong-password": [
    "the password is not the one that the database knows → compare it with the one in the vendor's dashboard",
    "le mot de passe n'est pas celui que la base connaît → comparez-le à celui du tableau de bord du fournisseur",
  ],
  "user-missing": [
    "the user does not exist (any more) → pulumi up --refresh creates it again",
    "l'utilisateur n'existe pas, ou plus → pulumi up --refresh le recrée",
  ],
  "user-too-new": [
    "Atlas has not put a new or changed user into force yet → try again in half a minute: npx kairos status --watch",
    "Atlas n'a pas encore mis en vigueur un utilisateur nouveau ou modifié → réessayez dans une demi-minute : npx kairos status --watch",
  ],
  "password-not-encoded": [
    "user or password in the URL are not percent-encoded → encode :/?#[]@ and %: node -p 'encodeURIComponent(\"…\")'",
    "l'utilisateur ou le mot de passe ne sont pas encodés dans l'URL → encodez :/?#[]@ et % : node -p 'encodeURIComponent(\"…\")'",
  ],
  "wrong-auth-source": [
    "the user belongs to another database than the one it logs in to → Atlas' users are in admin: authSource=admin, or an SRV URL, which says so itself",
    "l'utilisateur appartient à une autre base que celle où il se connecte → ceux d'Atlas sont dans admin : authSource=admin, ou une URL SRV, qui le dit elle-même",
  ],
  "paused-cluster": [
    "the cluster is paused; Atlas pauses an idle M0 after 30 days → resume it: https://www.mongodb.com/docs/atlas/pause-terminate-cluster/",
    "le cluster est en pause ; Atlas y met un M0 inactif depuis 30 jours → réveillez-le : https://www.mongodb.com/docs/atlas/pause-terminate-cluster/",
  ],
  "suspended-service": [
    "the database is suspended or has expired at Render → look at its page and resume it: https://dashboard.render.com (a free one expires after 30 days)",
    "la base est suspendue, ou a expiré chez Render → ouvrez sa page et relancez-la : https://dashboard.render.com (une base gratuite expire après 30 jours)",
  ],
  "database-archived": [
    "Upstash has archived the database: it does so with a free one that nobody uses → restore it, with its data, in the console: https://console.upstash.com; pulumi up would only create an empty one",
    "Upstash a archivé la base : c'est le sort d'une base gratuite inutilisée → restaurez-la, avec ses données, dans la console : https://console.upstash.com ; pulumi up n'en créerait qu'une vide",
  ],
  "database-deleted": [
    "the database is gone → look for a backup at the vendor first; pulumi refresh shows what is missing, pulumi up creates it, empty",
    "la base n'existe plus → cherchez d'abord une sauvegarde chez le fournisseur ; pulumi refresh montre ce qui manque, pulumi up la crée, vide",
  ],
  "server-down": [
    "nothing runs there at the moment → look at the vendor's dashboard and status page",
    "rien ne tourne à cette adresse en ce moment → voyez le tableau de bord et la page d'état du fournisseur",
  ],
  firewall: [
    "something on the way drops the packets → try from elsewhere, or another network: nc -vz <host> <port>",
    "un équipement sur le chemin jette les paquets → essayez d'ailleurs, ou d'un autre réseau : nc -vz <hôte> <port>",
  ],
  "server-hangs": [
    "the server accepts connections and answers nothing → restart it from the vendor's dashboard",
    "le serveur accepte les connexions et ne répond rien → redémarrez-le depuis le tableau de bord du fournisseur",
  ],
  "server-slow": [
    "the server is overloaded or far away → look at its load in the vendor's dashboard, and whether it is in the backend's region",
    "le serveur est surchargé ou lointain → voyez sa charge dans le tableau de bord du fournisseur, et s'il est dans la région du backend",
  ],
  "timeout-short": [
    "the timeout is too short for this way → raise kairos:mongodb.driver.timeout, which holds for every check, and run pulumi up",
    "le délai est trop court pour ce trajet → augmentez kairos:mongodb.driver.timeout, qui vaut pour toutes les vérifications, et lancez pulumi up",
  ],
  "read-only-user": [
    "the user may not write here → give it readWrite on this database; pulumi up --refresh restores the stack's own roles",
    "l'utilisateur ne peut pas écrire ici → donnez-lui readWrite sur cette base ; pulumi up --refresh rétablit les rôles de la stack",
  ],
  "role-of-other-database": [
    "its role is for another database → compare the role's database with MONGODB_DB_NAME, character by character",
    "son rôle porte sur une autre base → comparez la base de ce rôle à MONGODB_DB_NAME, caractère par caractère",
  ],
  "database-name": [
    "the database has another name: case, accents and Unicode normalization count → correct kairos:mongodb.database",
    "la base a un autre nom : casse, accents et normalisation Unicode comptent → corrigez kairos:mongodb.database",
  ],
  "tables-of-other-owner": [
    "another role owns the tables → as their owner: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO <user>;",
    "les tables appartiennent à un autre rôle → en tant que propriétaire : GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO <utilisateur>;",
  ],
  "replica-address": [
    "the address is that of a replica → use the primary's address",
    "l'adresse est celle d'une réplique → prenez celle du primaire",
  ],
  "certificate-not-renewed": [
    "the certificate was not renewed → vendors renew by themselves: tell their support; do not switch verification off",
    "le certificat n'a pas été renouvelé → les fournisseurs le font eux-mêmes : prévenez leur support ; ne désactivez pas la vérification",
  ],
  "driver-not-installed": [
    "python3 of the service's image or build finds no driver for this database → add it to the backend's requirements; where they are installed elsewhere, make that python3 the first on its PATH",
    "le python3 de l'image ou du build du service ne trouve aucun pilote pour cette base → ajoutez-le aux dépendances du backend ; s'il est installé ailleurs, placez ce python3-là en tête du PATH",
  ],
  "clock-wrong": [
    "the clock of this machine is wrong → compare it: date -u",
    "l'horloge de cette machine est fausse → comparez-la : date -u",
  ],
  "private-authority": [
    "the certificate is signed by an authority that is not known here → if it is the sandbox's or your own: --ca FILE",
    "le certificat est signé par une autorité inconnue ici → si c'est celle du bac à sable ou la vôtre : --ca FICHIER",
  ],
  intercepted: [
    "a proxy or a firewall on the way breaks into TLS → see who answers: openssl s_client -connect <host>:<port> -servername <host>",
    "un proxy ou un pare-feu s'interpose dans TLS → voyez qui répond : openssl s_client -connect <hôte>:<port> -servername <hôte>",
  ],
  "tls-not-offered": [
    "the server does not speak TLS on this port → switch TLS on at the vendor; tls=false only on a private network",
    "le serveur ne parle pas TLS sur ce port → activez TLS chez le fournisseur ; tls=false sur un réseau privé seulement",
  ],
  "tls-required": [
    "the server wants TLS, and the URL does not → use mongodb+srv:// or tls=true",
    "le serveur exige TLS, l'URL n'en veut pas → prenez mongodb+srv:// ou tls=true",
  ],
  election: [
    "the replica set is electing a primary → try again in half a minute; if it lasts: https://status.mongodb.com",
    "le replica set élit un primaire → réessayez dans une demi-minute ; si cela dure : https://status.mongodb.com",
  ],
  "pool-too-large": [
    "the pools of all instances together are larger than the plan allows → lower the backend's pool, or take a larger plan; a deploy needs twice what runs",
    "les pools de toutes les instances dépassent ensemble ce que permet l'offre → réduisez le pool du backend, ou prenez une offre supérieure ; un déploiement en demande le double",
  ],
  "other-clients": [
    "others use up the connections → look who is connected: the cluster's page at Atlas, Metrics, Connections",
    "d'autres occupent les connexions → voyez qui est connecté : la page du cluster chez Atlas, Metrics, Connections",
  ],
  "just-started": [
    "the server has just started, or loads its data → try again in a minute: npx kairos status --watch",
    "le serveur vient de démarrer, ou charge ses données → réessayez dans une minute : npx kairos status --watch",
  ],
  "memory-full": [
    "its memory is full, and its policy evicts nothing → let it evict, or take a larger plan",
    "sa mémoire est pleine, et sa politique n'évince rien → autorisez l'éviction, ou prenez une offre supérieure",
  ],
  "disk-full": [
    "its disk is full, or writing to it fails → look at the disk in the vendor's dashboard, and take a larger one",
    "son disque est plein, ou ne s'écrit plus → voyez le disque dans le tableau de bord du fournisseur, et prenez-en un plus grand",
  ],
  "plan-limit": [
    "the plan's allowance of requests is used up → wait for the next period, or take a larger plan",
    "les requêtes comprises dans l'offre sont épuisées → attendez la période suivante, ou prenez une offre supérieure",
  ],
  "rate-limit": [
    "Render's API takes no more requests of this key for now → try again in a minute",
    "l'API de Render n'accepte plus de requêtes de cette clé pour l'instant → réessayez dans une minute",
  ],
  "not-a-database": [
    "something else than this database listens there → compare host and port with the vendor's dashboard",
    "autre chose que cette base écoute là → comparez hôte et port au tableau de bord du fournisseur",
  ],
  "driver-or-server-version": [
    "driver and server do not understand each other → compare their versions",
    "le pilote et le serveur ne se comprennent pas → comparez leurs versions",
  ],
  "api-key": [
    "RENDER_API_KEY is not valid, or belongs to another workspace → make a new one: https://dashboard.render.com/u/settings#api-keys",
    "RENDER_API_KEY n'est pas valide, ou appartient à un autre espace de travail → créez-en une autre : https://dashboard.render.com/u/settings#api-keys",
  ],
  "service-deleted": [
    "the service does not exist any more → pulumi refresh shows it; correct kairos:backend",
    "le service n'existe plus → pulumi refresh le montre ; corrigez kairos:backend",
  ],
  interrupted: ["the check was stopped → run it again", "la vérification a été arrêtée → relancez-la"],
  unknown: [
    "not known → run it again; if it stays, look at the vendor's status page",
    "inconnue → relancez la vérification ; si cela reste, voyez la page d'état du fournisseur",
  ],
} as const satisfies Record<string, Both>;

export type CauseCode = keyof typeof causes;

/** A database, a vendor, or what a vendor has: the Redis of Render is `key-value`. */
export type Where = Place["database"] | Vendor | "key-value";

/** Where to look at what a vendor runs, and how it says that it is. */
const pages = (dashboard: string, status: string): Both => [
  `look at ${dashboard} and ${status}`,
  `voyez ${dashboard} et ${status}`,
];
const atRender = pages("https://dashboard.render.com", "https://status.render.com");

/** The step of a cause where it is another one. A vendor's goes before a database's. */
export const elsewhere: Readonly<Partial<Record<CauseCode, Readonly<Partial<Record<Where, Both>>>>>> = {
  "render-access-control": {
    "key-value": [
      "add it under kairos:redis.accessList and run pulumi up: https://render.com/docs/key-value",
      "ajoutez-la sous kairos:redis.accessList et lancez pulumi up : https://render.com/docs/key-value",
    ],
  },
  "vendor-access-list": {
    upstash: [
      "add it to the database's IP allowlist: https://console.upstash.com",
      "ajoutez-la à la liste d'accès IP de la base : https://console.upstash.com",
    ],
    "redis-cloud": [
      "add it to the database's CIDR allow list, Configuration, Security: https://cloud.redis.io",
      "ajoutez-la à la liste CIDR de la base, Configuration, Security : https://cloud.redis.io",
    ],
  },
  "dns-blocked": {
    mongodb: [
      "it may refuse SRV records only; ask another one: nslookup -type=SRV _mongodb._tcp.<host> 1.1.1.1",
      "il ne refuse peut-être que les questions SRV ; interrogez-en un autre : nslookup -type=SRV _mongodb._tcp.<hôte> 1.1.1.1",
    ],
  },
  "wrong-password": {
    mongodb: [
      "npx kairos rotate mongodb makes a new credential and deploys it",
      "npx kairos rotate mongodb crée un nouvel accès et le déploie",
    ],
    postgres: [
      "pulumi up --refresh takes over one that was changed at Render; npx kairos rotate postgres makes a new one and deploys it",
      "pulumi up --refresh reprend celui qui a été changé chez Render ; npx kairos rotate postgres en crée un nouveau et le déploie",
    ],
    upstash: [
      "pulumi up --refresh takes over one that was changed at Upstash; npx kairos rotate redis makes a new one and deploys it",
      "pulumi up --refresh reprend celui qui a été changé chez Upstash ; npx kairos rotate redis en crée un nouveau et le déploie",
    ],
    "redis-cloud": [
      "npx kairos rotate redis gives the database another one and deploys it",
      "npx kairos rotate redis en donne un autre à la base et le déploie",
    ],
    other: [
      "compare it with the one that the server has; a Redis of your own: pulumi config set --secret --path kairos:redis.url",
      "comparez-le à celui du serveur ; pour un Redis à vous : pulumi config set --secret --path kairos:redis.url",
    ],
  },
  "user-missing": {
    redis: [
      "compare the user in the URL with the vendor's console; most have only default",
      "comparez l'utilisateur de l'URL à la console du fournisseur ; la plupart n'ont que default",
    ],
  },
  "server-down": {
    atlas: pages("https://cloud.mongodb.com", "https://status.mongodb.com"),
    render: atRender,
    "render-private": atRender,
    upstash: pages("https://console.upstash.com", "https://status.upstash.com"),
    "redis-cloud": pages("https://cloud.redis.io", "https://status.redis.io"),
    local: [
      "start it; of the sandbox, npx kairos sandbox status says what runs",
      "démarrez-la ; pour le bac à sable, npx kairos sandbox status dit ce qui tourne",
    ],
  },
  "read-only-user": {
    postgres: [
      "use the role that Render hands out, which owns its database",
      "prenez le rôle que Render fournit, propriétaire de sa base",
    ],
    redis: [
      "use the user default; a read-only one (of Upstash, or an ACL of yours) cannot write",
      "prenez l'utilisateur default ; un utilisateur en lecture seule (Upstash, ou une ACL à vous) ne peut pas écrire",
    ],
  },
  "database-name": {
    postgres: ["correct kairos:postgres.database", "corrigez kairos:postgres.database"],
  },
  "replica-address": {
    postgres: [
      "use the primary's address; ALTER ROLE <user> RESET default_transaction_read_only; if the role is set to it",
      "prenez celle du primaire ; si c'est le rôle qui est en lecture seule : ALTER ROLE <utilisateur> RESET default_transaction_read_only;",
    ],
  },
  "tls-not-offered": {
    redis: [
      "switch TLS on at the vendor; redis:// only on a private network",
      "activez TLS chez le fournisseur ; redis:// sur un réseau privé seulement",
    ],
    "redis-cloud": [
      "switch TLS on for the database in Redis Cloud's console, Configuration, Security: https://cloud.redis.io",
      "activez TLS pour la base dans la console de Redis Cloud, Configuration, Security : https://cloud.redis.io",
    ],
  },
  "tls-required": { redis: ["use rediss://", "prenez rediss://"] },
  "pool-too-large": {
    mongodb: [
      "lower kairos:mongodb.driver.maxPoolSize, or take a larger kairos:mongodb.tier: https://www.mongodb.com/docs/atlas/reference/atlas-limits/",
      "réduisez kairos:mongodb.driver.maxPoolSize, ou prenez un kairos:mongodb.tier supérieur : https://www.mongodb.com/docs/atlas/reference/atlas-limits/",
    ],
    postgres: [
      "lower the backend's pool, or take a larger kairos:postgres.plan; a deploy needs twice what runs",
      "réduisez le pool du backend, ou prenez un kairos:postgres.plan supérieur ; un déploiement en demande le double",
    ],
    upstash: [
      "lower the backend's pool, or take a larger plan: https://upstash.com/docs/redis/troubleshooting/max_concurrent_connections",
      "réduisez le pool du backend, ou prenez une offre supérieure : https://upstash.com/docs/redis/troubleshooting/max_concurrent_connections",
    ],
    redis: [
      "lower the backend's pool, or take a larger kairos:redis.plan; a deploy needs twice what runs",
      "réduisez le pool du backend, ou prenez un kairos:redis.plan supérieur ; un déploiement en demande le double",
    ],
  },
  "other-clients": {
    postgres: [
      "look who is connected: SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1;",
      "voyez qui est connecté : SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1;",
    ],
    redis: ["look who is connected: CLIENT LIST", "voyez qui est connecté : CLIENT LIST"],
    upstash: [
      "look at the database's connections in the console: https://console.upstash.com",
      "voyez les connexions de la base dans la console : https://console.upstash.com",
    ],
  },
  "memory-full": {
    "key-value": [
      "let it evict (kairos:redis.maxmemoryPolicy: allkeys_lru), or take a larger kairos:redis.plan",
      "autorisez l'éviction (kairos:redis.maxmemoryPolicy: allkeys_lru), ou prenez un kairos:redis.plan supérieur",
    ],
    upstash: [
      "let it evict (kairos:redis.eviction: true), delete keys, or take a larger plan: https://upstash.com/docs/redis/troubleshooting/db_capacity_quota_exceeded",
      "autorisez l'éviction (kairos:redis.eviction: true), supprimez des clés, ou prenez une offre supérieure : https://upstash.com/docs/redis/troubleshooting/db_capacity_quota_exceeded",
    ],
    "redis-cloud": [
      "let it evict (kairos:redis.eviction: allkeys-lru), or take a larger kairos:redis.plan",
      "autorisez l'éviction (kairos:redis.eviction: allkeys-lru), ou prenez un kairos:redis.plan supérieur",
    ],
  },
  "disk-full": {
    postgres: [
      "enlarge kairos:postgres.disk and run pulumi up; Render suspends a database whose disk is full",
      "agrandissez kairos:postgres.disk et lancez pulumi up ; Render suspend une base dont le disque est plein",
    ],
    mongodb: [
      "enlarge kairos:mongodb.disk and run pulumi up; Atlas makes it larger by itself where it may",
      "agrandissez kairos:mongodb.disk et lancez pulumi up ; Atlas l'agrandit lui-même où il le peut",
    ],
    "key-value": [
      "take a larger kairos:redis.plan, and look at its page: https://dashboard.render.com",
      "prenez un kairos:redis.plan supérieur, et voyez sa page : https://dashboard.render.com",
    ],
  },
  "plan-limit": {
    upstash: [
      "wait for the next month or take a paid plan; a paid one stops at kairos:redis.budget: https://upstash.com/docs/redis/troubleshooting/max_requests_limit",
      "attendez le mois suivant ou prenez une offre payante, qui s'arrête à kairos:redis.budget : https://upstash.com/docs/redis/troubleshooting/max_requests_limit",
    ],
  },
  "driver-or-server-version": {
    mongodb: [
      "compare their versions: https://www.mongodb.com/docs/drivers/compatibility/",
      "comparez leurs versions : https://www.mongodb.com/docs/drivers/compatibility/",
    ],
  },
};
