/** What several parts of the recap say in English, and what depends on what was seen. */
import { plural } from "../../terminal/amounts.ts";
import { code, codes, md } from "../markdown.ts";
import type { Words } from "./parts.ts";

const decimal = (value: number) => value.toFixed(1).replace(/\.0$/, "");

export const words = {
  language: "en",
  notChecked: "not checked",
  yes: "Yes",
  no: "No",
  noButOptional: "No (optional)",
  host: "[host]",
  some: plural,
  seconds: (ms) => `${decimal(ms / 1000)} second${ms === 1000 ? "" : "s"}`,
  labels: {
    contents: "Contents",
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

  sources: {
    stack: (stack) => md`the variables that the stack ${code(stack)} put out`,
    file: (file) => md`the variables in the file ${code(file)}`,
    process: "the variables of the process' environment",
  },

  states: {
    well: "Connected",
    warning: "Connected, to be corrected",
    failed: "Failed",
    off: "Not configured",
    unchecked: "Not checked",
  },
  lead: {
    checked: "According to the check",
    settings: "According to the stack's settings",
    is: (lead, name, how) => md`${lead}, ${name} is ${how}:`,
    mandatoryWell: md`**correctly configured and connected**`,
    well: md`**configured and connected**`,
    warning: md`**connected, but something should be corrected**`,
    conflict: md`**connected, but some tables cannot be created**`,
    failed: md`**configured, but the backend cannot use it**`,
    off: md`**not configured**`,
    unchecked: md`**planned**; its connection is **not checked**`,
  },
  log: {
    connected: (name) => `Connection to ${name} succeeded`,
    version: (version) => ` - version: ${version}`,
    ping: (name, ms, tries) =>
      `${name} answered a ping - ${decimal(ms)} ms (median of ${plural(tries, "try", "tries")})`,
    failed: (name, why) => `Connection to ${name} failed - ${why}`,
    unusable: (name, why) => `${name} cannot be used - ${why}`,
    notChecked: (name) => `${name} not checked`,
    off: {
      mongodb: "MongoDB not configured",
      postgres: "PostgreSQL not configured - MongoDB is enough (optional)",
      redis: "Redis not configured - no cache (optional)",
    },
  },
  notPlanned: (stack, name) => md`The stack ${code(stack)} does not plan ${name}.`,
  planned: (stack, what) => md`Planned by the stack ${code(stack)}: ${what}.`,
  notApplied: (name) => md`The stack plans ${name}, but the checked environment lacks its variables.`,
  notManaged: (name) =>
    md`The checked environment has ${name}, but the stack does not plan it: its variables come from elsewhere.`,

  variables: {
    given: (services) =>
      md`The stack gives these variables to your backend service on Render (${codes(services)}):`,
    onceActive: (name) =>
      md`Once ${name} is activated, the stack gives these variables to your backend service on Render:`,
    head: ["Variable", "Current value", "Description"],
    headOff: ["Variable", "Value", "Description"],
    shown: {
      secret: code("[secret]"),
      host: code("[host]"),
      "known-after-up": md`known after ${code("pulumi up")}`,
      unset: md`not set`,
      missing: md`❌ missing`,
      invalid: md`❌ invalid`,
      hidden: md`❌ ${code("[hidden]")} (a whole URL in the place of one of its parts)`,
    },
  },
  onlyApply: (name) => md`${name} is in the stack's settings already. What is left is to apply them:`,
  into: (file) => md`In ${file}:`,
  afterwards: "Then:",
  present: "there",
  missing: "missing",
  policy: "policy",

  services: {
    checked: "What Render says of the services that get these variables:",
    notChecked: "The services that get these variables are not checked:",
    failed: (why) => `Render said nothing of the services: ${why}`,
    states: {
      well: "Live",
      warning: "To be looked at",
      failed: "Failed",
      off: "Suspended",
      unchecked: "Not checked",
    },
    equal: "equal to the contract",
  },

  errors: {
    standing: {
      "✅": md`**Not found** by the check`,
      "⚠️": md`To be corrected`,
      "❌": md`**Found** by the check`,
      "❔": md`Not checked`,
      ℹ️: md`Does not apply: PostgreSQL is not configured`,
    },
    problem: "Problem",
    evidence: "seen",
    causes: "Likely causes, in order",
    solution: "Solution",
    statement: "Status",
  },

  configuration: {
    complete: "✅ Complete",
    incomplete: "❌ Incomplete",
    planned: "❔ Planned, not checked",
    optional: "ℹ️ Optional",
  },
  next: {
    mandatoryWell: "Configured and working",
    well: "Connected and working",
    warning: "Connected; to be corrected (see Fixing Errors)",
    failed: "Failed; to be repaired first (see Fixing Errors)",
    unchecked: (command) => md`Not checked; check with ${command}`,
    apply: (command) => md`Planned by the stack, absent from the environment; apply with ${command}`,
    services: {
      "✅": "Up to date and live",
      "⚠️": "To be looked at (see Backend Services)",
      "❌": "Failed (see Backend Services)",
      "❔": "Not checked",
      ℹ️: "Not checked",
    },
  },
} satisfies Words;
