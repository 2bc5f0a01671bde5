/** The recap in French. It is the reference: the other languages have exactly these words. */
import type { DatabaseName } from "../../status/model.ts";
import { code, codes, type Inline, type Mark, say, strong } from "../model.ts";
import type { Shown, View } from "../view.ts";
import { databases } from "./fr-databases.ts";
import { errors } from "./fr-errors.ts";
import { services } from "./fr-services.ts";

const plural = (count: number, noun: string) => `${count} ${noun}${count > 1 ? "s" : ""}`;

/** How a database stands, in a few words. */
const states: Record<View["state"], string> = {
  well: "Connecté",
  warning: "Connecté, à corriger",
  failed: "En échec",
  off: "Non configuré",
  unchecked: "Non vérifié",
};

const shown: Record<Exclude<Shown["kind"], "value">, Inline> = {
  secret: [code("[secret]")],
  host: [code("[hôte]")],
  "known-after-up": say`connu après ${code("pulumi up")}`,
  unset: ["non défini"],
  missing: ["manquante"],
  invalid: ["invalide"],
  hidden: say`${code("[masqué]")} (une URL entière à la place d'une de ses parties)`,
};

export const fr = {
  language: "fr" as "fr" | "en",
  /** `label : value`. */
  labelled: (label: string, value: Inline): Inline => say`${strong(label)} : ${value}`,
  yes: "Oui",
  no: "Non",
  notChecked: "non vérifié",
  states,
  shown,
  /** Stands for a host name. */
  host: "[hôte]",
  labels: {
    contents: "Sommaire",
    colon: " : ",
    ticked: "vu",
    unticked: "pas vu",
    marks: {
      good: "bien",
      warning: "à corriger",
      bad: "en échec",
      note: "information",
      unchecked: "non vérifié",
    } satisfies Record<Mark, string>,
  },

  title: "Configuration des Bases de Données - Kaïros",
  intro:
    "Ce document récapitule la configuration actuelle de MongoDB, PostgreSQL et Redis pour l'application Kaïros.",
  unchecked: (stack: string): Inline =>
    say`Les réglages sont ceux de la stack ${code(stack)}. ${strong("Rien n'a été vérifié")} : aucune base de données n'a été contactée, donc rien n'est coché.`,
  checked: (stack: string, at: string, source: Inline): Inline =>
    say`Les réglages sont ceux de la stack ${code(stack)}. L'état a été vérifié le ${at} (UTC), avec ${source} ; n'est coché que ce qui a été vu à ce moment.`,
  sources: {
    stack: (stack: string): Inline => say`les variables que la stack ${code(stack)} a produites`,
    file: (file: string): Inline => say`les variables du fichier ${code(file)}`,
    process: ["les variables de l'environnement du processus"] as Inline,
  },
  updated: (date: string): Inline => say`${strong("Dernière mise à jour")} : ${date}`,

  overview: {
    title: "Vue d'ensemble",
    uses: (active: number, all: number): Inline =>
      active === all
        ? say`L'application Kaïros utilise ${strong(`${all} bases de données`)} :`
        : say`L'application Kaïros utilise ${strong(`${plural(active, "base")} de données sur ${all}`)} :`,
    /** What each database is for. */
    roles: {
      mongodb:
        "Base de données principale (obligatoire) - Stocke les modules, utilisateurs, progression, etc.",
      postgres: "Base de données relationnelle (optionnelle) - Pour les données structurées",
      redis: "Cache et rate limiting (optionnel) - Pour améliorer les performances",
    } satisfies Record<DatabaseName, string>,
  },
  databases,
  services,
  errors,

  checklist: {
    title: "Checklist de Configuration",
    set: (variable: string, optional: boolean): Inline =>
      say`${code(variable)} configuré${optional ? " (optionnel)" : ""}`,
    /** Behind an item that nobody could look at. */
    notChecked: (item: Inline): Inline => say`${item} - non vérifié`,
    connected: "Connexion réussie",
    databaseExists: (name: string): Inline => say`Base ${code(name)} présente`,
    indexes: "Index créés",
    collections: "Collections créées",
    rights: "Lecture et écriture, et rien au-delà de sa base",
    tables: "Tables créées",
    noConflict: "Aucun conflit de type",
    notSuperuser: "Rôle sans droits de superutilisateur",
    redisCreated: "Service Redis créé (optionnel)",
    redisTested: "Connexion testée (optionnel)",
    redisCommands: say`${codes(["SET", "GET", "EXPIRE", "DEL"])} testés sur une clé jetable (optionnel)`,
    tls: "Connexion chiffrée, certificat reconnu",
    tlsOptional: "Connexion chiffrée, certificat reconnu (facultatif sur le réseau privé)",
    variablesEqual: (service: string): Inline => say`Variables de ${code(service)} égales au contrat`,
    deployed: (service: string): Inline => say`${code(service)} en service avec les variables actuelles`,
  },

  summary: {
    title: "Résumé des Configurations",
    head: ["Base de Données", "Statut", "Obligatoire", "Configuration"],
    complete: "Complète",
    incomplete: "Incomplète",
    planned: "Prévue, non vérifiée",
    optional: "Optionnelle",
  },

  steps: {
    title: "Prochaines Étapes Recommandées",
    well: (mandatory: boolean): string =>
      mandatory ? "Déjà configuré et fonctionnel" : "Connecté et fonctionnel",
    warning: "Connecté ; à corriger (voir Correction des Erreurs)",
    failed: "En échec ; à réparer d'abord (voir Correction des Erreurs)",
    unchecked: (command: string): Inline => say`Non vérifié ; vérifier avec ${code(command)}`,
    off: {
      mongodb: "Obligatoire, à configurer",
      postgres: "Optionnel ; à activer pour les relations complexes et les transactions",
      redis: "Recommandé d'activer pour améliorer les performances",
    } satisfies Record<DatabaseName, string>,
    apply: (command: string): Inline =>
      say`Prévu par la stack, absent de l'environnement ; appliquer avec ${code(command)}`,
    placeholders: (file: string, names: readonly string[]): Inline =>
      say`${strong("Réglages")} : remplacer ${codes(names)} dans ${code(file)} ; ${code("npm run plan")} dit où trouver chaque valeur`,
    services: {
      well: "À jour et en service",
      warning: "À vérifier (voir Services Backend)",
      failed: "En échec (voir Services Backend)",
      unchecked: "Non vérifié",
    },
    activate: (name: string) => `Pour Activer ${name}`,
    choose: (file: string): Inline =>
      say`Choisissez une des options ci-dessus et mettez ses réglages dans ${code(file)}`,
    runUp: (command: string): Inline =>
      say`Lancez ${code(command)} : la stack crée la base, donne ses variables au backend et le redéploie`,
    verify: (command: string): Inline =>
      say`Vérifiez avec ${code(command)}, puis écrivez ce document à nouveau`,
    log: {
      postgres: say`Vérifiez les logs du backend : ${code("Connexion PostgreSQL réussie")}`,
      redis: say`Vérifiez les logs du backend : ${code("Redis connecté avec succès")}`,
    },
  },

  documentation: "Documentation",
};
