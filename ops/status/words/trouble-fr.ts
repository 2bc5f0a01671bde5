/** What can be wrong and what is worth knowing, why, and what to do about it, in French. */
import { list, pluralFr } from "../../terminal/amounts.ts";
import type * as en from "./trouble-en.ts";

export const problems: typeof en.problems = {
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
};

export const causes: typeof en.causes = {
  "variable-missing": "il manque à l'environnement une variable obligatoire",
  "variable-invalid": "une variable a une valeur que le backend ne peut pas utiliser",
  "variable-alone": "une partie seulement des variables de la base est définie",
  "access-list": "cette adresse n'est pas dans la liste d'accès d'Atlas",
  "render-access-control": "cette adresse n'est pas dans le contrôle d'accès de la base chez Render",
  "private-network": "ce nom n'existe que dans le réseau privé de Render",
  "wrong-host": "le nom d'hôte est faux, ou mène ailleurs",
  "wrong-port": "la base écoute sur un autre port",
  "dns-blocked": "le résolveur d'ici ne répond pas, ou pas aux questions SRV",
  "wrong-password": "le mot de passe n'est pas celui que la base connaît",
  "user-missing": "l'utilisateur n'existe pas, ou plus",
  "password-not-encoded": "l'utilisateur ou le mot de passe ne sont pas encodés dans l'URL",
  "wrong-auth-source": "l'utilisateur appartient à une autre base que celle où il se connecte",
  "paused-cluster": "le cluster est en pause ; Atlas y met un M0 inactif depuis 30 jours",
  "suspended-service": "la base est suspendue, ou a expiré chez Render",
  "database-deleted": "la base n'existe plus",
  "server-down": "rien ne tourne à cette adresse en ce moment",
  firewall: "quelque chose sur le chemin jette les paquets",
  "server-hangs": "le serveur accepte les connexions et ne répond rien",
  "server-slow": "le serveur est surchargé ou lointain",
  "timeout-short": "le délai est trop court pour ce chemin",
  "read-only-user": "l'utilisateur ne peut pas écrire ici",
  "role-of-other-database": "son rôle porte sur une autre base",
  "database-name": "la base a un autre nom : casse, accents et normalisation Unicode comptent",
  "tables-of-other-owner": "les tables appartiennent à un autre rôle",
  "replica-address": "l'adresse est celle d'une réplique, ou le rôle est en lecture seule",
  "certificate-not-renewed": "le certificat n'a pas été renouvelé",
  "clock-wrong": "l'horloge de cette machine est fausse",
  "private-authority": "le certificat est signé par une autorité inconnue ici",
  intercepted: "un proxy ou un pare-feu s'interpose dans TLS",
  "tls-not-offered": "le serveur ne parle pas TLS sur ce port",
  "tls-required": "le serveur exige TLS, l'URL n'en veut pas",
  election: "le replica set élit un primaire",
  "pool-too-large": "les pools de toutes les instances dépassent ensemble ce que permet le palier",
  "other-clients": "d'autres occupent les connexions",
  "just-started": "le serveur vient de démarrer, ou charge ses données",
  "memory-full": "sa mémoire est pleine, et sa politique n'évince rien",
  "disk-full": "son disque est plein, ou ne s'écrit plus",
  "plan-limit": "les requêtes comprises dans le plan sont épuisées",
  "not-a-database": "autre chose que cette base écoute là",
  "driver-or-server-version": "le pilote et le serveur ne se comprennent pas",
  "api-key": "RENDER_API_KEY n'est pas valide, ou appartient à un autre espace",
  "service-deleted": "le service n'existe plus",
  interrupted: "la vérification a été arrêtée",
  unknown: "inconnue",
};

export const steps: typeof en.steps = {
  "variable-missing":
    "lancez pulumi up, ou prenez l'environnement de la stack : npx kairos status --stack prod",
  "variable-invalid":
    "corrigez le réglage dans le fichier de stack et lancez pulumi up ; npx kairos plan montre l'environnement",
  "variable-alone": "définissez celles qui manquent, ou retirez toutes celles de cette base",
  "access-list":
    "ajoutez-la sous kairos:mongodb.accessList et lancez pulumi up : https://www.mongodb.com/docs/atlas/security/ip-access-list/",
  "render-access-control":
    "ajoutez-la sous kairos:postgres.accessList et lancez pulumi up : https://render.com/docs/postgresql-creating-connecting",
  "private-network":
    "lancez la commande là-bas, dans le shell d'un service : npx kairos status --from-env (https://render.com/docs/private-network)",
  "wrong-host":
    "comparez-le à celui du tableau de bord du fournisseur ; pulumi refresh reprend ce qui y a changé",
  "wrong-port": "comparez le port à celui du tableau de bord du fournisseur",
  "dns-blocked": "essayez-en un autre : nslookup -type=SRV _mongodb._tcp.<hôte> 1.1.1.1",
  "wrong-password":
    "npx kairos rotate crée un nouvel accès et le déploie ; pulumi up --refresh reprend celui qui a été changé chez Render, Upstash ou Redis Cloud",
  "user-missing": "pulumi up --refresh le recrée",
  "password-not-encoded": "encodez : / ? # [ ] @ et % : node -p 'encodeURIComponent(\"…\")'",
  "wrong-auth-source":
    "ceux d'Atlas sont dans admin : authSource=admin, ou une URL SRV, qui le dit elle-même",
  "paused-cluster": "réveillez-le : https://www.mongodb.com/docs/atlas/pause-terminate-cluster/",
  "suspended-service":
    "ouvrez sa page et relancez-la : https://dashboard.render.com (une base gratuite expire après 30 jours)",
  "database-deleted": "pulumi refresh montre ce qui manque ; pulumi up la crée, vide",
  "server-down":
    "voyez le tableau de bord et l'état du fournisseur : https://status.mongodb.com, https://status.render.com",
  firewall: "essayez d'ailleurs, ou d'un autre réseau : nc -vz <hôte> <port>",
  "server-hangs": "redémarrez-le depuis le tableau de bord du fournisseur",
  "server-slow": "voyez sa charge dans le tableau de bord ; un palier plus grand est un seul réglage",
  "timeout-short": "augmentez kairos:mongodb.driver.timeout et lancez pulumi up",
  "read-only-user":
    "donnez-lui ce droit (MongoDB : readWrite sur cette base) ; pulumi up --refresh rétablit les rôles de la stack",
  "role-of-other-database": "comparez la base de ce rôle à MONGODB_DB_NAME, caractère par caractère",
  "database-name": "corrigez kairos:mongodb.database ou kairos:postgres.database",
  "tables-of-other-owner":
    "en tant que propriétaire : GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO <utilisateur>;",
  "replica-address":
    "prenez l'adresse du primaire ; ALTER ROLE <utilisateur> RESET default_transaction_read_only;",
  "certificate-not-renewed":
    "les fournisseurs le font eux-mêmes : prévenez leur support ; ne désactivez pas la vérification",
  "clock-wrong": "comparez-la : date -u",
  "private-authority": "si c'est celle du bac à sable ou la vôtre : --ca FICHIER",
  intercepted: "voyez qui répond : openssl s_client -connect <hôte>:<port> -servername <hôte>",
  "tls-not-offered":
    "redis:// ou tls=false sur un réseau privé seulement ; sinon activez TLS chez le fournisseur",
  "tls-required": "prenez rediss:// pour Redis, mongodb+srv:// ou tls=true pour MongoDB",
  election: "réessayez dans une demi-minute ; si cela dure : https://status.mongodb.com",
  "pool-too-large":
    "réduisez kairos:mongodb.driver.maxPoolSize : https://www.mongodb.com/docs/atlas/reference/atlas-limits/",
  "other-clients":
    "voyez qui est connecté ; pour PostgreSQL : SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1;",
  "just-started": "réessayez dans une minute : npx kairos status --watch",
  "memory-full": "activez l'éviction (kairos:redis.eviction) ou prenez un plan plus grand",
  "disk-full": "agrandissez le disque dans le fichier de stack et lancez pulumi up",
  "plan-limit": "attendez la période suivante, ou prenez un plan plus grand",
  "not-a-database": "comparez hôte et port au tableau de bord du fournisseur",
  "driver-or-server-version": "comparez les versions : https://www.mongodb.com/docs/drivers/compatibility/",
  "api-key": "faites-en une autre : https://dashboard.render.com/u/settings#api-keys",
  "service-deleted": "pulumi refresh le montre ; corrigez kairos:backend",
  interrupted: "relancez-la",
  unknown: "relancez la vérification ; si cela reste, voyez la page d'état du fournisseur",
};

export const mistakes: typeof en.mistakes = ({ beside = [] }) => ({
  missing:
    beside.length === 0
      ? "manque ; le backend ne démarre pas sans elle"
      : `manque, alors que ${list(beside)} ${beside.length === 1 ? "est définie" : "sont définies"}`,
  "not-a-number": "n'est pas un nombre entier",
  "not-a-url": "n'est pas une URL de son genre",
  "not-a-host": "n'est pas le nom ou l'adresse d'un hôte, sans rien d'autre",
  "out-of-range": "est hors limites",
  "above-maximum": `dépasse ${list(beside)}`,
});

export const remarks: typeof en.remarks = ({ number = 0, names = [] }) => ({
  "certificate-expires": `le certificat expire dans ${pluralFr(number, "jour")}`,
  "certificate-expired": `le certificat a expiré il y a ${pluralFr(number, "jour")} ; le pilote ne le vérifie pas`,
  "certificate-untrusted": `la connexion est chiffrée, mais rien ne prouve qui répond${names.length > 0 ? ` (${list(names)})` : ""}`,
  "no-tls": "la connexion n'est pas chiffrée",
  slow: `la réponse prend ${number} ms`,
  "database-missing": `la base ${list(names)} n'existe pas encore`,
  "database-near-miss": `demandée : ${names[0]} ; il y a aussi ${list(names.slice(1))}, une autre base pour MongoDB`,
  "database-in-url-differs": `l'URL nomme la base ${names[0]}, MONGODB_DB_NAME ${names[1]} : c'est celle-ci qui compte`,
  "rights-beyond-database": `l'utilisateur peut plus que sa base : ${list(names)}`,
  "rights-unknown": "le serveur ne dit pas ce que l'utilisateur peut faire",
  standalone: "un serveur seul : ni bascule, ni transactions, ni écritures reprises",
  "no-compression": "pilote et serveur ne se sont accordés sur aucune compression",
  "no-retry": "une bascule se voit comme des erreurs : les reprises sont désactivées",
  superuser: `${list(names)} est superutilisateur : aucune erreur du backend n'est arrêtée`,
  "tables-missing": `des tables manquent : ${list(names)}`,
  "tables-elsewhere": `il y a de telles tables là où le backend ne regarde pas : ${list(names)}`,
  "type-conflict": `${list(names)} : un type de ce nom est resté, sans sa table ; PostgreSQL refuse de créer la table (« duplicate key value », « type already exists »)`,
  "connections-nearly-used": `${number} % des connexions sont occupées`,
  "policy-loses-sessions": `${list(names)} garde le cache en marche quand la mémoire est pleine, et peut prendre des sessions avant l'heure`,
  "policy-refuses-writes": `${list(names)} ne perd rien, et refuse toute écriture une fois la mémoire pleine, celles du cache aussi`,
  "policy-unknown": "le serveur ne dit pas ce qu'il fait quand sa mémoire est pleine",
  "memory-nearly-full": `${number} % de la mémoire est occupée`,
});

export const remarkSteps: typeof en.remarkSteps = ({ sql = [] }) => ({
  "certificate-expires": "les fournisseurs renouvellent des semaines avant : demandez à leur support",
  "certificate-expired": steps["certificate-not-renewed"],
  "certificate-untrusted":
    "habituel sur le réseau privé de Render ; ailleurs : --ca FICHIER si vous connaissez l'autorité",
  "no-tls": "bien sur un réseau privé seulement ; sinon rediss://, ou TLS chez le fournisseur",
  slow: "près du backend ce serait quelques-unes : comparez les régions, voyez la charge",
  "database-missing":
    "le backend la crée à son premier démarrage ; s'il a déjà tourné, le nom n'est pas le bon",
  "database-near-miss": "voyez laquelle contient les données, et corrigez kairos:mongodb.database",
  "rights-beyond-database":
    "ne lui donnez que readWrite sur sa base ; pulumi up --refresh rétablit les rôles de la stack",
  standalone: "prenez un replica set, ce que tout cluster Atlas est",
  "no-compression": "n'écrivez pas compressors dans l'URL, ou nommez-y zlib",
  "no-retry": "kairos:mongodb.driver.retryWrites et retryReads : true",
  superuser: "prenez le rôle que Render fournit",
  "tables-missing": sql[0] ?? "le backend les crée à son démarrage : déployez-le, et lisez son journal",
  "tables-elsewhere": "ALTER ROLE <utilisateur> SET search_path = <schéma>, public;",
  "type-conflict": sql.join(" "),
  "connections-nearly-used":
    "un déploiement en demande le double : réduisez le pool, ou prenez un plan plus grand",
  "policy-loses-sessions":
    "assez de mémoire, ou les sessions dans un Redis à elles avec noeviction : https://redis.io/docs/latest/develop/reference/eviction/",
  "policy-refuses-writes":
    "surveillez la mémoire ; un Redis qui n'est que cache va mieux avec allkeys-lru : https://redis.io/docs/latest/develop/reference/eviction/",
  "memory-nearly-full": "prenez un plan plus grand, ou des durées de vie plus courtes",
});
