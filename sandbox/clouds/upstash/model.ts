/** Upstash as a model: its global Redis databases, what it refuses, and what it does differently from what is asked. */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { Refusal } from "../api.ts";
import { Described } from "../described.ts";
import { type Endpoint, Store, type StoreOptions } from "../store.ts";
import description from "./description.json" with { type: "json" };

/** A refusal, as the API answers it: the body is a bare JSON string. */
export class UpstashError extends Refusal {
  constructor(status: 400 | 404, body: string) {
    super(status, body, body);
  }
}

/** What a creation may ask for. `tls`, `consistent` and `multizone` are accepted and have no effect. */
export interface CreateRequest {
  database_name: string;
  region?: string;
  primary_region: string;
  platform?: "aws" | "gcp";
  read_regions?: readonly string[] | null;
  eviction?: boolean;
  auto_upgrade?: boolean;
  prod_pack_enabled?: boolean;
  budget?: number;
}

export const described = new Described(description, ({ path }) =>
  path.includes("primary_region")
    ? new UpstashError(
        400,
        "Invalid request, primary region might be wrong. Please reach support@upstash.com",
      )
    : new UpstashError(400, "invalid request body"),
);

/** What pay-as-you-go costs at most in a month where nothing else is asked; USD. */
const defaultBudget = 20;

export interface UpstashOptions extends StoreOptions {
  /** By default a host name of Upstash's kind, where nobody answers. */
  endpoint?: Endpoint<Database> | undefined;
}

/** What the API says of a database, in its own spelling. */
type Database = ReturnType<typeof newDatabase>;

/** One Upstash account. */
export class UpstashCloud {
  private readonly store: Store<{ databases: Database[] }>;
  private readonly endpoint: UpstashOptions["endpoint"];

  constructor({ endpoint, ...options }: UpstashOptions = {}) {
    this.store = new Store(options, { databases: [] });
    this.endpoint = endpoint;
  }

  /** @param owner the account's e-mail address */
  create(request: CreateRequest, owner = "owner@kairos.example"): Database {
    const taken = this.store.data.databases.some((other) => other.database_name === request.database_name);
    const database = newDatabase(request, owner, taken);
    this.store.data.databases.push(database);
    this.store.save();
    return this.view(database);
  }

  list(): Database[] {
    return this.store.data.databases.map((database) => this.view(database));
  }

  get(id: string): Database {
    return this.view(this.find(id));
  }

  delete(id: string): void {
    const { databases } = this.store.data;
    databases.splice(databases.indexOf(this.find(id)), 1);
    this.store.save();
  }

  /** A new password; the old one is refused from then on. */
  resetPassword(id: string): Database {
    return this.change(id, { password: secret() });
  }

  /** What needs no check; also what a person does in the console. */
  change(id: string, changes: Partial<Database>): Database {
    const database = Object.assign(this.find(id), changes);
    this.store.save();
    return this.view(database);
  }

  private find(id: string): Database {
    const found = this.store.data.databases.find(({ database_id }) => database_id === id);
    if (found === undefined) throw new UpstashError(404, "database not found");
    return found;
  }

  private view(database: Database): Database {
    const reached = this.endpoint?.(database);
    return structuredClone({
      ...database,
      ...(reached !== undefined && { endpoint: reached.host, port: reached.port }),
    });
  }
}

/** @param taken whether there is one of its name */
function newDatabase(request: CreateRequest, owner: string, taken: boolean) {
  const { database_name, region = "global", primary_region, budget = defaultBudget } = request;
  if (region !== "global") throw new UpstashError(400, "regional db creation is deprecated");
  const read_regions = readRegions(request.read_regions, primary_region);
  if (database_name.trim() === "") throw new UpstashError(400, "database name can not be empty");
  if (taken) throw new UpstashError(400, `database with name ${database_name} already exists`);
  return {
    database_id: randomUUID(),
    database_name,
    region: "global" as const,
    primary_region,
    read_regions,
    endpoint: `${pick(adjectives)}-${pick(animals)}-${randomInt(10_000, 70_000)}.upstash.io`,
    port: 6379,
    password: secret(),
    rest_token: secret(),
    read_only_rest_token: secret(),
    // Upstash turns TLS on whatever is asked, while its provider's default is false: whoever leaves `tls` out has
    // the database replaced at each update.
    tls: true,
    eviction: request.eviction ?? false,
    auto_upgrade: request.auto_upgrade ?? false,
    prod_pack_enabled: request.prod_pack_enabled ?? false,
    budget: checkedBudget(budget),
    consistent: false,
    multizone: false,
    allowed_ip_ranges: [] as string[],
    /** Seconds since 1970. */
    creation_time: Math.floor(Date.now() / 1000),
    database_type: "Pay as You Go",
    state: "active" as "active" | "suspended" | "passive",
    user_email: owner,
    ...limits,
  };
}

export function readRegions(wanted: CreateRequest["read_regions"], primary: string): string[] {
  if (wanted?.includes(primary))
    throw new UpstashError(400, `Invalid request, read region ${primary} is not available`);
  return [...new Set(wanted)];
}

export function checkedBudget(budget: number): number {
  if (budget < 0) throw new UpstashError(400, "invalid budget");
  return budget;
}

const secret = () => randomBytes(32).toString("base64url");
const pick = (words: readonly string[]) => words[randomInt(words.length)];
const adjectives = ["able", "calm", "eager", "fond", "glad", "keen", "proud", "sunny", "warm", "wise"];
const animals = ["badger", "crane", "falcon", "gecko", "heron", "lynx", "marmot", "otter", "robin", "seal"];

/** What a pay-as-you-go database may use. */
const limits = {
  db_max_clients: 10_000,
  db_max_request_size: 10_485_760,
  db_disk_threshold: 107_374_182_400,
  db_max_entry_size: 104_857_600,
  db_memory_threshold: 3_221_225_472,
  db_daily_bandwidth_limit: 53_687_091_200,
  db_max_commands_per_second: 10_000,
};
