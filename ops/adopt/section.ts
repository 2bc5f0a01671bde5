/** What every section of the stack file shares on its way there: what its choices go by, and how it is described. */
import type { ContractDatabases } from "../../infra/contract.ts";
import type { Settings } from "../../infra/settings/index.ts";
import { isPlaceholder, opensToTheWorld } from "../../infra/settings/kinds.ts";
import type { RenderRegion } from "../../infra/settings/vendors.ts";
import type { ExistingResource } from "../../infra/state.ts";
import type { RenderAccess } from "../../vendors/render.ts";
import type { Prompt } from "./choose.ts";
import type { Difference, Row } from "./report.ts";
import type { Setting } from "./stack-file.ts";
import type { MongodbUrl } from "./urls.ts";

/** A section of the stack file, decrypted: whatever stands there. */
export type Section = Readonly<Record<string, unknown>>;

/** The sections of the stack file, decrypted. Secret. */
export interface Sections {
  mongodb: Section;
  postgres: Section;
  redis: Section;
  /** What an adoption before this one has chosen. */
  import: Section;
  backend: readonly Section[];
}

/** What the command line says of what is meant. */
export interface Flags {
  mongodbProject?: string;
  cluster?: string;
  user?: string;
  accessList?: string[];
  postgres?: string;
  service?: string[];
  redis?: string;
}

/** Variables that reach a service, by name, each set by the service itself or by an env group of that name. Secret. */
export type ServiceVariables = Readonly<Record<string, { value: string; group?: string }>>;

/** What a section is chosen and described by. */
export interface Ground {
  sections: Sections;
  existing: readonly ExistingResource[];
  flags: Flags;
  /** What reaches each chosen service. */
  services: readonly ServiceVariables[];
  /** What the backend has, all services together, the first one's first. */
  variables: ServiceVariables;
  /** Its `MONGODB_URL`. */
  url: MongodbUrl | undefined;
  /** Undefined where nobody can be asked. */
  ask: Prompt | undefined;
  /** The standard input, where a password was promised there. */
  input: (() => Promise<string>) | undefined;
}

/** What exists for a section, and what was chosen of it. */
export interface Choices {
  rows: Row[];
  /** Absent: the stack has it already, so its settings are the operator's and are not written again. */
  describe?(region: RenderRegion): SectionDescription | Promise<SectionDescription>;
}

/** Ids of `kairos:import`. */
export type ImportIds = Partial<Settings["import"]>;

/** A section as it has to be written: settings that say how something is, and what of it the stack would change. */
export interface SectionDescription {
  settings: { [name: string]: Setting | Secret };
  /** Whether what the section holds beside that has to go: it is another kind of thing now. */
  exclusive?: boolean;
  imports: ImportIds;
  differences: Difference[];
  /** What its variables would say. Secret. */
  values?(settings: Settings): Partial<ContractDatabases<string>>;
}

/** By the name of the section. */
export type Descriptions = Partial<Record<"mongodb" | "postgres" | "redis", SectionDescription>>;

/** A settings value that has to be encrypted in the stack file. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** In clear. */
  open(): string {
    return this.#value;
  }
  toJSON(): string {
    return "[secret]";
  }
  toString(): string {
    return "[secret]";
  }
}

/** Whether the stack has a resource of one of these types already. */
export const isManaged = ({ existing }: Pick<Ground, "existing">, ...types: readonly string[]): boolean =>
  existing.some(({ type }) => types.includes(type));

/** A section of which nothing is taken over; what the file says would be created. */
export const nothingOf = (
  settings: SectionDescription["settings"],
  created: false | Difference,
): SectionDescription => ({
  settings,
  exclusive: true,
  imports: {},
  differences: created === false ? [] : [created],
});

/** Who may connect, as the settings say it. */
export interface AccessEntry {
  cidr: string;
  comment: string;
}

/** Entries as Render has them. */
export const renderEntries = (list?: readonly RenderAccess[] | null): AccessEntry[] =>
  (list ?? []).map(({ cidrBlock, description = "" }) => ({ cidr: cidrBlock, comment: description }));

/** Entries as settings; one that lets everyone in has to say so. */
export const accessEntries = (list: readonly AccessEntry[]) =>
  list.map(({ cidr, comment }) => ({
    cidr,
    comment,
    ...(opensToTheWorld(cidr) && { allowFromAnywhere: true }),
  }));

/**
 * What is to be decided about an access list: entries that are as wide as the world; entries of the file that the vendor
 * does not have, which would be created.
 */
export function accessDifferences(
  list: readonly AccessEntry[],
  what: string,
  setting: string,
  inFile?: unknown,
): Difference[] {
  const written = Array.isArray(inFile) ? inFile.map((entry: { cidr?: unknown }) => String(entry.cidr)) : [];
  const there = new Set(list.map(({ cidr }) => cidr));
  return [
    ...[...there].filter(opensToTheWorld).map((cidr) => ({
      what: `${what}: access list`,
      is: `${cidr} lets (nearly) everyone in`,
      wouldBe: "refused by the rules of the settings",
      keptBy: `allowFromAnywhere: true in kairos:${setting}.accessList`,
    })),
    ...written
      .filter((cidr) => !there.has(cidr) && !isPlaceholder(cidr))
      .map((cidr) => ({
        what: `kairos:${setting}.accessList`,
        is: `${cidr} is only in the stack file`,
        wouldBe: "created",
        keptBy: "it is taken out; put it back after pulumi up",
      })),
  ];
}
