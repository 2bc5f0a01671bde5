/** What a mistake in a variable is, behind its name. */
import { list } from "../../terminal/amounts.ts";
import type { Both } from "./language.ts";

/** @param beside the other variables that it has to do with */
export const mistakes = {
  missing: (beside) =>
    beside.length === 0
      ? ["is missing; the backend does not start without it", "manque ; le backend ne démarre pas sans elle"]
      : [
          `is missing, though ${list(beside)} ${beside.length === 1 ? "is" : "are"} set`,
          `manque, alors que ${list(beside)} ${beside.length === 1 ? "est définie" : "sont définies"}`,
        ],
  "not-a-number": () => ["is not a whole number", "n'est pas un nombre entier"],
  "not-a-url": () => ["is not a URL of its kind", "n'est pas une URL du type attendu"],
  "not-encoded": () => [
    "has a user or a password that is not percent-encoded",
    "a un utilisateur ou un mot de passe dont les caractères spéciaux ne sont pas encodés",
  ],
  "not-a-host": () => [
    "is not the bare name or address of a host",
    "n'est pas le nom ou l'adresse d'un hôte, sans rien d'autre",
  ],
  "out-of-range": () => ["is out of its range", "est hors limites"],
  "above-maximum": (beside) => [`is larger than ${list(beside)}`, `dépasse ${list(beside)}`],
} as const satisfies Record<string, (beside: readonly string[]) => Both>;

export type MistakeKind = keyof typeof mistakes;
