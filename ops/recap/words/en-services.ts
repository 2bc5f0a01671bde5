/** The backend's services on Render, in English. */
import { code, say } from "../model.ts";
import type { services as french } from "./fr-services.ts";

export const services: typeof french = {
  title: "Backend Services (Render)",
  lead: {
    checked: ["What Render says of the services that get these variables:"],
    "no-key": say`The services that get these variables are not checked: ${code("RENDER_API_KEY")} is not set.`,
    "no-services": [
      "The services that get these variables are not checked: the checked environment does not say which they are.",
    ],
    unchecked: ["The services that get these variables are not checked:"],
    failed: (why) => [`Render said nothing of the services: ${why}`],
  },
  head: ["Service", "Status", "Last deploy", "Variables"],
  states: {
    well: "Live",
    warning: "To be looked at",
    failed: "Failed",
    suspended: "Suspended",
    unchecked: "Not checked",
  },
  deploy: (status, at) => say`${code(status)}, ${at}`,
  noDeploy: "none",
  current: {
    yes: "current",
    no: "not deployed yet",
    deploying: "being deployed",
    unknown: "deploy uncertain",
  },
  equal: ["equal to the contract"],
  lists: {
    differ: "different",
    missing: "missing",
    extra: "left over",
    shadowed: "shadowed by the service",
  },
};
