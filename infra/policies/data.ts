/** What holds data stays, can be restored, and goes only on purpose. */
import { at, holdsData, kindOf, types } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import { isDedicated } from "../settings/rules.ts";
import { isTenant } from "../settings/vendors.ts";
import { type Context, type Finding, isUnknown, levels, type Policy } from "./model.ts";

export const dataProtected: Policy = {
  id: "data-protected",
  title: "Database without protection",
  why: "One wrong setting or one click deletes all data; protection makes it two deliberate steps.",
  checks:
    "Each resource that holds data: Pulumi's protect; of an Atlas cluster from FLEX up also Atlas' own termination protection.",
  fix: "Remove mayBeDestroyed from kairos:mongodb, kairos:postgres or kairos:redis once that database is gone or kept.",
  level: levels("mandatory", "advisory", "off"),
  resource: (resource) => {
    if (!holdsData(resource.type)) return [];
    const findings: Finding[] = resource.protect
      ? []
      : [{ message: "not protected in Pulumi's state: a mistaken setting deletes it with its data" }];
    if (resource.type !== types.cluster) return findings;
    const { terminationProtectionEnabled: guard } = resource.inputs;
    if (isUnknown(guard)) return [...findings, { unknown: "termination protection" }];
    // Atlas offers none for M0.
    if (guard === true || kindOf(resource.type)?.plan?.of(resource.inputs) === "M0") return findings;
    return [...findings, { message: "no termination protection: anyone with access to Atlas deletes it" }];
  },
};

export const dataBackedUp: Policy = {
  id: "data-backed-up",
  title: "Database without backup",
  why: "What is deleted or overwritten by mistake is gone for good.",
  checks:
    "Atlas: cloud backup and point-in-time recovery on a dedicated cluster; M0 has no backup, and FLEX a daily one only. Render Postgres: a paid plan, since free ones have no recovery.",
  fix: "Set kairos:mongodb.tier to M10 or above, and kairos:postgres.plan to a paid plan.",
  level: levels("mandatory", "advisory", "off"),
  resource: (resource) => {
    if (resource.type === types.postgres && isUnknown(resource.inputs.plan)) return [{ unknown: "the plan" }];
    if (resource.type === types.postgres)
      return resource.inputs.plan === "free" ? [{ message: "plan free has no backup and no recovery" }] : [];
    if (resource.type !== types.cluster) return [];
    const tier = kindOf(resource.type)?.plan?.of(resource.inputs);
    if (isUnknown(tier)) return [{ unknown: "the tier" }];
    if (tier === "M0") return [{ message: "M0 has no backup" }];
    if (tier === "FLEX" || isTenant(String(tier)))
      return [{ message: `${tier} has one backup a day and no point-in-time recovery` }];
    if (!isDedicated(String(tier))) return [];
    return ["backupEnabled", "pitEnabled"].flatMap((property): Finding[] => {
      const value = resource.inputs[property];
      if (isUnknown(value)) return [{ unknown: property }];
      const what = property === "pitEnabled" ? "point-in-time recovery" : "backup";
      return value === true ? [] : [{ message: `${what} is off (${property})` }];
    });
  },
};

export const backupsRetained: Policy = {
  id: "backups-retained",
  title: "Snapshots that go with their cluster",
  why: "Whoever deletes a cluster, by mistake or not, deletes with it what could bring it back.",
  checks: "Atlas: retainBackupsEnabled of a dedicated cluster; FLEX and M0 have no such choice.",
  fix: "Set kairos:mongodb.with.retainBackupsEnabled to true: pulumi up then changes nothing but that.",
  level: levels("advisory", "off", "off"),
  resource: ({ type, inputs }) => {
    if (type !== types.cluster || !isDedicated(String(kindOf(type)?.plan?.of(inputs)))) return [];
    const { retainBackupsEnabled: retained } = inputs;
    if (isUnknown(retained)) return [{ unknown: "retainBackupsEnabled" }];
    return retained === true ? [] : [{ message: "its snapshots are deleted with it (retainBackupsEnabled)" }];
  },
};

export const dataLoss: Policy = {
  id: "data-loss",
  title: "Replace or delete of data",
  why: "Nobody should merge or apply the deletion of a database without having decided it.",
  checks:
    "Where two versions are compared: each resource that holds data and would be replaced or deleted. Everywhere: a mayBeDestroyed whose database the settings no longer have, with which the next up deletes it. Pulumi shows policies no steps, so the engine sees only the second.",
  fix: "Keep the setting that identifies the database; or, if its data may go, name it in kairos:policies.exceptions.",
  level: levels("mandatory", "mandatory", "advisory"),
  stack: (_, { losses, settings }: Context) =>
    losses?.map(({ resource, action }) => ({
      resource,
      message: `the change would ${action} it: all its data is lost`,
    })) ?? abandoned(settings),
};

/** Consents to lose a database that the settings no longer have. */
function abandoned(settings: Settings | undefined) {
  const gone = [
    { section: "postgres", on: at(settings, "postgres", "enabled") === true },
    { section: "redis", on: !["none", "external"].includes(String(at(settings, "redis", "provider"))) },
  ];
  return gone.flatMap(({ section, on }) => {
    const name = at(settings, section, "mayBeDestroyed");
    if (on || typeof name !== "string") return [];
    return [
      {
        resource: name,
        message: `the settings no longer have it, and kairos:${section}.mayBeDestroyed lets the next up delete it with its data`,
      },
    ];
  });
}
