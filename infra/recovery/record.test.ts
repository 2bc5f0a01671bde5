import { describe, expect, it } from "vitest";
import { mongodbOf, newPassword, run, settingsOf } from "../../tests/helpers/program.ts";
import { types } from "../resources.ts";
import { schemaOf } from "../settings/rules.ts";
import type { ExistingResource } from "../state.ts";
import { recover } from "./index.ts";
import { importsOf } from "./record.ts";

const project = "0123456789abcdef01234567";
const sections = (changes: object = {}) => ({
  mongodb: mongodbOf({ password: newPassword() }),
  postgres: { enabled: true, plan: "basic_1gb" },
  redis: { provider: "redis-cloud", plan: "30MB", name: "cache", subscription: "by hand" },
  import: {
    cluster: `${project}-cluster0`,
    user: `${project}/kairos/admin`,
    accessList: [`${project}-203.0.113.0/24`],
    postgres: "dpg-1-a",
    redis: "12/34",
  },
  ...changes,
});
const settings = settingsOf(sections());
const all = {
  [`${types.cluster} cluster0`]: `${project}-cluster0`,
  [`${types.user} kairos`]: `${project}/kairos/admin`,
  [`${types.access} 203.0.113.0/24`]: `${project}-203.0.113.0/24`,
  [`${types.postgres} kairos-postgres`]: "dpg-1-a",
  [`${types.subscription} by hand`]: "12",
  [`${types.redisCloud} cache`]: "12/34",
};
const known = (type: string, outputs: object = {}): ExistingResource => ({
  type,
  outputs: { id: "x", ...outputs },
});

describe("importsOf", () => {
  it("gives each thing that the settings name its id; a database at Redis Cloud brings its subscription", () => {
    expect(Object.fromEntries(importsOf(settings, []))).toEqual(all);
  });

  it.each([
    [
      "upstash",
      { provider: "upstash", name: "cache" },
      "443a22c3-1856-4f26-b06a-582fce7ee594",
      types.upstash,
    ],
    ["render", { provider: "render", name: "cache", plan: "starter" }, "red-abc", types.keyValue],
  ])("knows a Redis at %s", (_, redis, id, type) => {
    const other = settingsOf(sections({ redis, import: { redis: id } }));
    expect(Object.fromEntries(importsOf(other, []))).toEqual({ [`${type} cache`]: id });
  });

  it("leaves out what the state has: under another id it would be replaced", () => {
    const existing = [
      known(types.cluster),
      known(types.postgres, { id: "dpg-2-a" }),
      known(types.access, { cidrBlock: "192.0.2.0/24" }),
    ];
    expect([...importsOf(settings, existing).keys()]).toEqual([
      `${types.user} kairos`,
      `${types.subscription} by hand`,
      `${types.redisCloud} cache`,
      `${types.access} 203.0.113.0/24`,
    ]);
    const entry = known(types.access, { cidrBlock: "203.0.113.0/24" });
    expect([...importsOf(settings, [entry]).keys()]).not.toContain(`${types.access} 203.0.113.0/24`);
  });
});

describe("adopt", () => {
  it("imports what the settings name, announces none of it as a creation, and asks no vendor", async () => {
    const { result, recorder } = await run(() => recover([], settings));
    expect(result.options({ type: types.postgres, name: "kairos-postgres" })).toMatchObject({
      import: "dpg-1-a",
    });
    expect(recorder.registrations.map(({ inputs }) => inputs.input)).toEqual([{ creations: {} }]);
  });
});

describe("the settings of an import", () => {
  it.each<[string, object, string, string]>([
    [
      "another cluster than the one described",
      { import: { cluster: `${project}-other` } },
      "import.cluster",
      `${project}-cluster0, what kairos:mongodb describes, or nothing`,
    ],
    [
      "a user of another name",
      { import: { user: `${project}/other/admin` } },
      "import.user",
      `${project}/kairos/admin, what kairos:mongodb describes, or nothing`,
    ],
    [
      "a user whose password would be set",
      { mongodb: mongodbOf(), import: { user: `${project}/kairos/admin` } },
      "mongodb.password",
      "the password that the imported user has: the stack would set a new one",
    ],
    [
      "an entry that is not in the access list",
      { import: { accessList: [`${project}-192.0.2.0/24`] } },
      "import.accessList.0",
      "an entry of kairos:mongodb.accessList, or nothing",
    ],
    [
      "a Postgres that is off",
      { postgres: { enabled: false }, import: { postgres: "dpg-1-a" } },
      "import.postgres",
      "nothing while kairos:postgres is off",
    ],
    [
      "another provider's Redis",
      { import: { redis: "red-abc" } },
      "import.redis",
      "the id of a Redis of the provider redis-cloud, or nothing",
    ],
    [
      "what is no id",
      { import: { postgres: "kairos" } },
      "import.postgres",
      "the import id of a Postgres, as npx kairos adopt writes it",
    ],
  ])("refuse %s", (_, changes, path, message) => {
    const { backend } = settings;
    const link = backend.map(({ name }) => ({ name, link: "srv-01234567890123456789" }));
    const result = schemaOf().safeParse({ backend: link, ...sections(changes) });
    const found = result.error?.issues.map((issue) => [issue.path.join("."), issue.message]);
    expect(found).toEqual([[path, message]]);
  });
});
