/** The recap in English. */
import { code, codes, say, strong } from "../model.ts";
import { databases } from "./en-databases.ts";
import { errors } from "./en-errors.ts";
import { services } from "./en-services.ts";
import type { fr } from "./fr.ts";

export const en: typeof fr = {
  language: "en",
  labelled: (label, value) => say`${strong(label)}: ${value}`,
  yes: "Yes",
  no: "No",
  notChecked: "not checked",
  states: {
    well: "Connected",
    warning: "Connected, to be corrected",
    failed: "Failed",
    off: "Not configured",
    unchecked: "Not checked",
  },
  shown: {
    secret: [code("[secret]")],
    host: [code("[host]")],
    "known-after-up": say`known after ${code("pulumi up")}`,
    unset: ["not set"],
    missing: ["missing"],
    invalid: ["invalid"],
    hidden: say`${code("[hidden]")} (a whole URL in the place of one of its parts)`,
  },
  host: "[host]",
  labels: {
    contents: "Contents",
    colon: ": ",
    ticked: "seen",
    unticked: "not seen",
    marks: {
      good: "well",
      warning: "to be corrected",
      bad: "failed",
      note: "information",
      unchecked: "not checked",
    },
  },

  title: "Database Configuration - Kaïros",
  intro:
    "This document sums up how MongoDB, PostgreSQL and Redis are configured at present for the Kaïros application.",
  unchecked: (stack) =>
    say`The settings are those of the stack ${code(stack)}. ${strong("Nothing was checked")}: no database was contacted, so nothing is ticked.`,
  checked: (stack, at, source) =>
    say`The settings are those of the stack ${code(stack)}. The status was checked on ${at} (UTC), with ${source}; only what was seen at that moment is ticked.`,
  sources: {
    stack: (stack) => say`the variables that the stack ${code(stack)} put out`,
    file: (file) => say`the variables in the file ${code(file)}`,
    process: ["the variables of the process' environment"],
  },
  updated: (date) => say`${strong("Last updated")}: ${date}`,

  overview: {
    title: "Overview",
    uses: (active, all) =>
      active === all
        ? say`The Kaïros application uses ${strong(`${all} databases`)}:`
        : say`The Kaïros application uses ${strong(`${active} of ${all} databases`)}:`,
    roles: {
      mongodb: "Main database (mandatory) - Stores modules, users, progress and so on",
      postgres: "Relational database (optional) - For structured data",
      redis: "Cache and rate limiting (optional) - For better performance",
    },
  },
  databases,
  services,
  errors,

  checklist: {
    title: "Configuration Checklist",
    set: (variable, optional) => say`${code(variable)} set${optional ? " (optional)" : ""}`,
    notChecked: (item) => say`${item} - not checked`,
    connected: "Connection succeeded",
    databaseExists: (name) => say`Database ${code(name)} exists`,
    indexes: "Indexes created",
    collections: "Collections created",
    rights: "Reads and writes, and nothing beyond its database",
    tables: "Tables created",
    noConflict: "No type conflict",
    notSuperuser: "Role is no superuser",
    redisCreated: "Redis service created (optional)",
    redisTested: "Connection tested (optional)",
    redisCommands: say`${codes(["SET", "GET", "EXPIRE", "DEL"])} tried on a throw-away key (optional)`,
    tls: "Connection encrypted, certificate trusted",
    tlsOptional: "Connection encrypted, certificate trusted (not needed on the private network)",
    variablesEqual: (service) => say`Variables of ${code(service)} equal to the contract`,
    deployed: (service) => say`${code(service)} live with the current variables`,
  },

  summary: {
    title: "Summary of Configurations",
    head: ["Database", "Status", "Mandatory", "Configuration"],
    complete: "Complete",
    incomplete: "Incomplete",
    planned: "Planned, not checked",
    optional: "Optional",
  },

  steps: {
    title: "Recommended Next Steps",
    well: (mandatory) => (mandatory ? "Configured and working" : "Connected and working"),
    warning: "Connected; to be corrected (see Fixing Errors)",
    failed: "Failed; to be repaired first (see Fixing Errors)",
    unchecked: (command) => say`Not checked; check with ${code(command)}`,
    off: {
      mongodb: "Mandatory, to be configured",
      postgres: "Optional; worth activating for complex relations and transactions",
      redis: "Recommended for better performance",
    },
    apply: (command) => say`Planned by the stack, absent from the environment; apply with ${code(command)}`,
    placeholders: (file, names) =>
      say`${strong("Settings")}: replace ${codes(names)} in ${code(file)}; ${code("npm run plan")} says where to find each value`,
    services: {
      well: "Up to date and live",
      warning: "To be looked at (see Backend Services)",
      failed: "Failed (see Backend Services)",
      unchecked: "Not checked",
    },
    activate: (name) => `To Activate ${name}`,
    choose: (file) => say`Choose one of the options above and put its settings into ${code(file)}`,
    runUp: (command) =>
      say`Run ${code(command)}: the stack creates the database, gives its variables to the backend and redeploys it`,
    verify: (command) => say`Check with ${code(command)}, then write this document again`,
    log: {
      postgres: say`See the backend's logs: ${code("Connexion PostgreSQL réussie")}`,
      redis: say`See the backend's logs: ${code("Redis connecté avec succès")}`,
    },
  },

  documentation: "Documentation",
};
