/**
 * A few of the Essentials plans, in the regions beside Render's: the free one, and a paid one. The vendor has one plan
 * per size and region, each with a number of its own. The fields and the paid plan's figures are those of the answers
 * recorded in Redis Cloud's Go client (`fixed_plans_test.go`); the numbers of the plans are ours, but for the first.
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
  ];
});

/** A plan as `GET /fixed/plans` lists it; its price is per month. */
export type Plan = (typeof plans)[number];
