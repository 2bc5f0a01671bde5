/** Decides which engine a sandbox runs on, and says it in one line. */
import { type Engine, findEngine } from "../../engine/cli/find.ts";
import { installEngine, installPlugins } from "../../engine/cli/install.ts";
import {
  lackingPlugins,
  neededPlugins,
  type Plugin,
  type ProviderPackage,
  pluginName,
} from "../../engine/cli/plugins.ts";
import { UserError } from "../../engine/errors.ts";
import { root } from "../bundle.mjs";
import type { Wish } from "./folder.ts";

/** The engine, or why there is only a rehearsal. */
export type Choice = { engine: Engine } | { engine: undefined; why: string; how: string };

export interface EngineOptions {
  /** False: the rehearsal, whatever is installed. */
  engine: boolean;
  /** Download what is missing. */
  download: boolean;
  /** The Redis of the settings. */
  redis: string;
  /** What brought the kept sandbox up before: nothing else knows what there is. */
  before?: Wish["engine"] | undefined;
}

/** @throws UserError when what a kept sandbox was brought up with cannot go on with it */
export async function chooseEngine(options: EngineOptions): Promise<Choice> {
  const { before, download } = options;
  if (before === "rehearsal" && download)
    throw new UserError(
      "--download: a rehearsal brought this sandbox up, and only another one can go on with it; npx kairos sandbox reset removes it, another --name leaves it",
    );
  if (before === "rehearsal")
    return { engine: undefined, why: "a rehearsal brought it up, and another one goes on with it", how: "" };
  const choice = await available(options);
  if (before === "pulumi" && choice.engine === undefined)
    throw new UserError(
      `sandbox: pulumi brought it up, and only pulumi can go on with it; got none (${choice.why}); another --name leaves it as it is`,
    );
  return choice;
}

async function available({ engine: wanted, download, redis }: EngineOptions): Promise<Choice> {
  if (!wanted) return { engine: undefined, why: "asked for with --rehearse", how: "" };
  const engine = (await findEngine()) ?? (download ? await installEngine() : undefined);
  if (engine === undefined)
    return {
      engine: undefined,
      why: "no pulumi on the PATH or in ~/.pulumi",
      how: "--download gets it; or by hand: https://www.pulumi.com/docs/install/",
    };
  const plugins = await neededPlugins(root, packagesFor(redis));
  const lacking = await lackingPlugins(plugins);
  if (lacking.length > 0 && download) await installPlugins(engine, lacking);
  else if (lacking.length > 0)
    return {
      engine: undefined,
      why: `pulumi ${engine.version} lacks ${lacking.map(pluginName).join(", ")}`,
      how: `--download gets them; or by hand: ${lacking.map(byHand).join(" && ")}`,
    };
  return { engine };
}

/** The providers that the stack needs with this Redis. */
function packagesFor(redis: string): ProviderPackage[] {
  const common = ["@pulumi/mongodbatlas", "@pulumi/random", "@pulumi/render"] as const;
  if (redis === "upstash") return [...common, "@upstash/pulumi"];
  if (redis === "redis-cloud") return [...common, "@pulumi/rediscloud"];
  return [...common];
}

const byHand = ({ name, version, server }: Plugin) =>
  `pulumi plugin install resource ${name} ${version}${server === undefined ? "" : ` --server ${server}`}`;
