/** What is chosen, and from what. */
import type { Selected } from "./choose.ts";
import type { Section } from "./describe/types.ts";
import type {
  AccessEntry,
  AtlasCluster,
  AtlasProject,
  AtlasUser,
  Redis,
  RenderPostgres,
  RenderService,
  ServiceVariables,
} from "./model.ts";
import type { MongodbUrl } from "./urls.ts";

/** What the command line says. */
export interface Flags {
  mongodbProject?: string;
  cluster?: string;
  user?: string;
  accessList?: string[];
  postgres?: string;
  service?: string[];
  redis?: string;
  passwordStdin?: true;
}

/** The sections of the stack file, decrypted. */
export interface Sections {
  mongodb: Section;
  postgres: Section;
  redis: Section;
  /** What an adoption before this one has chosen. */
  import: Section;
  backend: readonly Section[];
}

export interface MongodbSelection {
  project: Selected<AtlasProject>;
  cluster: Selected<AtlasCluster>;
  user: Selected<AtlasUser>;
  accessList: AccessEntry[];
}

/** What was chosen. `managed`: the state has it, so its settings are the operator's and are not written again. */
export interface Selection {
  services: Selected<RenderService>[];
  /** What reaches the services, the first one's first. */
  variables: Map<string, ServiceVariables>;
  /** What the backend has, all services together. */
  together: ServiceVariables;
  url: MongodbUrl | undefined;
  mongodb: MongodbSelection | "managed";
  postgres: Selected<RenderPostgres> | "managed" | undefined;
  redis: Selected<Redis> | "managed" | undefined;
}
