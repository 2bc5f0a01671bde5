import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StateResource } from "../../../engine/cli/stack.ts";
import { UserError } from "../../../engine/errors.ts";
import { types } from "../../../infra/resources.ts";
import type { Settings } from "../../../infra/settings/index.ts";
import { type Clouds, startClouds } from "../../../sandbox/clouds/index.ts";
import {
  addPostgresUser,
  createEnvGroup,
  createKeyValue,
  createPostgres,
  createService,
  linkService,
  setVariables,
} from "../../../sandbox/clouds/render/index.ts";
import { cluster, flexCluster } from "../../../tests/helpers/atlas.ts";
import { faultsOf } from "../../../tests/helpers/faults.ts";
import { mongodbOf, settingsOf } from "../../../tests/helpers/program.ts";
import { Accounts } from "../../accounts.ts";
import { StackState } from "../../rotate/state.ts";
import { aroundOf, isByName } from "./around.ts";
import { lookedAround } from "./index.ts";
import type { Stranger, StrangersStatus } from "./model.ts";
import { goneText, strangerAdvice } from "./words.ts";

const organization = "5a4d000000000000000000aa";
const person = { username: "anna@example.com", userId: "5a4d000000000000000000bb" };
const roles = [{ roleName: "readWrite", databaseName: "kaïros" }];
const password = "a long password";
const day = "2026-11-26";
const postgresOf = (name: string) => ({ name, plan: "basic_1gb", region: "oregon", version: "18" });
const serviceOf = (name: string) => ({
  name,
  type: "web_service" as const,
  image: { ownerId: "tea-sandbox", imagePath: "registry.example/kairos/backend:7" },
  serviceDetails: { plan: "starter", region: "oregon", runtime: "image" },
});

let folder: string;
let clouds: Clouds;
let resources: StateResource[];
let ids: Record<"project" | "postgres" | "redis" | "service" | "group", string>;

const resource = (type: string, name: string, id: string, outputs: Record<string, unknown> = {}) => ({
  urn: `urn:pulumi:test::kairos-infrastructure::${type}::${name}`,
  type,
  id,
  outputs,
});
const stash = (name: string, input: object) => ({
  ...resource("pulumi:index:Stash", name, name),
  inputs: { input },
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-strangers-"));
  clouds = await startClouds({ folder, organization });
  const { atlas, render, upstash } = clouds;
  const project = atlas.projects.create({ name: "kairos-test", orgId: organization }).id;
  atlas.flexClusters.create(project, flexCluster("kairos-test"));
  atlas.users.create(project, { databaseName: "admin", username: "kairos", roles, password });
  atlas.accessList.add(project, [{ cidrBlock: "203.0.113.0/24" }]);
  const postgres = createPostgres(render, { ...postgresOf("kairos-postgres"), databaseUser: "kairos" }).id;
  const redis = upstash.create({
    database_name: "kairos-redis",
    region: "global",
    primary_region: "us-west-2",
  }).database_id;
  const service = createService(render, serviceOf("kairos-backend")).service.id;
  const envVars = [{ key: "POSTGRES_HOST", value: "x" }];
  const group = createEnvGroup(render, { name: "kairos-backend-databases", envVars }).id;
  linkService(render, group, service);
  ids = { project, postgres, redis, service, group };
  resources = [
    resource("pulumi:pulumi:Stack", "kairos-infrastructure-test", "", {
      services: { "kairos-backend": service },
    }),
    resource(types.project, "mongodb-project", project),
    resource(types.cluster, "mongodb-cluster", "", { projectId: project, name: "kairos-test" }),
    resource(types.user, "mongodb-user", "", {
      projectId: project,
      username: "kairos",
      authDatabaseName: "admin",
    }),
    resource(types.access, "mongodb-access-203.0.113.0/24", "", {
      projectId: project,
      cidrBlock: "203.0.113.0/24",
      ipAddress: "",
    }),
    resource(types.postgres, "postgres-database", postgres, {
      name: "kairos-postgres",
      databaseUser: "kairos",
    }),
    resource(types.upstash, "redis-upstash", `upstash-database-${redis}`, { databaseId: redis }),
    resource(types.envGroup, "kairos-backend", group),
    resource(types.envGroupLink, "kairos-backend", "", { serviceIds: [service] }),
  ];
});
afterEach(async () => {
  await clouds.close();
  await rm(folder, { recursive: true, force: true });
});

const entry = (kind: string, name: string) => ({ kind, name, reason: "somebody needs it", day });

/** The sections of a stack on these vendors, with what is known beside it. */
const settings = (known: object[] = []): Settings =>
  settingsOf({
    mongodb: mongodbOf({ name: "kairos-test", accessList: [{ cidr: "203.0.113.0/24", comment: "" }] }),
    postgres: { enabled: true, plan: "basic_1gb" },
    redis: { provider: "upstash" },
    known,
  });

interface Options {
  known?: object[];
  /** States of other stacks, or why one cannot be read. */
  others?: Record<string, StateResource[] | string>;
  environment?: Record<string, string>;
  timeLimit?: number;
}

async function look({
  known = [],
  others = {},
  environment = {},
  timeLimit,
}: Options = {}): Promise<StrangersStatus> {
  const state = new StackState(resources);
  return lookedAround(aroundOf(state, settings(known)), state, {
    accounts: new Accounts(
      {},
      {
        environment: { ...clouds.environment, ...environment },
        ...(timeLimit !== undefined && { timeLimit }),
      },
    ),
    others: Object.keys(others),
    stateOf: async (name) => {
      const other = others[name];
      if (typeof other === "string") throw new UserError(other);
      return new StackState(other ?? []);
    },
  });
}

const named = ({ found }: StrangersStatus) => found.map(({ kind, name }) => `${kind} ${name}`).sort();
const everyone = () => {
  const { atlas, render, upstash } = clouds;
  const { project, postgres, service } = ids;
  atlas.as(person, () => {
    atlas.accessList.add(project, [{ ipAddress: "198.51.100.7" }, { cidrBlock: "0.0.0.0/0" }]);
    atlas.users.create(project, { databaseName: "admin", username: "analyst", roles, password });
    atlas.clusters.create(project, cluster("copy"));
  });
  addPostgresUser(render, postgres, "reporting");
  const second = createPostgres(render, postgresOf("kairos-postgres-old")).id;
  upstash.create({ database_name: "kairos-redis2", region: "global", primary_region: "us-west-2" });
  createKeyValue(render, {
    name: "kairos-redis",
    plan: "starter",
    region: "oregon",
    maxmemoryPolicy: "noeviction",
  });
  const extra = createEnvGroup(render, { name: "extra", envVars: [] });
  linkService(render, extra.id, service);
  setVariables(render, service, [
    { key: "POSTGRES_HOST", value: "elsewhere" },
    { key: "LOG", value: "1" },
  ]);
  const copy = createService(render, serviceOf("kairos-backend-copy")).service.id;
  // None of these is by our names, or reaches what is ours.
  createPostgres(render, postgresOf("shop"));
  createService(render, serviceOf("kairosque"));
  createEnvGroup(render, { name: "unlinked", envVars: [] });
  atlas.users.create(project, {
    ...{ databaseName: "admin", username: "of-another", roles, password },
    scopes: [{ name: "another", type: "CLUSTER" }],
  });
  return { second, copy };
};
const all = [
  "access-list 0.0.0.0/0",
  "access-list 198.51.100.7",
  "cluster copy",
  "database-user analyst",
  "env-group extra",
  "postgres kairos-postgres-old",
  "postgres-user reporting",
  "redis kairos-redis",
  "redis kairos-redis2",
  "service kairos-backend-copy",
  "variable kairos-backend.POSTGRES_HOST",
];

describe("strangers beside a stack", () => {
  it("are none where there is only what the stack made, and that takes this many questions", async () => {
    expect(await look()).toEqual({ state: "well", found: [], unseen: [], gone: [] });
    const calls = Object.fromEntries(
      Object.entries(clouds.served).map(([vendor, served]) => [
        vendor,
        served.calls
          .filter(({ status }) => status !== 401)
          .map(
            ({ method, path: asked }) =>
              `${method} ${asked.replaceAll(/(?<=\/)(dpg-|srv-|[0-9a-f]{24})[\w-]*/g, "*")}`,
          )
          .sort(),
      ]),
    );
    expect(calls).toEqual({
      atlas: [
        "GET /api/atlas/v2/groups/*/accessList",
        "GET /api/atlas/v2/groups/*/clusters",
        "GET /api/atlas/v2/groups/*/databaseUsers",
        "GET /api/atlas/v2/groups/*/flexClusters",
      ],
      render: [
        "GET /v1/env-groups",
        "GET /v1/key-value",
        "GET /v1/postgres",
        "GET /v1/postgres/*/credentials",
        "GET /v1/services",
        "GET /v1/services/*/env-vars",
      ],
      upstash: ["GET /v2/redis/databases"],
      redisCloud: [],
    });
  });

  it("are named, each once, what lets everybody in first, with who and when where Atlas tells", async () => {
    everyone();
    const result = await look();
    expect(named(result)).toEqual(all);
    const [first] = result.found;
    expect(first).toMatchObject({ name: "0.0.0.0/0", everybody: true, by: { person: person.username } });
    const told = result.found.filter(({ by }) => by !== undefined).map(({ kind }) => kind);
    expect(told.sort()).toEqual(["access-list", "access-list", "cluster", "database-user"]);
    for (const { kind, since } of result.found)
      expect([kind, Math.abs(Date.now() - Date.parse(since ?? "")) < 60_000]).toEqual([
        kind,
        kind !== "variable",
      ]);
    expect(result.found.find(({ kind }) => kind === "postgres-user")).toMatchObject({ isDefault: true });
    expect(JSON.stringify(result)).not.toContain("elsewhere");
  });

  it("are told by the stack's own key only where nobody else did it", async () => {
    const { environment } = clouds;
    const own = { publicKey: environment.MONGODB_ATLAS_PUBLIC_API_KEY ?? "", apiKeyId: organization };
    const { atlas } = clouds;
    atlas.as(person, () => atlas.accessList.add(ids.project, [{ cidrBlock: "198.51.100.0/24" }]));
    atlas.accessList.delete(ids.project, "198.51.100.0/24");
    atlas.as(own, () => atlas.accessList.add(ids.project, [{ cidrBlock: "198.51.100.0/24" }]));
    atlas.as(own, () => atlas.accessList.add(ids.project, [{ cidrBlock: "192.0.2.0/24" }]));
    const { found } = await look();
    expect(found.map(({ name, by }) => [name, by])).toEqual([
      ["198.51.100.0/24", { person: person.username }],
      ["192.0.2.0/24", { key: own.publicKey }],
    ]);
  });

  it("are silent once they are known, by name or by id; what is known and gone is said", async () => {
    const { second } = everyone();
    const known = all
      .filter((line) => !line.startsWith("postgres kairos"))
      .map((line) => entry(line.split(" ")[0] ?? "", line.split(" ")[1] ?? ""));
    const result = await look({
      known: [...known, entry("postgres", second), entry("service", "kairos-old")],
    });
    expect(result).toMatchObject({ state: "well", found: [] });
    expect(result.gone).toEqual([{ index: 11, kind: "service", name: "kairos-old" }]);
    expect(goneText(result, "en")).toEqual([
      "kairos:known[11]: got service kairos-old, and there is nothing of the kind beside the stack; take it out",
    ]);
  });

  it("are never what another stack of the project has, or is called after", async () => {
    const { copy } = everyone();
    const [user, access] = ["analyst", "198.51.100.7/32"];
    const others = {
      audit: [
        resource(types.user, "u", "", { projectId: ids.project, username: user, authDatabaseName: "admin" }),
        resource(types.access, "a", "", { projectId: ids.project, cidrBlock: access }),
        resource(types.web, "w", copy),
      ],
      old: [],
    };
    expect(named(await look({ others }))).toEqual(
      all.filter((line) => !/analyst|198\.51|-copy|postgres-old/.test(line)),
    );
    const { unseen } = await look({ others: { ...others, audit: "pulumi stack export of audit: no" } });
    expect(unseen).toEqual(["stack audit: pulumi stack export of audit: no"]);
  });

  it("are never a credential of a rotation: both while there are two, also one that was made and not noted", async () => {
    const { atlas, render } = clouds;
    atlas.users.create(ids.project, { databaseName: "admin", username: "kairos-2", roles, password });
    addPostgresUser(render, ids.postgres, "kairos_2");
    expect(named(await look())).toEqual(["database-user kairos-2", "postgres-user kairos_2"]);
    const record = { current: 2, retiring: 1, last: 2, since: `${day}T00:00:00Z` };
    resources.push(
      stash("mongodb-credential", { credential: "mongodb", ...record }),
      stash("postgres-credential", { credential: "postgres", ...record }),
    );
    expect(named(await look())).toEqual([]);
    // The rotation is over, and the old users are still there: nobody's any more, but for what the state still has.
    const over = { current: 2, last: 2, since: record.since };
    resources.splice(
      -2,
      2,
      stash("mongodb-credential", { credential: "mongodb", ...over }),
      stash("postgres-credential", { credential: "postgres", ...over }),
      stash("postgres-login-2", { login: "postgres-login-2", user: "kairos_2" }),
    );
    expect(named(await look())).toEqual(["postgres-user kairos"]);
  });

  it("are never what an interrupted up has announced", async () => {
    const second = createPostgres(clouds.render, postgresOf("kairos-postgres2"));
    expect(named(await look())).toEqual(["postgres kairos-postgres2"]);
    const announced = stash("creations", { creations: { [`${types.postgres} kairos-postgres2`]: day } });
    const without = resources.filter(({ type }) => type !== types.postgres);
    const state = new StackState([...without, announced]);
    const around = { ...aroundOf(new StackState(resources), settings()) };
    const result = await lookedAround(around, state, {
      accounts: new Accounts({}, { environment: clouds.environment }),
      others: [],
      stateOf: async () => new StackState([]),
    });
    expect(result.found.map(({ id }) => id)).not.toContain(second.id);
  });

  it("have a vendor that forbids or does not answer in one line, and are looked for at the others", async () => {
    everyone();
    const wrong = await look({
      environment: { MONGODB_ATLAS_PRIVATE_API_KEY: "wrong", UPSTASH_API_KEY: "" },
    });
    expect(wrong.unseen).toEqual([
      expect.stringMatching(
        /^MongoDB Atlas: GET \S+ answered 401 \(.*\); .*the key is wrong, or may not read this\. .* Not looked for: access-list, database-user, cluster$/,
      ),
      expect.stringMatching(/^Upstash: there is no key; expected .* Not looked for: redis$/),
    ]);
    expect(named(wrong)).toEqual(
      all.filter((line) => !/access-list|database-user|cluster|redis2/.test(line)),
    );
    faultsOf(clouds.served.render).add(...Array.from({ length: 20 }, () => ({ fault: "timeout" as const })));
    const late = await look({ timeLimit: 3000 });
    expect(late.unseen).toEqual([
      expect.stringMatching(
        /^Render: GET \S+ got no answer \(TimeoutError\)\. Not looked for: postgres-user, postgres, redis, env-group, variable, service$/,
      ),
    ]);
    expect(named(late)).toEqual(all.filter((line) => /access-list|database-user|cluster|redis2/.test(line)));
    expect(
      (await look({ environment: { RENDER_API_KEY: "", MONGODB_ATLAS_PRIVATE_API_KEY: "" } })).state,
    ).toBe("warning");
  });

  it("belong to a shared project only by their names", async () => {
    clouds.atlas.clusters.create(ids.project, cluster("shop"));
    clouds.atlas.clusters.create(ids.project, cluster("kairos-test2"));
    expect(named(await look())).toEqual(["cluster kairos-test2", "cluster shop"]);
    resources = resources.filter(({ type }) => type !== types.project);
    expect(named(await look())).toEqual(["cluster kairos-test2"]);
  });
});

it("says what to do in both languages", () => {
  const stranger: Stranger = {
    kind: "postgres-user",
    vendor: "Render",
    name: "bob",
    in: "kairos-postgres",
    isDefault: true,
    since: "2026-11-26T10:00:00.123Z",
  };
  expect(strangerAdvice(stranger, "prod", "en")).toEqual({
    says: "user bob of kairos-postgres: of no stack, and Render shows it as the default one; since 2026-11-26T10:00:00Z",
    remove:
      "npx kairos rotate postgres --stack prod, then Render > kairos-postgres > Info > Credentials > bob > Delete",
  });
  expect(strangerAdvice(stranger, "prod", "fr").says).toMatch(/\u00a0; depuis 2026-11-26T10:00:00Z$/);
  const entryOf: Stranger = {
    ...{ kind: "access-list", vendor: "MongoDB Atlas", name: "198.51.100.7", in: "p" },
    by: { key: "abcdefgh" },
  };
  expect(strangerAdvice(entryOf, "prod", "en")).toMatchObject({
    remove: "atlas accessLists delete 198.51.100.7 --projectId p",
    adopt: "add { cidr: 198.51.100.7/32, comment: … } to kairos:mongodb.accessList, then pulumi up",
  });
});

it.each([
  ["kairos-postgres", "kairos-postgres", true],
  ["kairos-postgres-2", "kairos-postgres", true],
  ["Kairos-Postgres_old", "kairos-postgres", true],
  ["Cluster1", "cluster0", true],
  ["kairos-postgresql", "kairos-postgres", false],
  ["kairos", "kairos-postgres", false],
])("%s beside %s: %s", (name, ours, expected) => expect(isByName(name, ours)).toBe(expected));

it("a copy that backups restore made says so, and how it is put in use; of another stack it is a stranger", () => {
  const copy = {
    kind: "postgres",
    vendor: "Render",
    name: "restored-2611271010-prod",
    id: "dpg-2-a",
  } as const;
  expect(strangerAdvice(copy, "prod", "en")).toEqual({
    says: "Postgres restored-2611271010-prod (dpg-2-a): made by npx kairos backups restore on 2026-11-27, and not in use",
    remove: "Render > restored-2611271010-prod > Info > Delete Database",
    adopt: "put kairos:postgres.restored: dpg-2-a into the stack file, then pulumi up",
  });
  const { adopt } = strangerAdvice({ ...copy, kind: "cluster", vendor: "MongoDB Atlas" }, "prod", "en");
  expect(adopt).toContain("kairos:mongodb.restored: restored-2611271010-prod");
  expect(strangerAdvice(copy, "staging", "en").says).toContain(": of no stack");
});
