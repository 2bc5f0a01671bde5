/** What several parts of the recap say in French, and what depends on what was seen. */
import { decimalFr, pluralFr as plural } from "../../terminal/amounts.ts";
import { type Content, code, codes, md } from "../markdown.ts";

const decimal = (value: number) => decimalFr(value.toFixed(1).replace(/\.0$/, ""));

export const words = {
  language: "fr" as "fr" | "en",
  notChecked: "non vérifié",
  yes: "Oui",
  no: "Non",
  noButOptional: "Non (optionnel)",
  /** Stands for a host name. */
  host: "[hôte]",
  some: plural,
  seconds: (ms: number) => `${decimal(ms / 1000)} seconde${ms >= 2000 ? "s" : ""}`,
  labels: {
    contents: "Sommaire",
    ticked: "vu",
    unticked: "pas vu",
    marks: {
      good: "bien",
      warning: "à corriger",
      bad: "en échec",
      note: "information",
      unchecked: "non vérifié",
    },
  },

  sources: {
    stack: (stack: string) => md`les variables que la stack ${code(stack)} a produites`,
    file: (file: string) => md`les variables du fichier ${code(file)}`,
    process: "les variables de l'environnement du processus" as Content,
  },

  /** How a database stands, in a few words. */
  states: {
    well: "Connecté",
    warning: "Connecté, à corriger",
    failed: "En échec",
    off: "Non configuré",
    unchecked: "Non vérifié",
  },
  /** Before the lines of the checks. */
  lead: {
    checked: "D'après la vérification",
    settings: "D'après les réglages de la stack",
    is: (lead: string, name: string, how: Content) => md`${lead}, ${name} est ${how} :`,
    mandatoryWell: md`**correctement configuré et connecté**`,
    well: md`**configuré et connecté**`,
    warning: md`**connecté, mais un point est à corriger**`,
    conflict: md`**connecté mais des tables ne peuvent pas être créées**`,
    failed: md`**configuré mais inutilisable par le backend**`,
    off: md`**non configuré**`,
    unchecked: md`**prévu** ; sa connexion n'est **pas vérifiée**`,
  },
  log: {
    connected: (name: string) => `Connexion ${name} réussie`,
    version: (version: string) => ` - Version: ${version}`,
    ping: (name: string, ms: number, tries: number) =>
      `${name} ping réussi - ${decimal(ms)} ms (médiane de ${plural(tries, "essai")})`,
    failed: (name: string, why: string) => `Connexion ${name} échouée - ${why}`,
    unusable: (name: string, why: string) => `${name} inutilisable - ${why}`,
    notChecked: (name: string) => `${name} non vérifié`,
    off: {
      mongodb: "MongoDB non configuré",
      postgres: "PostgreSQL non configuré - MongoDB suffit (optionnel)",
      redis: "Redis non configuré - Cache désactivé (optionnel)",
    },
  },
  notPlanned: (stack: string, name: string) => md`La stack ${code(stack)} ne prévoit pas ${name}.`,
  planned: (stack: string, what: Content) => md`Prévu par la stack ${code(stack)} : ${what}.`,
  /** The settings say one thing, the environment another. */
  notApplied: (name: string) =>
    md`La stack prévoit ${name}, mais l'environnement vérifié n'en a pas les variables.`,
  notManaged: (name: string) =>
    md`L'environnement vérifié a ${name}, mais la stack ne le prévoit pas : ses variables viennent d'ailleurs.`,

  variables: {
    given: (services: readonly string[]) =>
      md`La stack donne ces variables à votre service backend Render (${codes(services)}) :`,
    onceActive: (name: string) =>
      md`Une fois ${name} activé, la stack donne ces variables à votre service backend Render :`,
    head: ["Variable", "Valeur Actuelle", "Description"],
    headOff: ["Variable", "Valeur", "Description"],
    shown: {
      secret: code("[secret]"),
      host: code("[hôte]"),
      "known-after-up": md`connu après ${code("pulumi up")}`,
      unset: md`non défini`,
      missing: md`❌ manquante`,
      invalid: md`❌ invalide`,
      hidden: md`❌ ${code("[masqué]")} (une URL entière à la place d'une de ses parties)`,
    },
  },
  /** It is in the settings already. */
  onlyApply: (name: string) => md`${name} est déjà dans les réglages de la stack. Il reste à les appliquer :`,
  into: (file: Content) => md`Dans ${file} :`,
  afterwards: "Puis :",
  present: "présente",
  missing: "manquante",
  policy: "politique",

  services: {
    checked: "Ce que Render dit des services qui reçoivent ces variables :",
    notChecked: "Les services qui reçoivent ces variables ne sont pas vérifiés :",
    failed: (why: string) => `Render n'a rien dit des services : ${why}`,
    states: {
      well: "En service",
      warning: "À vérifier",
      failed: "En échec",
      off: "Suspendu",
      unchecked: "Non vérifié",
    },
    equal: "égales au contrat",
  },

  errors: {
    standing: {
      "✅": md`**Non constatée** lors de la vérification`,
      "⚠️": md`À corriger`,
      "❌": md`**Constatée** lors de la vérification`,
      "❔": md`Non vérifié`,
      ℹ️: md`Sans objet : PostgreSQL n'est pas configuré`,
    },
    problem: "Problème",
    evidence: "Indice",
    causes: "Causes probables, dans l'ordre",
    solution: "Solution",
    statement: "Statut",
  },

  /** Whether everything that the backend needs of a database is there. */
  configuration: {
    complete: "✅ Complète",
    incomplete: "❌ Incomplète",
    planned: "❔ Prévue, non vérifiée",
    optional: "ℹ️ Optionnelle",
  },
  next: {
    mandatoryWell: "Déjà configuré et fonctionnel",
    well: "Connecté et fonctionnel",
    warning: "Connecté ; à corriger (voir Correction des Erreurs)",
    failed: "En échec ; à réparer d'abord (voir Correction des Erreurs)",
    unchecked: (command: Content) => md`Non vérifié ; vérifier avec ${command}`,
    apply: (command: Content) =>
      md`Prévu par la stack, absent de l'environnement ; appliquer avec ${command}`,
    services: {
      "✅": "À jour et en service",
      "⚠️": "À vérifier (voir Services Backend)",
      "❌": "En échec (voir Services Backend)",
      "❔": "Non vérifié",
      ℹ️: "Non vérifié",
    },
  },
};
