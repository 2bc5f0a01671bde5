/**
 * What the vendors really do, each with the test that would notice if the project forgot it: docs/reference/facts.md.
 * facts.test.ts looks whether each test is still there.
 */
import { link } from "../../ops/terminal/markdown.ts";
import { plain, table } from "./markers.ts";

/** A test: its file, and the words by which that file names it. */
interface Witness {
  file: string;
  named: string;
}

interface Fact {
  fact: string;
  source: string;
  /** Or why nothing of the project rests on it. */
  tests: readonly Witness[] | string;
}

const test = (file: string) => (named: string) => ({ file, named });
const render = test("sandbox/clouds/render/facts.test.ts");
const recorded = test("sandbox/clouds/render/recorded.test.ts");
const http = test("sandbox/clouds/render/http.test.ts");
const atlas = test("sandbox/clouds/atlas/facts.test.ts");
const recovery = test("sandbox/clouds/render/recovery.test.ts");
const backups = test("sandbox/clouds/atlas/backups.test.ts");
const refusals = test("sandbox/clouds/atlas/refusals.test.ts");
const settings = test("tests/bad-settings.test.ts");
const backend = test("infra/backend/backend.test.ts");
const transitions = test("infra/transitions.test.ts");
const lists = test("tests/vendor-lists.test.ts");
const warnings = test("ops/plan/warnings.test.ts");
const advice = test("ops/status/advice/advice.test.ts");
const asked = test("tests/status/refusals.test.ts");
const commands = test("sandbox/databases/redis/commands.test.ts");
const match = test("sandbox/databases/mongodb/stand-in/match.test.ts");
const collection = test("sandbox/databases/mongodb/stand-in/collection.test.ts");

const recordings = "recorded: tests of terraform-provider-render 1.9.1";
const renderApi = "described: render-oss/sdk";
const skills = "render-oss/skills";
const atlasDocs = "mongodb.com/docs/atlas";

/** Every fact, by vendor. */
export const facts: Readonly<Record<string, readonly Fact[]>> = {
  Render: [
    {
      fact: "A database's name gets a suffix, also one that was asked for; its user does not",
      source: recordings,
      tests: [
        render("gets a suffix to its database's name, also to one that was given, and none to its user's"),
        test("infra/protection/protection.test.ts")("takes the name that Render made of the setting's"),
        test("infra/recovery/recovery.test.ts")(
          "gives the import of a Postgres the name that its database really has",
        ),
      ],
    },
    {
      fact: "A deploy may be queued: 202, no body, and in no list until its turn",
      source: recordings,
      tests: [
        http("answers a deploy that waits for its turn without one, and lists it later"),
        test("infra/backend/live.test.ts")("not that of the one before, whatever became of it"),
        test("tests/engine/rotation.test.ts")("waits for deploys that wait for their turn"),
      ],
    },
    {
      fact: "Env groups are listed bare; older scripts saw them wrapped",
      source: `${renderApi}, its Go client`,
      tests: [
        render("lists env groups bare, and gives each variable a value"),
        test("vendors/render.test.ts")("bare, as Render describes them"),
      ],
    },
    {
      fact: "No date of an env group or a service moves when a variable changes",
      source: recordings,
      tests: [
        recorded("does not change its date with its variables, but with a deploy"),
        recorded("has the newest first, and changes its date with its name alone"),
        test("tests/status/render.test.ts")(
          "is not said to run with its variables when no stack says that it deployed them",
        ),
      ],
    },
    {
      fact: "An access list of nobody is answered as null",
      source: recordings,
      tests: [
        recorded("is unknown, then being created; and an access list of nobody is null"),
        test("ops/adopt/postgres.test.ts")("ipAllowList: null"),
      ],
    },
    {
      fact: "A Key Value is unknown, then creating for a while, and its provider does not wait",
      source: recordings,
      tests: [
        recorded("is unknown, then being created; and an access list of nobody is null"),
        test("infra/redis/redis.test.ts")("is waited for while Render creates it"),
      ],
    },
    {
      fact: "Lists have the newest first; the answer to a change has what was sent, in its order",
      source: recordings,
      tests: [recorded("as they were sent, and lists the newest first")],
    },
    {
      fact: "First statuses of a deploy differ: build, command before it, update; a cron job's image is live at once",
      source: recordings,
      tests: [recorded("of a %s from %s with %j is first %s")],
    },
    {
      fact: "One free Postgres and one free Key Value in a workspace",
      source: "message quoted in public repositories",
      tests: [render("a second free one of %s")],
    },
    {
      fact: "Another workspace's id is refused",
      source: renderApi,
      tests: [render("a database for another workspace")],
    },
    {
      fact: "pro_4gb has 100 GB; a disk only grows, and not twice in 12 hours",
      source: `${recordings}; ${skills}`,
      tests: [
        render("has 100 GB by default on pro_4gb; a disk only grows, once in twelve hours"),
        transitions("a smaller disk at Render"),
      ],
    },
    {
      fact: "High availability from PostgreSQL 13, not on small plans; no replicas there either; 11 only where it exists",
      source: `${skills}, described`,
      tests: [
        render("high availability before PostgreSQL 13"),
        render("replicas of basic_256mb"),
        render("PostgreSQL 11 where there is none"),
      ],
    },
    {
      fact: "A Key Value only grows; from free to paid it is made anew, empty; a free one keeps nothing",
      source: `${recordings}; ${skills}`,
      tests: [
        render("only grows; from free to paid it is made anew, and keeps what it stores from then on"),
        transitions("a free Key Value to paid"),
        render("persistence of a free Key Value"),
      ],
    },
    {
      fact: "What is free runs once; reserved ports 18012, 18013, 19099; Sunday is 0 and 7",
      source: skills,
      tests: [
        render("two instances of a free service"),
        render("a reserved port"),
        render("the eighth day of the week"),
      ],
    },
    {
      fact: "A free web service has no maintenance mode and takes none; its provider sends one with each call, so it can make and change no free service",
      source: "terraform-provider-render#80, #105",
      tests: [
        render("has no maintenance mode, and takes none, also one that is off"),
        settings("a free service"),
      ],
    },
    {
      fact: "A command before the deploy runs with the service's variables, on paid services that are no cron jobs; where it fails, so does the deploy",
      source: "render.com/docs/deploys#pre-deploy-command",
      tests: [
        test("sandbox/deploys/deploys.test.ts")("fails with the command before it, says why without secrets"),
        settings("a migration of a cron job"),
      ],
    },
    {
      fact: "What is moved to another environment stays what it is; the provider's first call names the thing in place of its environment, and Render takes it",
      source: recordings,
      tests: [recorded("takes what comes from another one, which the path of its leaving need not name")],
    },
    {
      fact: "Environments and projects go only when they are empty (409); lists of what is in one are null when empty",
      source: `${renderApi}; ${recordings}`,
      tests: [
        render("and its project go only when they are empty"),
        recorded("names its environments, which are empty, each kind a null, and have no dates"),
      ],
    },
    {
      fact: "A service does not leave an environment whose env groups are linked to it",
      source: "terraform-provider-render#10",
      tests: [
        render("has env groups for its own services alone, which do not leave it while they are linked"),
      ],
    },
    {
      fact: "A set of dedicated outbound addresses has three, of one region, for some environments or the whole workspace, which has one such set a region",
      source: `render.com/docs/dedicated-ips; ${recordings}`,
      tests: [
        recorded("makes a set of dedicated addresses for a while, and then there are three"),
        render("has one set of dedicated addresses for all of a region, and others for environments"),
        test("infra/environment/environment.test.ts")("has three addresses %s"),
      ],
    },
    {
      fact: "An isolated environment lets no private traffic in or out",
      source: "render.com/docs/projects#blocking-cross-environment-traffic",
      tests: [
        test("infra/environment/environment.test.ts")("is refused where it would lose a private database"),
      ],
    },
    {
      fact: "PORT is 10000 unless a variable says otherwise",
      source: recordings,
      tests: [recorded("says its port, where it is reached, and how by SSH")],
    },
    {
      fact: "Private names exist in their region only; no vendor moves a database",
      source: "render.com/docs/private-network",
      tests: [
        test("sandbox/deploys/private-network.test.ts")("nothing of another region"),
        backend("is in another region than its private databases"),
      ],
    },
    {
      fact: "Pull request previews of a service have its variables",
      source: "render.com/docs/service-previews",
      tests: [backend("has previews, in the older word")],
    },
    {
      fact: "An image is answered in full; deploys say what its tag led to",
      source: recordings,
      tests: [render("in full, and deploys say what it led to")],
    },
    {
      fact: "A renamed service keeps slug and address",
      source: recordings,
      tests: [render("keeps slug and address when it is renamed")],
    },
    {
      fact: "A suspended service refuses deploys",
      source: "terraform-provider-render#104",
      tests: [render("that is suspended is not deployed"), backend("is suspended")],
    },
    {
      fact: "Files, filters, environments, notifications and parameters come back; wrong types and null are refused",
      source: `${renderApi}; ${recordings}`,
      tests: [
        render("keeps files, filter, environment and notifications"),
        test("sandbox/clouds/conformance.test.ts")(
          "refuses what its description refuses, and nothing changes",
        ),
      ],
    },
    {
      fact: "One-off jobs run a service's build with its variables; logs are paged by time",
      source: "render.com/docs/one-off-jobs",
      tests: [
        test("tests/status/inside.test.ts")(
          "asks a service what cannot be reached from here, and nothing else",
        ),
        test("tests/status/inside.test.ts")("has the same verdict inside as outside, and prints no secret"),
      ],
    },
    {
      fact: "Old workspaces keep plans that are no longer sold",
      source: "brightbean-studio#14",
      tests: [
        test("infra/protection/protection.test.ts")("a legacy plan is taken over and kept, not created"),
      ],
    },
    {
      fact: "A backend may be built by a Dockerfile or run on Node",
      source: skills,
      tests: [
        backend("a repository with a Dockerfile, which builds and starts it"),
        recorded("has a Dockerfile's fields, and no registry"),
      ],
    },
    {
      fact: "Point-in-time recovery is a call of the API and makes a new database",
      source: renderApi,
      tests: [
        recovery("makes another database beside it"),
        test("infra/restored.test.ts")("is imported beside the original"),
      ],
    },
    {
      fact: "It reaches back 3 days in a Hobby workspace and 7 from Professional up, to ten minutes before now, and never for a free one",
      source:
        "docs.render.com/postgresql-backups; render.com/tutorials/postgres-on-render/backups-and-pitr (seen 2026-11-27)",
      tests: [
        recovery("reaches back as far as a %s workspace has it"),
        recovery("is not ready before the ten minutes that Render needs"),
        recovery("is not there for a free one, and says so"),
      ],
    },
    {
      fact: "Logical exports are kept for 7 days, whatever the workspace's plan",
      source: "render.com/tutorials/postgres-on-render/backups-and-pitr (seen 2026-11-27)",
      tests: [recovery("are listed from the newest on, with an address once they are there, for seven days")],
    },
    {
      fact: "Dedicated outbound addresses exist (render_dedicated_ip)",
      source: "provider docs, 1.9.0",
      tests: "the access lists take whatever addresses the owner enters; the stack buys none",
    },
  ],
  "MongoDB Atlas": [
    {
      fact: "M0 and FLEX are not in every region; of Render's five Ohio has neither",
      source: `${atlasDocs}/reference/amazon-aws`,
      tests: [
        settings("a short-lived tier in Ohio"),
        atlas("M0 where there are dedicated clusters only"),
        atlas("Flex where there are dedicated clusters only"),
      ],
    },
    {
      fact: "Regions of today",
      source: "the same page",
      tests: [atlas("knows the regions of today"), lists("Atlas' regions")],
    },
    {
      fact: "7.0, 8.0, 9.0: one step at a time, none back",
      source: `${atlasDocs}/reference/faq/database`,
      tests: [
        transitions("7.0 to 9.0"),
        atlas("versions backwards and two at once, and a dedicated cluster as M0"),
      ],
    },
    {
      fact: "Names of databases: 38 bytes on M0 and FLEX, 63 on dedicated tiers",
      source: `${atlasDocs}/reference/flex-limitations`,
      tests: [settings("a database name too long for M0")],
    },
    {
      fact: "No hyphen as 23rd character of a cluster's name",
      source: "mongodb-atlas-cli#3780",
      tests: [
        settings("a cluster name with a hyphen where its host's name ends"),
        atlas("a hyphen as 23rd character"),
      ],
    },
    {
      fact: "Largest disk by tier; a disk may shrink",
      source: `${atlasDocs}/reference; the provider's tests`,
      tests: [
        settings("a disk that the tier does not have"),
        atlas("129 GB on M10"),
        transitions("a smaller disk at Atlas"),
      ],
    },
    {
      fact: "200 entries in an access list",
      source: `${atlasDocs}/reference/atlas-limits`,
      tests: [settings("more addresses than an access list takes"), refusals("has room for 200 entries")],
    },
    {
      fact: "Connections of a node by tier, new ones a second on small tiers",
      source: `${atlasDocs}/reference/atlas-limits`,
      tests: [
        warnings("are too many: 30 instances on M10, twice during a deploy"),
        warnings("open too slowly on a small tier"),
      ],
    },
    {
      fact: "No dedicated cluster becomes M0 or FLEX",
      source: `${atlasDocs}/scale-cluster`,
      tests: [transitions("M10 to FLEX"), transitions("M30 to M0")],
    },
    {
      fact: "Of a cluster that grows by itself another size is taken for the record, and what runs stays, for a client that sees the effective fields apart",
      source: "the provider's tests and page, 2.16.0",
      tests: [
        test("sandbox/clouds/atlas/cycles.test.ts")(
          "goes on with what runs when its size changes while it grows by itself",
        ),
        test("infra/mongodb/mongodb.test.ts")("of another tier: Atlas has to take it seriously"),
      ],
    },
    {
      fact: "M2, M5 and serverless are gone; their successor is FLEX",
      source: `${atlasDocs}/scale-cluster`,
      tests: [
        settings("a tier that is gone"),
        test("infra/protection/protection.test.ts")(
          "a tier that is gone is taken over and kept, not created",
        ),
      ],
    },
    {
      fact: "A new user is usable after seconds; Atlas says PENDING, then APPLIED",
      source: "vault-plugin-secrets-mongodbatlas#14",
      tests: [
        atlas("says PENDING until a user is usable, and lets nobody in before"),
        test("infra/mongodb/applied.test.ts")("is waited for until the clusters know it"),
      ],
    },
    {
      fact: "Snapshots go with their cluster unless retainBackupsEnabled says otherwise",
      source: `${atlasDocs}/backup`,
      tests: [
        test("infra/mongodb/mongodb.test.ts")("reaches the cluster as it is, and is no longer left alone"),
      ],
    },
    {
      fact: "A rarer snapshot is kept at least as long as an oftener one",
      source: "described: Atlas' OpenAPI",
      tests: [
        backups("are refused a schedule that makes no sense"),
        test("infra/mongodb/backups.test.ts")("what is rarer for a shorter time"),
      ],
    },
    {
      fact: "Its provider deletes a cluster's schedule before it makes its own: one that fails in between leaves none",
      source:
        "terraform-provider-mongodbatlas: cloudbackupschedule/resource_cloud_backup_schedule.go, resourceCreate",
      tests: [backups("follow the cluster's own schedule, which ends when it is deleted")],
    },
    {
      fact: "A restore replaces all that its target holds",
      source: `${atlasDocs}/cli: atlas backups restores start`,
      tests: [
        test("sandbox/recovery.test.ts")(
          "is restored from a snapshot into another one, which loses what it had",
        ),
      ],
    },
    {
      fact: "A backup compliance policy is for the whole project, and only Atlas' support switches it off",
      source: `described: Atlas' OpenAPI; ${atlasDocs}/backup/cloud-backup/backup-compliance-policy`,
      tests: [
        backups("is not there at first, and then cannot be switched off or weakened"),
        test("infra/mongodb/backups.test.ts")("for whoever says that it cannot be turned off"),
      ],
    },
    {
      fact: "A project by name, limits, custom roles, a feed, a backup schedule",
      source: "described: Atlas' OpenAPI",
      tests: [
        atlas("has a project by its name, custom roles, a feed and a backup schedule"),
        atlas("has limits that somebody sets, by the names of the description"),
      ],
    },
    {
      fact: "Tags without a slash, of 256 characters; no pause right after the last; priority 7; one replication spec",
      source: "described, recorded, the provider's tests",
      tests: [
        atlas("a slash in a tag"),
        atlas("a tag that is too long"),
        atlas("a pause right after the last one"),
        atlas("another priority than 7 of the only region"),
        atlas("two replication specs"),
      ],
    },
    {
      fact: "No connection string while an upgrade is under way; what runs is told beside what was asked",
      source: "described, recorded",
      tests: [
        atlas("has no connection strings while M0 becomes a dedicated cluster"),
        atlas("says what runs in every answer, beside what was asked for"),
      ],
    },
    {
      fact: "A database's name is bytes: composed and decomposed are two databases",
      source: "mongodb.com/docs/manual",
      tests: [warnings("says that a database's name is not as a keyboard writes it, and keeps its bytes")],
    },
  ],
  "Redis, at each vendor": [
    {
      fact: "Upstash's primary regions, Google's too",
      source: "upstash/docs: openapi.yml",
      tests: [lists("Upstash's regions")],
    },
    {
      fact: "Whoever has Upstash's password may connect, unless there is a list",
      source: "upstash/docs, provider",
      tests: [
        warnings("says that Upstash lets everybody try, unless it has a list"),
        test("infra/redis/redis.test.ts")("Upstash with an access list"),
      ],
    },
    {
      fact: "A free Upstash database is archived and is restored, with its data, in the console",
      source: "upstash/docs: faq",
      tests: [advice("restore it, with its data, in the console")],
    },
    {
      fact: "Refusals in the vendors' words: connections, capacity, requests, addresses",
      source: "the vendors' troubleshooting pages",
      tests: [
        asked("ERR max concurrent connections exceeded"),
        asked("ERR DB capacity quota exceeded"),
        asked("ERR max requests limit exceeded"),
        asked("AUTH failed: Client IP address is not in the allowlist."),
      ],
    },
    {
      fact: "Redis Cloud's provider drops sourceIps of new databases, and sends 0.0.0.0/0",
      source: "its source",
      tests: [test("infra/settings/fields.test.ts")("it is of Pay-As-You-Go databases")],
    },
    {
      fact: "Redis Cloud's free plan has neither replication nor persistence",
      source: "redis-cloud-rs: captures",
      tests: [settings("what Redis Cloud's free plan lacks")],
    },
    {
      fact: "A URL with a bare # ? [ % / in its password, or a port above 65535, no client reads; some options trust anybody",
      source: "redis-py#1171, #799; redis-rs#517",
      tests: [
        settings("an external URL with a bare character in its password"),
        settings("an external URL with a port that there is not"),
        settings("an external URL that trusts anybody"),
      ],
    },
  ],
  Pulumi: [
    {
      fact: "The engine resolves YAML as Go's yaml.v3 does",
      source: "pulumi/pulumi",
      tests: [
        test("engine/yaml.test.ts")("YAML that the engine reads back"),
        test("tests/engine/yaml.test.ts")("hands each value to the program as we read it"),
      ],
    },
    {
      fact: "What was imported may not be replaced while the import option stands",
      source: "pulumi/pulumi",
      tests: [
        test("tests/engine/faults.test.ts")(
          "lead to a stack that is complete after the next up, without duplicate or orphan",
        ),
      ],
    },
    {
      fact: "A failing hook fails the step",
      source: "pulumi/pulumi, 3.238.0",
      tests: [test("infra/backend/redeploy.test.ts")("fails the step when the deploy cannot be started")],
    },
    {
      fact: "A required nested field is required by the released bridge only",
      source: "pulumi-terraform-provider 1.1.3",
      tests: [test("tests/engine/sdks.schema.test.ts")("departures(schema, spec, real)")],
    },
  ],
  "The databases' own answers": [
    {
      fact: "MongoDB: NaN is below nothing; MinKey is below everything; arrays in arrays are not looked into; $ before a last line break",
      source: "drivers' own suites, pymongo",
      tests: [
        match("[{ a: { $lt: 1 } }, { a: Number.NaN }, false]"),
        match('[{ a: { $gte: new MinKey() } }, { a: "x" }, true]'),
        match('[{ "a.0": 1 }, { a: [[1, 2], 3] }, false]'),
        match('[{ a: { $regex: "^2$" } }, { a: "2\\n" }, true]'),
      ],
    },
    {
      fact: "MongoDB: no index over two arrays of one document; no nesting above 100",
      source: "the same",
      tests: [collection("it.insert({ a: [1], b: [1] }))).toBe(171)"), collection('"101 levels"')],
    },
    {
      fact: "Redis: ranges that hold nothing match nothing; LPOP with a count and EXEC answer *-1; overflows are refused",
      source: "redis 7.0.15 beside it",
      tests: [
        commands("SCAN 0 MATCH [z-y]* COUNT 100"),
        commands("CONFIG GET [z-a]"),
        commands("LPOP none 2"),
        commands("ERR decrement would overflow"),
      ],
    },
  ],
};

/** The whole file. */
export const factsReference = (): string =>
  [
    "# Facts, and the tests that hold them",
    "What the vendors really do, where it was seen, and the test that fails when the project forgets it. Recorded answers count for more than descriptions, descriptions more than pages. What the settings offer in words and numbers is in [the vendors' lists](vendors.md); how far the stand-ins go, in [FIDELITY](../../sandbox/FIDELITY.md).",
    ...Object.entries(facts).flatMap(([vendor, rows]) => [
      `## ${vendor}`,
      table(
        ["fact", "source", "test"],
        rows.map(({ fact, source, tests }) => [plain(fact), plain(source), told(tests)]),
      ),
    ]),
  ].join("\n\n");

const told = (tests: Fact["tests"]) =>
  typeof tests === "string"
    ? `none: ${plain(tests)}`
    : tests
        .map(({ file, named }) => `${link(`../../${file}`, file.replace(/^.*\//, ""))}: ${plain(named)}`)
        .join("<br>");
