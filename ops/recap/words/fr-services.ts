/** The backend's services on Render, in French. */
import { code, type Inline, say } from "../model.ts";

export const services = {
  title: "Services Backend (Render)",
  lead: {
    checked: ["Ce que Render dit des services qui reçoivent ces variables :"] as Inline,
    "no-key": say`Les services qui reçoivent ces variables ne sont pas vérifiés : ${code("RENDER_API_KEY")} n'est pas défini.`,
    "no-services": [
      "Les services qui reçoivent ces variables ne sont pas vérifiés : l'environnement vérifié ne dit pas lesquels.",
    ] as Inline,
    unchecked: ["Les services qui reçoivent ces variables ne sont pas vérifiés :"] as Inline,
    failed: (why: string): Inline => [`Render n'a rien dit des services : ${why}`],
  },
  head: ["Service", "Statut", "Dernier déploiement", "Variables"],
  states: {
    well: "En service",
    warning: "À vérifier",
    failed: "En échec",
    suspended: "Suspendu",
    unchecked: "Non vérifié",
  },
  deploy: (status: string, at: string): Inline => say`${code(status)}, ${at}`,
  noDeploy: "aucun",
  current: {
    yes: "actuelles",
    no: "pas encore déployées",
    deploying: "en cours de déploiement",
    unknown: "déploiement incertain",
  },
  equal: ["égales au contrat"] as Inline,
  lists: {
    differ: "différentes",
    missing: "manquantes",
    extra: "en trop",
    shadowed: "masquées par le service",
  },
};
