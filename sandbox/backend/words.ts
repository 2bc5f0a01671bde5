/** What the backend writes to its log, in its own words. */
import { inFrench, type Reason } from "./reasons.ts";

export type Log = (line: string) => void;

export const words = {
  mongodbConnected: "✅ Connexion MongoDB réussie",
  mongodbPing: "✅ MongoDB ping réussi",
  mongodbIndexes: "✅ Index MongoDB créés",
  mongodbIndexesFailed: "⚠️  Erreur lors de la création des index MongoDB",
  postgresConnected: (version: string) => `✅ Connexion PostgreSQL réussie - Version: PostgreSQL ${version}`,
  postgresUnset: "ℹ️  PostgreSQL non configuré - Base relationnelle désactivée (optionnel)",
  tablesCreated: (names: readonly string[]) => `✅ Tables PostgreSQL créées : ${names.join(", ")}`,
  tablesThere: "✅ Tables PostgreSQL déjà présentes",
  tablesConflict: "⚠️  Erreur lors de la création des tables (conflit de type)",
  tablesFailed: "⚠️  Erreur lors de la création des tables",
  redisConnected: "✅ Redis connecté avec succès",
  redisUnset: "ℹ️  Redis non configuré - Cache désactivé (optionnel)",
  failed: (label: string, reason: Reason, variables: readonly string[]) =>
    `❌ Connexion ${label} échouée : ${inFrench(reason)} (${variables.join(", ")})`,
  portTaken: (port: number) => `❌ Port ${port} déjà utilisé (EADDRINUSE)`,
  crashed: (kind: string) => `❌ Erreur inattendue, Kaïros s'arrête (${kind})`,
  ready: "✅ Kaïros prêt",
  stopped: "ℹ️  Kaïros arrêté",
};
