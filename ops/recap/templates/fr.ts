/** The recap in French, from top to bottom: the document that people wrote by hand, with what is known in its place. */
import type { Database } from "../database.ts";
import { type Content, code, codes, fenced, link, md, numbered, table, when } from "../markdown.ts";
import type { Model, PlannedIn, SeenIn } from "../model.ts";
import { postgresOption, redisOptions } from "../options.ts";
import { redisCommands } from "../points.ts";
import { words } from "./fr-words.ts";
import { partsIn, stackFile, statusCommand, type Template, upCommand } from "./parts.ts";

const say = partsIn(words);
const { point, tick } = say;
const { some, seconds } = words;

export const fr: Template = {
  words,

  title: "🗄️ Configuration des Bases de Données - Kaïros",

  intro: (m) => md`
Ce document récapitule la configuration actuelle de MongoDB, PostgreSQL et Redis pour l'application Kaïros.

${when(!m.checked)`Les réglages sont ceux de la stack ${code(m.stack)}. **Rien n'a été vérifié** : aucune base de données n'a été contactée, donc rien n'est coché.`}
${when(m.checked)`Les réglages sont ceux de la stack ${code(m.stack)}. L'état a été vérifié le ${m.checked?.at} (UTC), avec ${say.source(m)} ; n'est coché que ce qui a été vu à ce moment.`}
`,

  overview: (m) => md`
## 📊 Vue d'ensemble

L'application Kaïros utilise **${m.active === 3 ? "3 bases de données" : `${some(m.active, "base")} de données sur 3`}** :

1. **MongoDB** : Base de données principale (obligatoire) - Stocke les modules, utilisateurs, progression, etc. - ${say.state(m.mongodb)}
2. **PostgreSQL** : Base de données relationnelle (optionnelle) - Pour les données structurées - ${say.state(m.postgres)}
3. **Redis** : Cache et rate limiting (optionnel) - Pour améliorer les performances - ${say.state(m.redis)}
`,

  mongodb: (m) => md`
## 🍃 MongoDB (Obligatoire)

### Configuration Actuelle

${say.howItStands(m, m.mongodb, plannedMongodb(m.planned.mongodb))}

### Variables d'Environnement

${say.variables(m, m.mongodb)}

### Statut

${say.connected("Connecté", m.mongodb)}
${point("Index créés", m.mongodb.indexes, indexes)}
${point("Collections", m.mongodb.collections, collections)}
${point("Base de données", m.mongodb.exists, ({ yes }) => md`${code(m.mongodb.database)}, ${yes ? "présente" : "pas encore créée"}`)}
${point("Topologie", m.mongodb.topology, topology)}
${point("Droits", m.mongodb.rights, rights)}
${point("Chiffrement", m.mongodb.encryption, say.encryption)}

### Optimisations Actives

D'après ${m.mongodb.driver.checked ? "la vérification, faite avec le pilote officiel" : "les réglages de la stack"} :

- **Connection Pooling** : ${m.mongodb.driver.maxPoolSize} connexions max, ${m.mongodb.driver.minPoolSize} min
- **Compression** : ${compression(m.mongodb.driver)}
- **Retry** : ${say.retries(m)}
- **Heartbeat** : Vérification toutes les ${seconds(m.mongodb.driver.heartbeat)}
- **Timeout** : Connexion en moins de ${seconds(m.mongodb.driver.timeout)}
`,

  postgres: (m) => md`
## 🐘 PostgreSQL (Optionnel)

### Configuration Actuelle

${say.howItStands(m, m.postgres, m.planned.postgres && plannedPostgres(m.planned.postgres))}

### Variables d'Environnement

${say.variables(m, m.postgres)}

${when(m.postgres.off)`### Options pour Activer PostgreSQL`}

${when(m.postgres.off && m.postgres.planned)`${say.onlyApply(m, m.postgres)}`}

${when(m.postgres.off && !m.postgres.planned)`
Un Render Postgres à côté du backend. La stack le crée et donne les cinq variables au backend.

${say.setUp(postgresOption, m)}
`}

### Statut

${say.connected("Connecté", m.postgres)}
${point("Tables", m.postgres.tables, tables)}
${point("Conflit de type", m.postgres.conflict, conflict)}
${point("Rôle", m.postgres.role, role)}
${point("Connexions", m.postgres.connections, ({ used, maximum }) => `${used} utilisées sur ${maximum}`)}
${point("Taille", m.postgres.size, ({ bytes }) => say.bytes(bytes))}
${point("Chiffrement", m.postgres.encryption, say.encryption)}

### Tables PostgreSQL

Les tables suivantes sont créées automatiquement par le backend :

${say.table(m, "users", "Utilisateurs")}
${say.table(m, "courses", "Cours")}
${say.table(m, "modules", "Modules de cours")}
${say.table(m, "enrollments", "Inscriptions")}
${say.table(m, "user_progress", "Progression utilisateur")}

### Note

PostgreSQL est **optionnel**. L'application fonctionne parfaitement avec MongoDB uniquement. PostgreSQL est utilisé pour des fonctionnalités avancées (relations complexes, transactions, etc.).
`,

  redis: (m) => md`
## 🔴 Redis (Optionnel)

### Configuration Actuelle

${say.howItStands(m, m.redis, m.planned.redis && plannedRedis(m.planned.redis))}

### Variables d'Environnement

${say.variables(m, m.redis)}

${when(m.redis.off)`### Options pour Activer Redis`}

${when(m.redis.off && m.redis.planned)`${say.onlyApply(m, m.redis)}`}

${when(m.redis.off && !m.redis.planned)`
#### Option 1 : Service Redis Render (Recommandé)

Un Key Value sur le réseau privé de Render, à côté du backend. La stack le crée et donne ${code("REDIS_URL")} au backend.

${say.setUp(redisOptions.render, m)}

#### Option 2 : Redis Externe

**Upstash** : ${link("https://upstash.com/")}. Chiffré par TLS, facturé à l'usage ; les commandes demandent l'adresse e-mail et la clé d'API du compte.

${say.setUp(redisOptions.upstash, m)}

**Redis Cloud** : ${link("https://redis.com/cloud/")}. Le plan ${code("30MB")} est gratuit ; TLS s'active d'un clic dans sa console après le premier ${code("pulumi up")}.

${say.setUp(redisOptions["redis-cloud"], m)}

**Un Redis qui existe déjà** : la stack ne crée rien, la commande demande son URL et la chiffre.

${say.setUp(redisOptions.external, m)}
`}

### Avantages de Redis

- **Cache** : Réponses instantanées pour les requêtes fréquentes${say.policy(m, "cache")}
- **Rate Limiting** : Protection contre les abus${say.policy(m, "rateLimit")}
- **Sessions** : Stockage des sessions utilisateur${say.policy(m, "sessions")}
- **Performance** : Réduction de la charge sur MongoDB

### Statut

${say.connected("Connecté", m.redis)}
${when(m.redis.off)`- ℹ️ **Recommandation** : Activer Redis pour améliorer les performances`}
${point("Commandes", m.redis.commands, commands)}
${point("Mémoire", m.redis.memory, memory)}
${point("Chiffrement", m.redis.encryption, say.encryption)}
`,

  services: ({ backend }) => md`
## 🖥️ Services Backend (Render)

${say.servicesLead(backend)}

${table(["Service", "Statut", "Dernier déploiement", "Variables"], backend.services.map(say.service))}
`,

  checklist: ({ mongodb, postgres, redis, backend }) => md`
## 📋 Checklist de Configuration

### MongoDB ${mongodb.mark}

${mongodb.variables.map(({ name, set }) => tick(set, md`${code(name)} configuré`))}
${tick(mongodb.connected, "Connexion réussie")}
${tick(mongodb.indexes, "Index créés")}
${tick(mongodb.collections, "Collections créées")}
${tick(mongodb.exists, md`Base ${code(mongodb.database)} présente`)}
${tick(mongodb.rights, "Lecture et écriture, et rien au-delà de sa base")}
${tick(mongodb.encrypted, "Connexion chiffrée, certificat reconnu")}

### PostgreSQL ${postgres.mark}

${postgres.variables.map(({ name, set }) => tick(set, md`${code(name)} configuré`))}
${tick(postgres.connected, "Connexion réussie")}
${tick(postgres.tables, "Tables créées")}
${tick(postgres.conflict, "Aucun conflit de type")}
${tick(postgres.role, "Rôle sans droits de superutilisateur")}
${tick(postgres.encrypted, "Connexion chiffrée, certificat reconnu (facultatif sur le réseau privé)")}

### Redis ${redis.mark}

${redis.variables.map(({ name, set }) => tick(set, md`${code(name)} configuré (optionnel)`))}
${tick(redis.exists, "Service Redis créé (optionnel)")}
${tick(redis.connected, "Connexion testée (optionnel)")}
${tick(redis.commands, md`${codes(redisCommands)} testés sur une clé jetable (optionnel)`)}

### Services Backend (Render) ${backend.mark}

${backend.services.map(({ name, equal, deployed }) => [
  tick(equal, md`Variables de ${code(name)} égales au contrat`),
  tick(deployed, md`${code(name)} en service avec les variables actuelles`),
])}
`,

  errors: (m) => md`
## 🔧 Correction des Erreurs

${when(m.checked && m.errors.length === 0)`En dehors de l'erreur connue ci-dessous, aucune n'a été constatée lors de la vérification.`}
${when(!m.checked)`Une erreur est connue du backend. Rien n'a été vérifié : d'autres peuvent exister.`}

### Erreur PostgreSQL : "duplicate key value violates unique constraint"

**Problème** : Conflit avec un type PostgreSQL existant, resté d'une création de table interrompue et nommé comme une table du backend (${codes(m.postgres.duplicateKey.names)}). Pour chaque table, PostgreSQL crée un type du même nom ; deux processus qui créent la même table en même temps se heurtent à la même contrainte.

${when(m.postgres.duplicateKey.found)`**Solution** : Supprimer ce type (l'instruction ne touche à aucune table), puis redémarrer le backend, un seul processus d'abord :`}
${when(!m.postgres.duplicateKey.found)`**Solution** : Chercher si un tel type est resté :`}

${fenced("sql", m.postgres.duplicateKey.sql)}

${when(!m.postgres.duplicateKey.found)`- Le supprimer : ${code('DROP TYPE "schema"."nom";')} (PostgreSQL le refuse tant qu'une table l'utilise), puis redémarrer le backend`}
- Le backend crée ses tables avec ${code("checkfirst=True")} : une table présente est laissée telle quelle, mais un type resté seul n'est pas vu

${m.postgres.duplicateKey.mark} **Statut** : ${words.errors.standing[m.postgres.duplicateKey.mark]}

${say.errors(m)}
`,

  summary: ({ mongodb, postgres, redis }) => md`
## 📊 Résumé des Configurations

${table(
  ["Base de Données", "Statut", "Obligatoire", "Configuration"],
  [
    [md`**MongoDB**`, say.state(mongodb), "Oui", say.configuration(mongodb)],
    [md`**PostgreSQL**`, say.state(postgres), "Non", say.configuration(postgres)],
    [md`**Redis**`, say.state(redis), "Non", say.configuration(redis)],
  ],
)}
`,

  steps: (m) => md`
## 🚀 Prochaines Étapes Recommandées

${numbered([
  m.placeholders.length > 0 &&
    md`⚠️ **Réglages** : remplacer ${codes(m.placeholders)} dans ${stackFile(m)} ; ${code("npx kairos plan")} dit où trouver chaque valeur`,
  md`${m.mongodb.mark} **MongoDB** : ${say.nextStep(m, m.mongodb, "Obligatoire, à configurer")}`,
  md`${m.postgres.mark} **PostgreSQL** : ${say.nextStep(m, m.postgres, "Optionnel ; à activer pour les relations complexes et les transactions")}`,
  md`${m.redis.mark} **Redis** : ${say.nextStep(m, m.redis, "Recommandé d'activer pour améliorer les performances")}`,
  md`${m.backend.mark} **Services Backend (Render)** : ${words.next.services[m.backend.mark]}`,
])}

${when(m.postgres.off)`
### Pour Activer PostgreSQL

${activating(m, m.postgres, "Connexion PostgreSQL réussie")}
`}

${when(m.redis.off)`
### Pour Activer Redis

${activating(m, m.redis, "Redis connecté avec succès")}
`}
`,

  documentation: () => md`
## 📚 Documentation

- **MongoDB** : ${link("https://www.mongodb.com/docs/")}
- **PostgreSQL** : ${link("https://www.postgresql.org/docs/")}
- **Redis** : ${link("https://redis.io/docs/")}
- **Render** : ${link("https://render.com/docs/databases")}
- **Pulumi** : ${link("https://www.pulumi.com/docs/")}
`,

  closing: ({ date }) => md`**Dernière mise à jour** : ${date}`,
};

const plannedMongodb = ({ name, tier, region, backups }: PlannedIn<"mongodb">): Content =>
  md`cluster Atlas ${code(name)}, palier ${code(tier)}, région ${code(region)}, ${backups ? "avec" : "sans"} sauvegarde continue`;

const plannedPostgres = ({ name, plan, version, region, network }: PlannedIn<"postgres">): Content =>
  md`Render Postgres ${code(name)}, plan ${code(plan)}, version ${code(version)}, région ${code(region)}, réseau ${network === "private" ? "privé" : "public"}`;

const plannedRedis = ({ provider, name }: PlannedIn<"redis">): Content =>
  name === undefined
    ? md`Redis géré ailleurs, par son URL (${code(provider)})`
    : md`Redis ${code(name)} chez ${code(provider)}`;

const indexes = ({ count, collections }: SeenIn<"mongodb", "indexes">): Content =>
  count > 0
    ? md`Oui (${count} index sur ${some(collections, "collection")}, sans compter ${code("_id_")})`
    : "Non (le backend les crée automatiquement à son démarrage)";

const collections = ({ names }: SeenIn<"mongodb", "collections">): Content =>
  names.length > 0 ? codes(names) : "Aucune (le backend les crée automatiquement)";

const topology = ({ kind, members, primary }: SeenIn<"mongodb", "topology">): Content =>
  md`${say.kinds[kind]}, ${some(members, "membre")}${primary && md`, primaire ${code(primary.host ?? words.host)}`}`;

const tables = ({ present, all }: SeenIn<"postgres", "tables">): Content =>
  present === all ? `Les ${all} sont présentes` : `${present} sur ${all} présentes`;

const conflict = ({ names }: SeenIn<"postgres", "conflict">): Content =>
  names.length > 0 ? md`${codes(names)} (voir Correction des Erreurs)` : "Aucun";

const role = ({ name, superuser }: SeenIn<"postgres", "role">): Content =>
  md`${code(name)}, ${superuser ? "superutilisateur" : "sans droits de superutilisateur"}`;

const commands = ({ failed }: SeenIn<"redis", "commands">): Content =>
  failed.length > 0
    ? md`${codes(failed)} en échec`
    : md`${codes(redisCommands)} réussies sur une clé jetable`;

function rights({ user, enough, beyond }: SeenIn<"mongodb", "rights">): Content {
  if (!enough) return md`${code(user)} ne peut pas tout lire et écrire dans sa base`;
  if (beyond.length > 0) return md`${code(user)} peut plus que sa base : ${codes(beyond)}`;
  return md`${code(user)} lit et écrit dans sa base, rien au-delà`;
}

function compression({ compressors, compression }: Model["mongodb"]["driver"]): Content {
  const byUrl = md`${codes(compressors)}, par l'URL`;
  const offered = compressors.length > 0 ? byUrl : "Snappy (si disponible) ou Zlib, au choix du backend";
  return compression === undefined
    ? offered
    : md`${offered} ; lors de la vérification : ${code(compression)}`;
}

function memory({ policy, used, maximum }: SeenIn<"redis", "memory">): Content {
  const filled = used !== undefined && `, ${say.bytes(used)} utilisés`;
  const limit = maximum !== undefined && ` sur ${say.bytes(maximum)}`;
  return md`politique ${policy === undefined ? "inconnue" : code(policy)}${filled}${limit}`;
}

const activating = (m: Model, { planned }: Database, logged: string): Content =>
  numbered([
    !planned && md`Choisissez une des options ci-dessus et mettez ses réglages dans ${stackFile(m)}`,
    md`Lancez ${upCommand(m)} : la stack crée la base, donne ses variables au backend et le redéploie`,
    md`Vérifiez avec ${statusCommand(m)}, puis écrivez ce document à nouveau`,
    md`Vérifiez les logs du backend : ${code(logged)}`,
  ]);
