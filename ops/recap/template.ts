/** The recap from top to bottom: the document that people wrote by hand in French, with what is known in its place. */
import type { Language } from "../status/advice/language.ts";
import type { Database } from "./database.ts";
import { type Content, code, codes, fenced, link, md, numbered, table, when } from "./markdown.ts";
import type { Model, PlannedIn, SeenIn } from "./model.ts";
import { type Option, commands as optionCommands, settingsYaml } from "./options.ts";
import { type PartName, partsIn, stackFile, statusCommand, upCommand } from "./parts.ts";
import { redisCommands } from "./points.ts";
import { chosenIn, wordsIn } from "./words.ts";

/** The document in one language. Titles begin with an emoji. */
export type Template = ReturnType<typeof templateIn>;

export function templateIn(language: Language) {
  const t = chosenIn(language) as <T extends Content>(en: T, fr: T) => T;
  const words = wordsIn(language);
  const say = partsIn(words);
  const { point, tick, some, seconds } = say;

  const setUp = (option: Option, m: Model) => md`
${t(md`In ${stackFile(m)}:`, md`Dans ${stackFile(m)} :`)}

${fenced("yaml", settingsYaml(option))}

${t("Then:", "Puis :")}

${fenced("sh", optionCommands(option, m.stack))}
`;

  const plannedMongodb = ({ name, tier, region, backups }: PlannedIn<"mongodb">): Content =>
    t(
      md`Atlas cluster ${code(name)}, tier ${code(tier)}, region ${code(region)}, ${backups ? "with" : "without"} continuous backup`,
      md`cluster Atlas ${code(name)}, palier ${code(tier)}, région ${code(region)}, ${backups ? "avec" : "sans"} sauvegarde continue`,
    );

  const plannedPostgres = ({ name, plan, version, region, network }: PlannedIn<"postgres">): Content =>
    t(
      md`Render Postgres ${code(name)}, plan ${code(plan)}, version ${code(version)}, region ${code(region)}, ${network} network`,
      md`Render Postgres ${code(name)}, offre ${code(plan)}, version ${code(version)}, région ${code(region)}, réseau ${network === "private" ? "privé" : "public"}`,
    );

  const plannedRedis = ({ provider, name }: PlannedIn<"redis">): Content => {
    const elsewhere = t("a Redis managed elsewhere, by its URL", "Redis géré ailleurs, par son URL");
    if (name === undefined) return md`${elsewhere} (${code(provider)})`;
    return md`Redis ${code(name)} ${t("at", "chez")} ${code(provider)}`;
  };

  const indexes = ({ count, collections }: SeenIn<"mongodb", "indexes">): Content => {
    if (count === 0)
      return t(
        "No (the backend creates them by itself when it starts)",
        "Non (le backend les crée automatiquement à son démarrage)",
      );
    const on = some(collections, ["collection"], ["collection"]);
    return t(
      md`Yes (${some(count, ["index", "indexes"], ["index"])} on ${on}, not counting ${code("_id_")})`,
      md`Oui (${count} index sur ${on}, sans compter ${code("_id_")})`,
    );
  };

  const collections = ({ names }: SeenIn<"mongodb", "collections">): Content =>
    names.length > 0
      ? codes(names)
      : t("None (the backend creates them by itself)", "Aucune (le backend les crée automatiquement)");

  const compression = ({ compressors, compression }: Model["mongodb"]["driver"]): Content => {
    const offered =
      compressors.length > 0
        ? t(md`${codes(compressors)}, by the URL`, md`${codes(compressors)}, par l'URL`)
        : t(
            md`Snappy (if available) or Zlib, as the backend chooses`,
            md`Snappy (si disponible) ou Zlib, au choix du backend`,
          );
    if (compression === undefined) return offered;
    const during = t("; during the check: ", " ; lors de la vérification : ");
    return md`${offered}${during}${code(compression)}`;
  };

  const tables = ({ present, all }: SeenIn<"postgres", "tables">): Content =>
    present === all
      ? t(`All ${all} are there`, `Les ${all} sont présentes`)
      : t(`${present} of ${all} are there`, `${present} sur ${all} présentes`);

  const conflict = ({ names }: SeenIn<"postgres", "conflict">): Content =>
    names.length > 0
      ? t(md`${codes(names)} (see Fixing Errors)`, md`${codes(names)} (voir Correction des Erreurs)`)
      : t("None", "Aucun");

  const commands = ({ failed }: SeenIn<"redis", "commands">): Content =>
    failed.length > 0
      ? t(md`${codes(failed)} failed`, md`${codes(failed)} en échec`)
      : t(
          md`${codes(redisCommands)} work on a throw-away key`,
          md`${codes(redisCommands)} réussies sur une clé jetable`,
        );

  const memory = ({ policy, used, maximum }: SeenIn<"redis", "memory">): Content => {
    const filled = used !== undefined && `, ${say.bytes(used)} ${t("used", "utilisés")}`;
    const limit = maximum !== undefined && ` ${t("of", "sur")} ${say.bytes(maximum)}`;
    const unknown = t("unknown", "inconnue");
    return md`${t("policy", "politique")} ${policy === undefined ? unknown : code(policy)}${filled}${limit}`;
  };

  const activating = (m: Model, { planned }: Database, logged: string): Content =>
    numbered([
      !planned &&
        t(
          md`Choose one of the options above and put its settings into ${stackFile(m)}`,
          md`Choisissez une des options ci-dessus et mettez ses réglages dans ${stackFile(m)}`,
        ),
      t(
        md`Run ${upCommand(m)}: the stack creates the database, gives its variables to the backend and redeploys it`,
        md`Lancez ${upCommand(m)} : la stack crée la base, donne ses variables au backend et le redéploie`,
      ),
      t(
        md`Check with ${statusCommand(m)}, then write this document again`,
        md`Vérifiez avec ${statusCommand(m)}, puis régénérez ce document`,
      ),
      t(md`See the backend's logs: ${code(logged)}`, md`Vérifiez les logs du backend : ${code(logged)}`),
    ]);

  const current = t("Current Configuration", "Configuration Actuelle");
  const environment = t("Environment Variables", "Variables d'Environnement");
  const status = t("Status", "Statut");
  const connected = t("Connected", "Connecté");
  const encryption = t("Encryption", "Chiffrement");
  const optional = t("Optional", "Optionnel");

  const parts: Record<PartName, (model: Model) => Content> = {
    overview: (m) => md`
## 📊 ${t("Overview", "Vue d'ensemble")}

${
  m.active === 3
    ? t(
        md`The Kaïros application uses **3 databases**:`,
        md`L'application Kaïros utilise **3 bases de données** :`,
      )
    : t(
        md`The Kaïros application uses **${m.active} of 3 databases**:`,
        md`L'application Kaïros utilise **${some(m.active, ["base"], ["base"])} de données sur 3** :`,
      )
}

${numbered([
  t(
    md`**MongoDB**: Main database (mandatory) - Stores modules, users, progress and so on - ${say.state(m.mongodb)}`,
    md`**MongoDB** : Base de données principale (obligatoire) - Stocke les modules, utilisateurs, progression, etc. - ${say.state(m.mongodb)}`,
  ),
  t(
    md`**PostgreSQL**: Relational database (optional) - For structured data - ${say.state(m.postgres)}`,
    md`**PostgreSQL** : Base de données relationnelle (optionnelle) - Pour les données structurées - ${say.state(m.postgres)}`,
  ),
  t(
    md`**Redis**: Cache and rate limiting (optional) - For better performance - ${say.state(m.redis)}`,
    md`**Redis** : Cache et rate limiting (optionnel) - Pour améliorer les performances - ${say.state(m.redis)}`,
  ),
])}
`,

    mongodb: (m) => md`
## 🍃 MongoDB (${t("Mandatory", "Obligatoire")})

### ${current}

${say.howItStands(m, m.mongodb, plannedMongodb(m.planned.mongodb))}

### ${environment}

${say.variables(m, m.mongodb)}

### ${status}

${say.connected(connected, m.mongodb)}
${point(t("Indexes created", "Index créés"), m.mongodb.indexes, indexes)}
${point("Collections", m.mongodb.collections, collections)}
${point(t("Database", "Base de données"), m.mongodb.exists, ({ yes }) => md`${code(m.mongodb.database)}, ${yes ? t("exists", "présente") : t("not created yet", "pas encore créée")}`)}
${point(t("Topology", "Topologie"), m.mongodb.topology, say.topology)}
${point(t("Rights", "Droits"), m.mongodb.rights, say.rights)}
${point(encryption, m.mongodb.encryption, say.encryption)}

### ${t("Optimizations in Force", "Optimisations Actives")}

${
  m.mongodb.driver.checked
    ? t(
        "According to the check, made with the official driver:",
        "D'après la vérification, faite avec le pilote officiel :",
      )
    : t("According to the stack's settings:", "D'après les réglages de la stack :")
}

- **Connection Pooling**${say.colon}${t(`${m.mongodb.driver.maxPoolSize} connections at most, ${m.mongodb.driver.minPoolSize} at least`, `${m.mongodb.driver.maxPoolSize} connexions max, ${m.mongodb.driver.minPoolSize} min`)}
- **Compression**${say.colon}${compression(m.mongodb.driver)}
- **Retry**${say.colon}${say.retries(m)}
- **Heartbeat**${say.colon}${t("Check every", "Vérification toutes les")} ${seconds(m.mongodb.driver.heartbeat)}
- **Timeout**${say.colon}${t("Connects within", "Connexion en moins de")} ${seconds(m.mongodb.driver.timeout)}
`,

    postgres: (m) => md`
## 🐘 PostgreSQL (${optional})

### ${current}

${say.howItStands(m, m.postgres, m.planned.postgres && plannedPostgres(m.planned.postgres))}

### ${environment}

${say.variables(m, m.postgres)}

${when(m.postgres.off)`### ${t("Options to Activate PostgreSQL", "Options pour Activer PostgreSQL")}`}

${when(m.postgres.off && m.postgres.planned)`${say.onlyApply(m, m.postgres)}`}

${when(m.postgres.off && !m.postgres.planned)`
${t(
  "A Render Postgres beside the backend. The stack creates it and gives its five variables to the backend.",
  "Un Render Postgres à côté du backend. La stack le crée et donne les cinq variables au backend.",
)}

${setUp(m.options.postgres, m)}
`}

### ${status}

${say.connected(connected, m.postgres)}
${point("Tables", m.postgres.tables, tables)}
${point(t("Type conflict", "Conflit de type"), m.postgres.conflict, conflict)}
${point(t("Role", "Rôle"), m.postgres.role, say.role)}
${point(t("Connections", "Connexions"), m.postgres.connections, ({ used, maximum }) => t(`${used} of ${maximum} used`, `${used} utilisées sur ${maximum}`))}
${point(t("Size", "Taille"), m.postgres.size, ({ bytes }) => say.bytes(bytes))}
${point(encryption, m.postgres.encryption, say.encryption)}

### ${t("PostgreSQL Tables", "Tables PostgreSQL")}

${t("The backend creates the following tables by itself:", "Les tables suivantes sont créées automatiquement par le backend :")}

${say.table(m, "users", t("Users", "Utilisateurs"))}
${say.table(m, "courses", t("Courses", "Cours"))}
${say.table(m, "modules", t("Modules of courses", "Modules de cours"))}
${say.table(m, "enrollments", t("Enrolments", "Inscriptions"))}
${say.table(m, "user_progress", t("Users' progress", "Progression utilisateur"))}

### Note

${t(
  md`PostgreSQL is **optional**. The application works perfectly with MongoDB alone. PostgreSQL serves advanced features (complex relations, transactions and so on).`,
  md`PostgreSQL est **optionnel**. L'application fonctionne parfaitement avec MongoDB uniquement. PostgreSQL est utilisé pour des fonctionnalités avancées (relations complexes, transactions, etc.).`,
)}
`,

    redis: (m) => md`
## 🔴 Redis (${optional})

### ${current}

${say.howItStands(m, m.redis, m.planned.redis && plannedRedis(m.planned.redis))}

### ${environment}

${say.variables(m, m.redis)}

${when(m.redis.off)`### ${t("Options to Activate Redis", "Options pour Activer Redis")}`}

${when(m.redis.off && m.redis.planned)`${say.onlyApply(m, m.redis)}`}

${when(m.redis.off && !m.redis.planned)`
#### ${t("Option 1: Redis Service on Render (Recommended)", "Option 1 : Service Redis Render (Recommandé)")}

${t(
  md`A Key Value on Render's private network, beside the backend. The stack creates it and gives ${code("REDIS_URL")} to the backend.`,
  md`Un Key Value sur le réseau privé de Render, à côté du backend. La stack le crée et donne ${code("REDIS_URL")} au backend.`,
)}

${setUp(m.options.redis.render, m)}

#### ${t("Option 2: External Redis", "Option 2 : Redis Externe")}

**Upstash**${say.colon}${link("https://upstash.com/")}. ${t(
  "Encrypted with TLS, paid by use; the commands ask for the account's e-mail address and API key.",
  "Chiffré par TLS, facturé à l'usage ; les commandes demandent l'adresse e-mail et la clé d'API du compte.",
)}

${setUp(m.options.redis.upstash, m)}

**Redis Cloud**${say.colon}${link("https://redis.com/cloud/")}. ${t(
  md`TLS is one click in its console after the first ${code("pulumi up")}.`,
  md`TLS s'active d'un clic dans sa console après le premier ${code("pulumi up")}.`,
)}

${setUp(m.options.redis["redis-cloud"], m)}

${t(
  md`**A Redis that exists already**: the stack creates nothing, the command asks for its URL and encrypts it.`,
  md`**Un Redis qui existe déjà** : la stack ne crée rien, la commande demande son URL et la chiffre.`,
)}

${setUp(m.options.redis.external, m)}
`}

### ${t("Advantages of Redis", "Avantages de Redis")}

- **Cache**${say.colon}${t("Instant answers to frequent requests", "Réponses instantanées pour les requêtes fréquentes")}${say.policy(m, "cache")}
- **Rate Limiting**${say.colon}${t("Protection against abuse", "Protection contre les abus")}${say.policy(m, "rateLimit")}
- **Sessions**${say.colon}${t("Keeps the sessions of users", "Stockage des sessions utilisateur")}${say.policy(m, "sessions")}
- **Performance**${say.colon}${t("Less load on MongoDB", "Réduction de la charge sur MongoDB")}

### ${status}

${say.connected(connected, m.redis)}
${when(m.redis.off)`- ℹ️ ${t(
  md`**Recommendation**: Activate Redis for better performance`,
  md`**Recommandation** : Activer Redis pour améliorer les performances`,
)}`}
${point(t("Commands", "Commandes"), m.redis.commands, commands)}
${point(t("Memory", "Mémoire"), m.redis.memory, memory)}
${point(encryption, m.redis.encryption, say.encryption)}
`,

    services: ({ backend }) => md`
## 🖥️ ${t("Backend Services (Render)", "Services Backend (Render)")}

${say.servicesLead(backend)}

${table(["Service", status, t("Last deploy", "Dernier déploiement"), "Variables"], backend.services.map(say.service))}
`,

    checklist: ({ mongodb, postgres, redis, backend }) => md`
## 📋 ${t("Configuration Checklist", "Checklist de Configuration")}

### MongoDB ${mongodb.mark}

${say.set(mongodb)}
${tick(mongodb.connected, t("Connection succeeded", "Connexion réussie"))}
${tick(mongodb.indexes, t("Indexes created", "Index créés"))}
${tick(mongodb.collections, t("Collections created", "Collections créées"))}
${tick(mongodb.exists, t(md`Database ${code(mongodb.database)} exists`, md`Base ${code(mongodb.database)} présente`))}
${tick(mongodb.rights, t("Reads and writes, and nothing beyond its database", "Lecture et écriture, et rien au-delà de sa base"))}
${tick(mongodb.encrypted, t("Connection encrypted, certificate trusted", "Connexion chiffrée, certificat reconnu"))}

### PostgreSQL ${postgres.mark}

${say.set(postgres)}
${tick(postgres.connected, t("Connection succeeded", "Connexion réussie"))}
${tick(postgres.tables, t("Tables created", "Tables créées"))}
${tick(postgres.conflict, t("No type conflict", "Aucun conflit de type"))}
${tick(postgres.role, t("Role is no superuser", "Rôle sans droits de superutilisateur"))}
${tick(
  postgres.encrypted,
  t(
    "Connection encrypted, certificate trusted (not needed on the private network)",
    "Connexion chiffrée, certificat reconnu (facultatif sur le réseau privé)",
  ),
)}

### Redis ${redis.mark}

${say.set(redis)}
${tick(redis.exists, t("Redis service created (optional)", "Service Redis créé (optionnel)"))}
${tick(redis.connected, t("Connection tested (optional)", "Connexion testée (optionnel)"))}
${tick(redis.commands, t(md`${codes(redisCommands)} tried on a throw-away key (optional)`, md`${codes(redisCommands)} testés sur une clé jetable (optionnel)`))}

### ${t("Backend Services (Render)", "Services Backend (Render)")} ${backend.mark}

${backend.services.map(({ name, equal, deployed }) => [
  tick(
    equal,
    t(md`Variables of ${code(name)} equal to the contract`, md`Variables de ${code(name)} égales au contrat`),
  ),
  tick(
    deployed,
    t(
      md`${code(name)} live with the current variables`,
      md`${code(name)} en service avec les variables actuelles`,
    ),
  ),
])}
`,

    errors: (m) => md`
## 🔧 ${t("Fixing Errors", "Correction des Erreurs")}

${
  m.checked &&
  m.errors.length === 0 &&
  t(
    "Apart from the known error below, the check found none.",
    "En dehors de l'erreur connue ci-dessous, aucune n'a été constatée lors de la vérification.",
  )
}
${
  !m.checked &&
  t(
    "One error is known of the backend. Nothing was checked: there may be others.",
    "On connaît une erreur du backend. Rien n'a été vérifié : d'autres peuvent exister.",
  )
}

### ${t("PostgreSQL error", "Erreur PostgreSQL")}${say.colon}"duplicate key value violates unique constraint"

${t(
  md`**Problem**: Conflict with an existing PostgreSQL type, left behind when the creation of a table was interrupted, and named like a table of the backend (${codes(m.postgres.duplicateKey.names)}). PostgreSQL makes a type of the same name for each table; two processes that create the same table at once run into the same constraint.`,
  md`**Problème** : Conflit avec un type PostgreSQL existant, resté d'une création de table interrompue et nommé comme une table du backend (${codes(m.postgres.duplicateKey.names)}). Pour chaque table, PostgreSQL crée un type du même nom ; deux processus qui créent la même table en même temps se heurtent à la même contrainte.`,
)}

${
  m.postgres.duplicateKey.found
    ? t(
        md`**Solution**: Drop that type (the statement touches no table), then restart the backend, one process of it first:`,
        md`**Solution** : Supprimer ce type (l'instruction ne touche à aucune table), puis redémarrer le backend, un seul processus d'abord :`,
      )
    : t(
        md`**Solution**: See whether such a type was left behind:`,
        md`**Solution** : Chercher si un tel type est resté :`,
      )
}

${fenced("sql", m.postgres.duplicateKey.sql)}

${
  !m.postgres.duplicateKey.found &&
  t(
    md`- Drop it: ${code('DROP TYPE "schema"."name";')} (PostgreSQL refuses while a table uses it), then restart the backend`,
    md`- Le supprimer : ${code('DROP TYPE "schema"."nom";')} (PostgreSQL le refuse tant qu'une table l'utilise), puis redémarrer le backend`,
  )
}
${t(
  md`- The backend creates its tables with ${code("checkfirst=True")}: a table that is there is left as it is, but a type on its own goes unnoticed`,
  md`- Le backend crée ses tables avec ${code("checkfirst=True")} : une table présente est laissée telle quelle, mais un type resté seul n'est pas vu`,
)}

${m.postgres.duplicateKey.mark} **${status}**${say.colon}${words.errors.standing[m.postgres.duplicateKey.mark]}

${say.errors(m)}
`,

    summary: ({ mongodb, postgres, redis }) => md`
## 📊 ${t("Summary of Configurations", "Résumé des Configurations")}

${table(
  [t("Database", "Base de Données"), status, t("Mandatory", "Obligatoire"), "Configuration"],
  [mongodb, postgres, redis].map((one) => [
    md`**${one.title}**`,
    say.state(one),
    one.mandatory ? words.yes : words.no,
    say.configuration(one),
  ]),
)}
`,

    steps: (m) => md`
## 🚀 ${t("Recommended Next Steps", "Prochaines Étapes Recommandées")}

${numbered([
  say.disclosed(m),
  m.placeholders.length > 0 &&
    t(
      md`⚠️ **Settings**: replace ${codes(m.placeholders)} in ${stackFile(m)}; ${code("npx kairos plan")} says where to find each value`,
      md`⚠️ **Réglages** : remplacer ${codes(m.placeholders)} dans ${stackFile(m)} ; ${code("npx kairos plan")} dit où trouver chaque valeur`,
    ),
  say.nextStep(m, m.mongodb, t("Mandatory, to be configured", "Obligatoire, à configurer")),
  say.nextStep(
    m,
    m.postgres,
    t(
      "Optional; worth activating for complex relations and transactions",
      "Optionnel ; à activer pour les relations complexes et les transactions",
    ),
  ),
  say.nextStep(
    m,
    m.redis,
    t("Recommended for better performance", "Recommandé d'activer pour améliorer les performances"),
  ),
  md`${m.backend.mark} **${t("Backend Services (Render)", "Services Backend (Render)")}**${say.colon}${words.next.services[m.backend.mark]}`,
])}

${when(m.postgres.off)`
### ${t("To Activate PostgreSQL", "Pour Activer PostgreSQL")}

${activating(m, m.postgres, "Connexion PostgreSQL réussie")}
`}

${when(m.redis.off)`
### ${t("To Activate Redis", "Pour Activer Redis")}

${activating(m, m.redis, "Redis connecté avec succès")}
`}
`,

    documentation: () => md`
## 📚 Documentation

- **MongoDB**${say.colon}${link("https://www.mongodb.com/docs/")}
- **PostgreSQL**${say.colon}${link("https://www.postgresql.org/docs/")}
- **Redis**${say.colon}${link("https://redis.io/docs/")}
- **Render**${say.colon}${link("https://render.com/docs/databases")}
- **Pulumi**${say.colon}${link("https://www.pulumi.com/docs/")}
`,
  };

  return {
    labels: words.labels,
    title: t("🗄️ Database Configuration - Kaïros", "🗄️ Configuration des Bases de Données - Kaïros"),
    intro: (m: Model) => md`
${t(
  "This document sums up how MongoDB, PostgreSQL and Redis are configured at present for the Kaïros application.",
  "Ce document récapitule la configuration actuelle de MongoDB, PostgreSQL et Redis pour l'application Kaïros.",
)}

${
  m.checked
    ? t(
        md`The settings are those of the stack ${code(m.stack)}. The status was checked on ${m.checked.at} (UTC), with ${say.source(m)}; only what was seen at that moment is ticked.`,
        md`Les réglages sont ceux de la stack ${code(m.stack)}. L'état a été vérifié le ${m.checked.at} (UTC), avec ${say.source(m)} ; n'est coché que ce qui a été vu à ce moment.`,
      )
    : t(
        md`The settings are those of the stack ${code(m.stack)}. **Nothing was checked**: no database was contacted, so nothing is ticked.`,
        md`Les réglages sont ceux de la stack ${code(m.stack)}. **Rien n'a été vérifié** : aucune base de données n'a été contactée, donc rien n'est coché.`,
      )
}
`,
    parts,
    /** Below everything. */
    closing: ({ date }: Model) => t(md`**Last updated**: ${date}`, md`**Dernière mise à jour** : ${date}`),
  };
}
