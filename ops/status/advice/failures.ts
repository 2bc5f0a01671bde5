/** Classes of failure, each in a sentence. */
import type { Both } from "./language.ts";

export const failures = {
  "missing-variables": ["variables are missing", "des variables manquent"],
  "invalid-variables": [
    "a variable has a value that cannot be used",
    "une variable a une valeur inutilisable",
  ],
  "host-not-found": ["the host name was not found", "le nom d'hôte est introuvable"],
  "connection-refused": ["the connection was refused", "la connexion est refusée"],
  unreachable: ["the network has no way there", "aucune route ne mène à cette adresse"],
  "connection-closed": ["the server closed the connection", "le serveur a fermé la connexion"],
  "address-refused": [
    "the vendor lets nobody in from this address",
    "le fournisseur refuse les connexions depuis cette adresse",
  ],
  timeout: ["no answer in time", "pas de réponse dans le délai"],
  "login-refused": ["user or password were refused", "l'utilisateur ou le mot de passe est refusé"],
  "not-allowed": [
    "the user may not do what the backend does",
    "l'utilisateur n'a pas les droits dont le backend a besoin",
  ],
  "no-such-database": ["there is no such database", "cette base n'existe pas"],
  "certificate-expired": [
    "the certificate is not valid at this time",
    "le certificat n'est pas valable à cette date",
  ],
  "certificate-untrusted": ["the certificate is not trusted", "le certificat n'est pas reconnu"],
  "certificate-wrong-host": [
    "the certificate is for another host name",
    "le certificat est celui d'un autre hôte",
  ],
  "tls-failed": ["TLS failed", "la négociation TLS a échoué"],
  "tls-mismatch": ["only one side speaks TLS", "un seul des deux côtés parle TLS"],
  "no-primary": ["no server takes writes", "aucun serveur n'accepte d'écriture"],
  "read-only": ["the server takes no writes", "le serveur n'accepte pas d'écriture"],
  "too-many-connections": ["the server takes no more connections", "le serveur n'accepte plus de connexion"],
  starting: ["the server is still starting", "le serveur démarre encore"],
  "out-of-memory": ["the server's memory is full", "la mémoire du serveur est pleine"],
  "storage-full": ["the plan's storage is full", "le stockage de l'offre est plein"],
  "cannot-persist": ["the server cannot write to its disk", "le serveur ne peut pas écrire sur son disque"],
  "quota-used-up": ["the allowance of requests is used up", "le quota de requêtes est épuisé"],
  "no-such-service": ["Render knows no such service", "Render ne connaît pas ce service"],
  "not-supported": ["the server does not understand the backend", "le serveur ne comprend pas le backend"],
  "driver-missing": ["the backend has no driver for it", "le backend n'a pas de pilote pour cette base"],
  interrupted: ["interrupted", "interrompu"],
  unexpected: ["an error of unknown meaning", "une erreur dont le sens est inconnu"],
} as const satisfies Record<string, Both>;

/** Why a look failed, in one word. */
export type FailureKind = keyof typeof failures;
