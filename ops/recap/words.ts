/** What several parts of the recap say, and what depends on what was seen, in each language. */
import { type Both, type Language, textIn } from "../status/advice/language.ts";
import { type Content, code, codes, md } from "./markdown.ts";

/** Text, or Markdown where it is marked as such, in the language of a document. */
export type Chosen = <T extends Content>(en: T, fr: T) => T;

export const chosenIn =
  (language: Language): Chosen =>
  (en, fr) =>
    textIn([en, fr] as Both<typeof en>, language);

export type Words = ReturnType<typeof wordsIn>;

export const wordsIn = (language: Language) => {
  const t = chosenIn(language) as (en: string, fr: string) => string;
  const m = chosenIn(language);
  const fixing = t("see Fixing Errors", "voir Correction des Erreurs");
  const services = t("see Backend Services", "voir Services Backend");
  return {
    language,
    notChecked: t("not checked", "non vérifié"),
    yes: t("Yes", "Oui"),
    no: t("No", "Non"),
    noButOptional: t("No (optional)", "Non (optionnel)"),
    /** Stands for a host name. */
    host: t("[host]", "[hôte]"),
    labels: {
      contents: t("Contents", "Sommaire"),
      ticked: t("seen", "vu"),
      unticked: t("not seen", "pas vu"),
      marks: {
        good: t("well", "en bon état"),
        warning: t("to be corrected", "à corriger"),
        bad: t("failed", "en échec"),
        note: "information",
        unchecked: t("not checked", "non vérifié"),
      },
    },

    sources: {
      stack: (stack: string) =>
        m(
          md`the variables that the stack ${code(stack)} put out`,
          md`les variables que la stack ${code(stack)} a produites`,
        ),
      file: (file: string) =>
        m(md`the variables in the file ${code(file)}`, md`les variables du fichier ${code(file)}`),
      process: t(
        "the variables of the process' environment",
        "les variables de l'environnement du processus",
      ),
    },

    /** How a database stands, in a few words. */
    states: {
      well: t("Connected", "Connecté"),
      warning: t("Connected, to be corrected", "Connecté, à corriger"),
      failed: t("Failed", "En échec"),
      off: t("Not configured", "Non configuré"),
      unchecked: t("Not checked", "Non vérifié"),
    },
    /** Before the lines of the checks. */
    lead: {
      checked: t("According to the check", "D'après la vérification"),
      settings: t("According to the stack's settings", "D'après les réglages de la stack"),
      is: (lead: string, name: string, how: Content) =>
        m(md`${lead}, ${name} is ${how}:`, md`${lead}, ${name} est ${how} :`),
      mandatoryWell: m(
        md`**correctly configured and connected**`,
        md`**correctement configuré et connecté**`,
      ),
      well: m(md`**configured and connected**`, md`**configuré et connecté**`),
      warning: m(
        md`**connected, but something should be corrected**`,
        md`**connecté, mais un point est à corriger**`,
      ),
      conflict: m(
        md`**connected, but some tables cannot be created**`,
        md`**connecté mais des tables ne peuvent pas être créées**`,
      ),
      failed: m(
        md`**configured, but the backend cannot use it**`,
        md`**configuré mais inutilisable par le backend**`,
      ),
      off: m(md`**not configured**`, md`**non configuré**`),
      unchecked: m(
        md`**planned**; its connection is **not checked**`,
        md`**prévu** ; sa connexion n'est **pas vérifiée**`,
      ),
    },
    log: {
      connected: (name: string) => t(`Connection to ${name} succeeded`, `Connexion ${name} réussie`),
      version: (version: string) => t(` - version: ${version}`, ` - Version: ${version}`),
      ping: (name: string, ms: string, tries: string) =>
        t(
          `${name} answered a ping - ${ms} ms (median of ${tries})`,
          `${name} ping réussi - ${ms} ms (médiane de ${tries})`,
        ),
      failed: (name: string, why: string) =>
        t(`Connection to ${name} failed - ${why}`, `Connexion ${name} échouée - ${why}`),
      unusable: (name: string, why: string) =>
        t(`${name} cannot be used - ${why}`, `${name} inutilisable - ${why}`),
      notChecked: (name: string) => t(`${name} not checked`, `${name} non vérifié`),
      off: {
        mongodb: t("MongoDB not configured", "MongoDB non configuré"),
        postgres: t(
          "PostgreSQL not configured - MongoDB is enough (optional)",
          "PostgreSQL non configuré - MongoDB suffit (optionnel)",
        ),
        redis: t(
          "Redis not configured - no cache (optional)",
          "Redis non configuré - Cache désactivé (optionnel)",
        ),
      },
    },
    notPlanned: (stack: string, name: string) =>
      m(
        md`The stack ${code(stack)} does not plan ${name}.`,
        md`La stack ${code(stack)} ne prévoit pas ${name}.`,
      ),
    planned: (stack: string, what: Content) =>
      m(md`Planned by the stack ${code(stack)}: ${what}.`, md`Prévu par la stack ${code(stack)} : ${what}.`),
    /** The settings say one thing, the environment another. */
    notApplied: (name: string) =>
      t(
        `The stack plans ${name}, but the checked environment lacks its variables.`,
        `La stack prévoit ${name}, mais l'environnement vérifié n'en a pas les variables.`,
      ),
    notManaged: (name: string) =>
      t(
        `The checked environment has ${name}, but the stack does not plan it: its variables come from elsewhere.`,
        `L'environnement vérifié a ${name}, mais la stack ne le prévoit pas : ses variables viennent d'ailleurs.`,
      ),

    variables: {
      given: (services: readonly string[]) =>
        m(
          md`The stack gives these variables to your backend service on Render (${codes(services)}):`,
          md`La stack donne ces variables à votre service backend Render (${codes(services)}) :`,
        ),
      onceActive: (name: string) =>
        t(
          `Once ${name} is activated, the stack gives these variables to your backend service on Render:`,
          `Une fois ${name} activé, la stack donne ces variables à votre service backend Render :`,
        ),
      head: ["Variable", t("Current value", "Valeur Actuelle"), "Description"],
      headOff: ["Variable", t("Value", "Valeur"), "Description"],
      shown: {
        secret: code("[secret]"),
        host: code(t("[host]", "[hôte]")),
        "known-after-up": m(md`known after ${code("pulumi up")}`, md`connu après ${code("pulumi up")}`),
        unset: t("not set", "non défini"),
        missing: t("❌ missing", "❌ manquante"),
        invalid: t("❌ invalid", "❌ invalide"),
        hidden: m(
          md`❌ ${code("[hidden]")} (a whole URL in the place of one of its parts)`,
          md`❌ ${code("[masqué]")} (une URL entière à la place d'une de ses parties)`,
        ),
      },
    },
    /** It is in the settings already. */
    onlyApply: (name: string) =>
      t(
        `${name} is in the stack's settings already. What is left is to apply them:`,
        `${name} est déjà dans les réglages de la stack. Il reste à les appliquer :`,
      ),
    into: (file: Content) => m(md`In ${file}:`, md`Dans ${file} :`),
    afterwards: t("Then:", "Puis :"),
    present: t("there", "présente"),
    missing: t("missing", "manquante"),
    policy: t("policy", "politique"),

    services: {
      checked: t(
        "What Render says of the services that get these variables:",
        "Ce que Render dit des services qui reçoivent ces variables :",
      ),
      notChecked: t(
        "The services that get these variables are not checked:",
        "Les services qui reçoivent ces variables ne sont pas vérifiés :",
      ),
      failed: (why: string) =>
        t(`Render said nothing of the services: ${why}`, `Render n'a rien dit des services : ${why}`),
      states: {
        well: t("Live", "En service"),
        warning: t("To be looked at", "À vérifier"),
        failed: t("Failed", "En échec"),
        off: t("Suspended", "Suspendu"),
        unchecked: t("Not checked", "Non vérifié"),
      },
      equal: t("equal to the contract", "égales au contrat"),
    },

    errors: {
      standing: {
        "✅": m(md`**Not found** by the check`, md`**Non constatée** lors de la vérification`),
        "⚠️": t("To be corrected", "À corriger"),
        "❌": m(md`**Found** by the check`, md`**Constatée** lors de la vérification`),
        "❔": t("Not checked", "Non vérifié"),
        ℹ️: t("Does not apply: PostgreSQL is not configured", "Sans objet : PostgreSQL n'est pas configuré"),
      },
      problem: t("Problem", "Problème"),
      evidence: t("seen", "Indice"),
      causes: t("Likely causes, in order", "Causes probables, dans l'ordre"),
      solution: "Solution",
      statement: t("Status", "Statut"),
    },

    /** Whether everything that the backend needs of a database is there. */
    configuration: {
      complete: t("✅ Complete", "✅ Complète"),
      incomplete: t("❌ Incomplete", "❌ Incomplète"),
      planned: t("❔ Planned, not checked", "❔ Prévue, non vérifiée"),
      optional: t("ℹ️ Optional", "ℹ️ Optionnelle"),
    },
    next: {
      mandatoryWell: t("Configured and working", "Déjà configuré et fonctionnel"),
      well: t("Connected and working", "Connecté et fonctionnel"),
      warning: t(`Connected; to be corrected (${fixing})`, `Connecté ; à corriger (${fixing})`),
      failed: t(`Failed; to be repaired first (${fixing})`, `En échec ; à réparer d'abord (${fixing})`),
      unchecked: (command: Content) =>
        m(md`Not checked; check with ${command}`, md`Non vérifié ; vérifier avec ${command}`),
      apply: (command: Content) =>
        m(
          md`Planned by the stack, absent from the environment; apply with ${command}`,
          md`Prévu par la stack, absent de l'environnement ; appliquer avec ${command}`,
        ),
      services: {
        "✅": t("Up to date and live", "À jour et en service"),
        "⚠️": t(`To be looked at (${services})`, `À vérifier (${services})`),
        "❌": t(`Failed (${services})`, `En échec (${services})`),
        "❔": t("Not checked", "Non vérifié"),
        ℹ️: t("Not checked", "Non vérifié"),
      },
    },
  };
};
