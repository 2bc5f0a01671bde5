import { z } from "zod";
import * as kind from "../kinds.ts";
import { facts } from "../vendors.ts";
import { providerFields } from "./common.ts";

/** Plain and secret variables beyond the contract, by name. */
const extraVariables = z.record(
  kind.variableName(),
  z.string({ error: "a text (numbers and true/false in quotes)" }),
);
const extraSecrets = z.record(kind.variableName(), kind.secretText());

/** How a repository is built when nobody says it; a Dockerfile says it itself. */
export const builds = { python: "pip install -r requirements.txt", node: "npm ci" } as const;

/** Built from a repository by one of Render's runtimes or a Dockerfile; or a ready image. */
const source = kind.either(
  "repository",
  kind.group({
    repository: kind.ownersId(
      /^https:\/\/[^\s/]+\/[^\s/]+\/[^\s]+$/,
      "the https URL of a Git repository",
      "the page of the backend's repository",
      (n) => `https://git.invalid/kairos/backend-${n}`,
    ),
    branch: kind.filled("the name of a branch").default("main"),
    runtime: kind.oneOf(["python", "node", "docker"]).default("python"),
    /** Left out: `pip install -r requirements.txt`, or `npm ci`; nothing with docker. */
    build: z.string({ error: "a build command" }).optional(),
    /** Path of the Dockerfile; docker only. */
    dockerfile: kind.filled("a path").optional(),
    /** Folder of the backend in the repository. */
    root: z.string({ error: "a folder" }).optional(),
  }),
  kind.group({
    image: z
      .string({ error: "an image's name without tag" })
      .regex(
        /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9._-]+)+$/,
        "an image's name without scheme, port and tag, such as ghcr.io/kairos/backend",
      ),
    tag: z
      .string({ error: "a tag" })
      .regex(/^[\w][\w.-]{0,127}$/, "a tag such as 2026.11")
      .optional(),
    digest: z
      .string({ error: "a digest" })
      .regex(/^sha256:[0-9a-f]{64}$/, "a digest such as sha256:<64 hexadecimal digits>")
      .optional(),
    /** Id of the registry credential in Render, for a private image. */
    registryCredential: z
      .string({ error: "an id rgc-…" })
      .regex(/^rgc-[a-z0-9]+$/, "an id rgc-…")
      .optional(),
  }),
  "{ repository, branch, build } or { image, tag }",
);

/** One service of the backend: an existing one, or one that this stack creates. All get the environment. */
export const service = kind.either(
  "link",
  kind.group({
    name: kind.renderName(),
    /** The id of a service that exists. It keeps its own variables and settings; an env group is linked to it. */
    link: kind.ownersId(
      /^(srv|crn)-[a-z0-9]{20}$/,
      "the id of a Render service (srv-… or crn-…, 20 letters and digits)",
      "Render dashboard: the service's page, the last part of its address",
      (n) => `srv-${String(n).padStart(20, "0")}`,
    ),
    /** True until the service is to get the stack's variables: no env group, no link, no deploy. */
    untouched: kind.flag().default(false),
    variables: extraVariables.default({}),
    secrets: extraSecrets.default({}),
  }),
  kind.group({
    /** Another name is another service: the old one is deleted. */
    name: kind.renderName(),
    type: kind.oneOf(["web", "worker", "private", "cron"]),
    plan: kind.offered(facts.render.tables.servicePlans),
    source,
    /** Start command; required for a repository, optional for docker and an image. */
    start: kind.filled("a command").optional(),
    /** Brings the schema up to date: run before each deploy takes over, which it fails where it fails; not for cron. */
    migration: kind.filled("a command").optional(),
    /**
     * Fills the databases of a short-lived stack, after each migration: as often as it is deployed. Other stacks keep it
     * for those that are made from them; production has none.
     */
    seed: kind.filled("a command").optional(),
    /** Path that answers 2xx when the service is well; web only. */
    healthCheck: z
      .string({ error: "a path" })
      .regex(/^\/\S*$/, "a path that starts with /")
      .optional(),
    /** Cron expression of five fields, UTC; cron only. */
    schedule: kind.cronExpression().optional(),
    /** How many run side by side; not for cron. */
    instances: kind.count(1, 100, "instances").optional(),
    /**
     * Who chooses the image or commit that runs. `stack`: the source above, and Render deploys each commit of
     * the branch. `elsewhere`: a pipeline deploys; the stack changes variables but redeploys what is live.
     */
    deployedBy: kind.oneOf(["stack", "elsewhere"]).default("stack"),
    variables: extraVariables.default({}),
    secrets: extraSecrets.default({}),
    /** Fields of the service that no setting has, as the provider calls them. */
    with: providerFields(),
  }),
  "{ name, link } of an existing service, or { name, type, plan, source } of a new one",
);
