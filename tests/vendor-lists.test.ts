/**
 * The settings' lists against those of the vendors' API descriptions, which the stand-ins take: two sources, and each
 * difference between them has a name here.
 */
import { describe, expect, it } from "vitest";
import * as settings from "../infra/settings/vendors.ts";
import { described as atlas, awsRegions } from "../sandbox/clouds/atlas/index.ts";
import { described as redisCloud } from "../sandbox/clouds/redis-cloud/index.ts";
import { described as render } from "../sandbox/clouds/render/index.ts";
import { described as upstash } from "../sandbox/clouds/upstash/index.ts";

/** The words of a member of a part of a description. */
function words({ description }: typeof render, part: string, member?: string): string[] {
  const schema = description.$defs[part];
  const found = member === undefined ? schema : schema?.properties?.[member];
  return typeof found === "object" ? ((found.enum ?? []) as string[]) : [];
}
const memberOf = (vendor: typeof render, part: string, member: string) => {
  const found = words(vendor, part, member);
  const reference = vendor.description.$defs[part]?.properties?.[member];
  const name = typeof reference === "object" ? reference.$ref?.replace("#/$defs/", "") : undefined;
  return found.length > 0 || name === undefined ? found : words(vendor, name);
};

const { render: ofRender, upstash: ofUpstash, "redis-cloud": ofRedisCloud } = settings.facts;
const legacy = ["starter", "standard", "pro", "pro_plus", "custom"];
const cases: [
  what: string,
  ours: readonly string[],
  theirs: readonly string[],
  onlyOurs: string[],
  onlyTheirs: string[],
][] = [
  ["Render's regions", settings.renderRegions, memberOf(render, "postgresPOSTInput", "region"), [], []],
  // No longer sold, or by agreement.
  [
    "Postgres' plans",
    settings.wordsOf(ofRender.tables.postgresPlans),
    memberOf(render, "postgresPOSTInput", "plan"),
    [],
    legacy,
  ],
  // Kept where it exists; no new one gets it.
  [
    "Postgres' versions",
    settings.wordsOf(ofRender.tables.postgresVersions),
    memberOf(render, "postgresPOSTInput", "version"),
    [],
    ["11"],
  ],
  [
    "Key Value's plans",
    settings.wordsOf(ofRender.tables.keyValuePlans),
    memberOf(render, "keyValuePOSTInput", "plan"),
    [],
    ["custom"],
  ],
  [
    "Key Value's policies",
    settings.wordsOf(ofRender.tables.maxmemoryPolicies),
    memberOf(render, "keyValuePOSTInput", "maxmemoryPolicy"),
    [],
    [],
  ],
  [
    "Key Value's persistence",
    settings.wordsOf(ofRender.tables.keyValuePersistence),
    memberOf(render, "keyValuePOSTInput", "persistenceMode"),
    [],
    [],
  ],
  ["Atlas' regions", settings.atlasRegions, awsRegions, [], []],
  [
    "Upstash's regions",
    settings.wordsOf(ofUpstash.tables.regions),
    memberOf(upstash, "CreateDatabaseRequest", "primary_region"),
    [],
    [],
  ],
  [
    "Redis Cloud's persistence",
    settings.wordsOf(ofRedisCloud.tables.persistence),
    memberOf(redisCloud, "FixedDatabaseCreateRequest", "dataPersistence"),
    [],
    [],
  ],
];

describe("the settings and the vendor's description agree, but for what has a name here", () => {
  it.each(cases)("%s", (_, ours, theirs, onlyOurs, onlyTheirs) => {
    expect(theirs.length).toBeGreaterThan(0);
    expect(ours.filter((word) => !theirs.includes(word)).sort()).toEqual([...onlyOurs].sort());
    expect(theirs.filter((word) => !ours.includes(word)).sort()).toEqual([...onlyTheirs].sort());
  });

  it("dedicated tiers: each is one of Atlas' description", () => {
    const theirs = memberOf(atlas, "DedicatedHardwareSpec20240805", "instanceSize");
    expect(settings.dedicatedTiers.filter((tier) => !theirs.includes(tier))).toEqual([]);
  });
});
