import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { types } from "../../infra/resources.ts";
import { schemaOf } from "../../infra/settings/rules.ts";
import type { ExistingResource } from "../../infra/state.ts";
import { importsIn, lacking, remainingImports } from "./imports.ts";

const project = "0123456789abcdef01234567";
const ids = {
  cluster: `${project}-cluster0`,
  user: `${project}/kairos/admin`,
  accessList: [`${project}-203.0.113.0/24`, `${project}-192.0.2.0/24`],
  postgres: "dpg-1-a",
  redis: "12/34",
};
const settings = schemaOf().parse({
  mongodb: {
    project: { id: project },
    tier: "M10",
    accessList: [
      { cidr: "203.0.113.0/24", comment: "office" },
      { cidr: "192.0.2.0/24", comment: "Render" },
    ],
    password: randomBytes(12).toString("hex"),
  },
  postgres: { enabled: true, plan: "basic_1gb" },
  redis: { provider: "redis-cloud", plan: "30MB" },
  backend: [{ name: "kairos-api", link: "srv-01234567890123456789" }],
  import: ids,
});
const known = (type: string, outputs: object = {}): ExistingResource => ({ type, outputs: { ...outputs } });
const everything = [
  known(types.cluster),
  known(types.user, { username: "kairos" }),
  known(types.access, { cidrBlock: "203.0.113.0/24" }),
  known(types.access, { cidrBlock: "192.0.2.0/24" }),
  known(types.postgres),
  known(types.subscription),
  known(types.redisCloud),
];

describe("the ids that the next up needs", () => {
  it("are all of them before the first, and none afterwards", () => {
    expect(remainingImports(settings, [])).toEqual(ids);
    expect(remainingImports(settings, everything)).toEqual({});
    expect(lacking(settings, everything)).toEqual([]);
  });

  it("are those that an interrupted up has not taken over", () => {
    const some = everything.filter(({ type }) => type === types.cluster || type === types.subscription);
    some.push(known(types.access, { cidrBlock: "192.0.2.0/24" }));
    expect(remainingImports(settings, some)).toEqual({
      user: ids.user,
      accessList: [ids.accessList[0]],
      postgres: ids.postgres,
      redis: ids.redis,
    });
    expect(lacking(settings, some)).toEqual(["user kairos", "dpg-1-a", "12/34", `${project}-203.0.113.0/24`]);
  });

  it("stay in the file when their section is not described again, since the cluster is in the stack", () => {
    const described = { postgres: { settings: {}, imports: { postgres: "dpg-2-a" }, differences: [] } };
    expect(importsIn(described, { user: ids.user, postgres: ids.postgres })).toEqual({
      user: ids.user,
      postgres: "dpg-2-a",
    });
  });
});
