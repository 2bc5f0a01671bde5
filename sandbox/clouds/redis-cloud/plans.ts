/**
 * A few of the Essentials plans, in the regions beside Render's: the free one, and two that are paid. The vendor has one
 * plan per size, availability and region, each with a number of its own. The fields and the first paid plan's figures are
 * those of the answers recorded in Redis Cloud's Go client (`fixed_plans_test.go`); those of the second stand in
 * https://redis.io/docs/latest/operate/rc/subscriptions/view-essentials-subscription/essentials-plan-details/, but for its
 * price. The numbers of the plans are ours, but for the first.
 */

const free = {
  name: "30MB",
  size: 30,
  sizeMeasurementUnit: "MB",
  price: 0,
  maximumThroughput: 100,
  maximumBandwidthGB: 5,
  availability: "No replication",
  connections: "30",
  cidrAllowRules: 1,
  supportDataPersistence: false,
  supportInstantAndDailyBackups: false,
  supportReplication: false,
  supportedAlerts: ["connections-limit", "datasets-size"],
  customerSupport: "Basic",
};

const paid = {
  name: "Single-Zone_1GB",
  size: 1,
  sizeMeasurementUnit: "GB",
  price: 23,
  maximumThroughput: 2000,
  maximumBandwidthGB: 200,
  availability: "Single-zone",
  connections: "1024",
  cidrAllowRules: 8,
  supportDataPersistence: true,
  supportInstantAndDailyBackups: true,
  supportReplication: true,
  supportedAlerts: [
    "connections-limit",
    "datasets-size",
    "latency",
    "throughput-higher-than",
    "throughput-lower-than",
  ],
  customerSupport: "Standard",
};

const overZones = {
  ...paid,
  name: "Multi-Zone_5GB",
  size: 5,
  price: 200,
  maximumThroughput: 8000,
  maximumBandwidthGB: 800,
  availability: "Multi-zone",
  connections: "5000",
  cidrAllowRules: 16,
};

const everywhere = {
  provider: "AWS",
  priceCurrency: "USD",
  pricePeriod: "Month",
  maximumDatabases: 1,
  supportClustering: false,
};

const regions = ["us-east-1", "us-west-2", "us-east-2", "eu-central-1", "ap-southeast-1"];

/** Every plan that can be had; their ids stay the same. */
export const plans = regions.flatMap((region, index) => {
  const place = { ...everywhere, region, regionId: index + 1 };
  return [
    { id: 34_858 + index, ...place, ...free },
    { id: 34_944 + index, ...place, ...paid },
    { id: 35_012 + index, ...place, ...overZones },
  ];
});

/** A plan as `GET /fixed/plans` lists it; its price is per month. */
export type Plan = (typeof plans)[number];

/**
 * Whether a subscription can go from one plan to another: it stays in its region, and over several zones or not.
 * https://redis.io/docs/latest/operate/rc/subscriptions/view-essentials-subscription/
 */
export const leadsTo = (from: Plan, to: Plan): boolean =>
  from.region === to.region && (from.availability === "Multi-zone") === (to.availability === "Multi-zone");
