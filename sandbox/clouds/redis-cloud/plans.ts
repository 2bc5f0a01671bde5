/**
 * A few of the Essentials plans, in the regions beside Render's: the free one, and two that are paid (plans.json, with
 * its source). The vendor has one plan per size, availability and region, each with a number of its own.
 */
import table from "./plans.json" with { type: "json" };

/** Every plan that can be had; their ids stay the same. */
export const plans = table.regions.flatMap((region, index) =>
  table.sizes.map(({ firstId, ...size }) => ({
    id: firstId + index,
    ...{ ...table.everywhere, region, regionId: index + 1 },
    ...size,
  })),
);

/** A plan as `GET /fixed/plans` lists it; its price is per month. */
export type Plan = (typeof plans)[number];

/**
 * Whether a subscription can go from one plan to another: it stays in its region, and over several zones or not.
 * https://redis.io/docs/latest/operate/rc/subscriptions/view-essentials-subscription/
 */
export const leadsTo = (from: Plan, to: Plan): boolean =>
  from.region === to.region && (from.availability === "Multi-zone") === (to.availability === "Multi-zone");
