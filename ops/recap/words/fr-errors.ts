/** Errors and their fix, in French. What a check found is said by the status' own words. */
import { code, codes, type Inline, say, strong } from "../model.ts";

export const errors = {
  title: "Correction des Erreurs",
  duplicateKey: 'Erreur PostgreSQL : "duplicate key value violates unique constraint"',
  found: (database: string, what: string) => `${database} : ${what}`,
  problem: "Problème",
  solution: "Solution",
  statement: "Statut",
  causes: "Causes probables, dans l'ordre",
  evidence: "Indice",
  conflict: (names: readonly string[]): Inline =>
    say`Conflit avec un type PostgreSQL existant, resté d'une création de table interrompue et nommé comme une table du backend (${codes(names)}). Pour chaque table, PostgreSQL crée un type du même nom ; deux processus qui créent la même table en même temps se heurtent à la même contrainte.`,
  checkFirst: say`Le backend crée ses tables avec ${code("checkfirst=True")} : une table présente est laissée telle quelle, mais un type resté seul n'est pas vu`,
  drop: [
    "Supprimer ce type (l'instruction ne touche à aucune table), puis redémarrer le backend, un seul processus d'abord :",
  ] as Inline,
  look: ["Chercher si un tel type est resté :"] as Inline,
  dropOne: say`Le supprimer : ${code('DROP TYPE "schema"."nom";')} (PostgreSQL le refuse tant qu'une table l'utilise), puis redémarrer le backend`,
  standing: {
    good: say`${strong("Non constatée")} lors de la vérification`,
    warning: [strong("Possible")] as Inline,
    bad: say`${strong("Constatée")} lors de la vérification`,
    unchecked: ["Non vérifié"] as Inline,
    note: ["Sans objet : PostgreSQL n'est pas configuré"] as Inline,
  },
  toCorrect: "À corriger",
  noneFound: [
    "En dehors de l'erreur connue ci-dessous, aucune n'a été constatée lors de la vérification.",
  ] as Inline,
  notChecked: [
    "Une erreur est connue du backend. Rien n'a été vérifié : d'autres peuvent exister.",
  ] as Inline,
};
