/** What several parts of the recap say, and what depends on what was seen, in each language. */
import { type Both, type Language, textIn } from "../status/advice/language.ts";
import { type Content, md } from "./markdown.ts";

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
