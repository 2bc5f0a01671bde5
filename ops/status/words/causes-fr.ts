/** Likely causes and next steps, in French. */
import type { CauseCode } from "../model.ts";
import type { Cause } from "./model.ts";

export const causes: Record<CauseCode, Cause> = {
  "variable-missing": {
    because: "il manque à l'environnement une variable obligatoire",
    next: "lancez pulumi up, ou prenez l'environnement de la stack : npm run status -- --stack prod",
  },
  "variable-invalid": {
    because: "une variable a une valeur que le backend ne peut pas utiliser",
    next: "corrigez le réglage dans le fichier de stack et lancez pulumi up ; npm run plan montre l'environnement",
  },
  "variable-alone": {
    because: "une partie seulement des variables de la base est définie",
    next: "définissez celles qui manquent, ou retirez toutes celles de cette base",
  },
  "access-list": {
    because: "cette adresse n'est pas dans la liste d'accès d'Atlas",
    next: "ajoutez-la sous kairos:mongodb.accessList et lancez pulumi up : https://www.mongodb.com/docs/atlas/security/ip-access-list/",
  },
  "render-access-control": {
    because: "cette adresse n'est pas dans le contrôle d'accès de la base chez Render",
    next: "ajoutez-la sous kairos:postgres.accessList et lancez pulumi up : https://render.com/docs/postgresql-creating-connecting",
  },
  "private-network": {
    because: "ce nom n'existe que dans le réseau privé de Render",
    next: "lancez la commande là-bas, dans le shell d'un service : npm run status -- --from-env (https://render.com/docs/private-network)",
  },
  "wrong-host": {
    because: "le nom d'hôte est faux, ou mène ailleurs",
    next: "comparez-le à celui du tableau de bord du fournisseur ; pulumi refresh reprend ce qui y a changé",
  },
  "wrong-port": {
    because: "la base écoute sur un autre port",
    next: "comparez le port à celui du tableau de bord du fournisseur",
  },
  "dns-blocked": {
    because: "le résolveur d'ici ne répond pas, ou pas aux questions SRV",
    next: "essayez-en un autre : nslookup -type=SRV _mongodb._tcp.<hôte> 1.1.1.1",
  },
  "wrong-password": {
    because: "le mot de passe n'est pas celui que la base connaît",
    next: "npm run rotate crée un nouvel accès et le déploie ; pulumi up --refresh reprend celui qui a été changé chez Render, Upstash ou Redis Cloud",
  },
  "user-missing": {
    because: "l'utilisateur n'existe pas, ou plus",
    next: "pulumi up --refresh le recrée",
  },
  "password-not-encoded": {
    because: "l'utilisateur ou le mot de passe ne sont pas encodés dans l'URL",
    next: "encodez : / ? # [ ] @ et % : node -p 'encodeURIComponent(\"…\")'",
  },
  "wrong-auth-source": {
    because: "l'utilisateur appartient à une autre base que celle où il se connecte",
    next: "ceux d'Atlas sont dans admin : authSource=admin, ou une URL SRV, qui le dit elle-même",
  },
  "paused-cluster": {
    because: "le cluster est en pause ; Atlas y met un M0 inactif depuis 30 jours",
    next: "réveillez-le : https://www.mongodb.com/docs/atlas/pause-terminate-cluster/",
  },
  "suspended-service": {
    because: "la base est suspendue, ou a expiré chez Render",
    next: "ouvrez sa page et relancez-la : https://dashboard.render.com (une base gratuite expire après 30 jours)",
  },
  "database-deleted": {
    because: "la base n'existe plus",
    next: "pulumi refresh montre ce qui manque ; pulumi up la crée, vide",
  },
  "server-down": {
    because: "rien ne tourne à cette adresse en ce moment",
    next: "voyez le tableau de bord et l'état du fournisseur : https://status.mongodb.com, https://status.render.com",
  },
  firewall: {
    because: "quelque chose sur le chemin jette les paquets",
    next: "essayez d'ailleurs, ou d'un autre réseau : nc -vz <hôte> <port>",
  },
  "server-hangs": {
    because: "le serveur accepte les connexions et ne répond rien",
    next: "redémarrez-le depuis le tableau de bord du fournisseur",
  },
  "server-slow": {
    because: "le serveur est surchargé ou lointain",
    next: "voyez sa charge dans le tableau de bord ; un palier plus grand est un seul réglage",
  },
  "timeout-short": {
    because: "le délai est trop court pour ce chemin",
    next: "augmentez kairos:mongodb.driver.timeout et lancez pulumi up",
  },
  "read-only-user": {
    because: "l'utilisateur ne peut pas écrire ici",
    next: "donnez-lui ce droit (MongoDB : readWrite sur cette base) ; pulumi up --refresh rétablit les rôles de la stack",
  },
  "role-of-other-database": {
    because: "son rôle porte sur une autre base",
    next: "comparez la base de ce rôle à MONGODB_DB_NAME, caractère par caractère",
  },
  "database-name": {
    because: "la base a un autre nom : casse, accents et normalisation Unicode comptent",
    next: "corrigez kairos:mongodb.database ou kairos:postgres.database",
  },
  "tables-of-other-owner": {
    because: "les tables appartiennent à un autre rôle",
    next: "en tant que propriétaire : GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO <utilisateur>;",
  },
  "replica-address": {
    because: "l'adresse est celle d'une réplique, ou le rôle est en lecture seule",
    next: "prenez l'adresse du primaire ; ALTER ROLE <utilisateur> RESET default_transaction_read_only;",
  },
  "certificate-not-renewed": {
    because: "le certificat n'a pas été renouvelé",
    next: "les fournisseurs le font eux-mêmes : prévenez leur support ; ne désactivez pas la vérification",
  },
  "clock-wrong": { because: "l'horloge de cette machine est fausse", next: "comparez-la : date -u" },
  "private-authority": {
    because: "le certificat est signé par une autorité inconnue ici",
    next: "si c'est celle du bac à sable ou la vôtre : --ca FICHIER",
  },
  intercepted: {
    because: "un proxy ou un pare-feu s'interpose dans TLS",
    next: "voyez qui répond : openssl s_client -connect <hôte>:<port> -servername <hôte>",
  },
  "tls-not-offered": {
    because: "le serveur ne parle pas TLS sur ce port",
    next: "redis:// ou tls=false sur un réseau privé seulement ; sinon activez TLS chez le fournisseur",
  },
  "tls-required": {
    because: "le serveur exige TLS, l'URL n'en veut pas",
    next: "prenez rediss:// pour Redis, mongodb+srv:// ou tls=true pour MongoDB",
  },
  election: {
    because: "le replica set élit un primaire",
    next: "réessayez dans une demi-minute ; si cela dure : https://status.mongodb.com",
  },
  "pool-too-large": {
    because: "les pools de toutes les instances dépassent ensemble ce que permet le palier",
    next: "réduisez kairos:mongodb.driver.maxPoolSize : https://www.mongodb.com/docs/atlas/reference/atlas-limits/",
  },
  "other-clients": {
    because: "d'autres occupent les connexions",
    next: "voyez qui est connecté ; pour PostgreSQL : SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1;",
  },
  "just-started": {
    because: "le serveur vient de démarrer, ou charge ses données",
    next: "réessayez dans une minute : npm run status -- --watch",
  },
  "memory-full": {
    because: "sa mémoire est pleine, et sa politique n'évince rien",
    next: "activez l'éviction (kairos:redis.eviction) ou prenez un plan plus grand",
  },
  "disk-full": {
    because: "son disque est plein, ou ne s'écrit plus",
    next: "agrandissez le disque dans le fichier de stack et lancez pulumi up",
  },
  "plan-limit": {
    because: "les requêtes comprises dans le plan sont épuisées",
    next: "attendez la période suivante, ou prenez un plan plus grand",
  },
  "not-a-database": {
    because: "autre chose que cette base écoute là",
    next: "comparez hôte et port au tableau de bord du fournisseur",
  },
  "driver-or-server-version": {
    because: "le pilote et le serveur ne se comprennent pas",
    next: "comparez les versions : https://www.mongodb.com/docs/drivers/compatibility/",
  },
  "api-key": {
    because: "RENDER_API_KEY n'est pas valide, ou appartient à un autre espace",
    next: "faites-en une autre : https://dashboard.render.com/u/settings#api-keys",
  },
  "service-deleted": {
    because: "le service n'existe plus",
    next: "pulumi refresh le montre ; corrigez kairos:backend",
  },
  interrupted: { because: "la vérification a été arrêtée", next: "relancez-la" },
  unknown: {
    because: "inconnue",
    next: "relancez la vérification ; si cela reste, voyez la page d'état du fournisseur",
  },
};
