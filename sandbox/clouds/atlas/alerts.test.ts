import { afterAll, beforeAll, expect, it } from "vitest";
import { type Call, client } from "../../../tests/helpers/atlas.ts";
import { type Served, serve } from "../serve.ts";
import { AtlasCloud, atlasApi, generateCredentials } from "./index.ts";

const credentials = generateCredentials();
const cloud = new AtlasCloud();
let served: Served;
let call: Call;
let all: string;
beforeAll(async () => {
  served = await serve(atlasApi(cloud, credentials));
  call = client(served.url, credentials);
  all = `/groups/${cloud.projects.create({ name: "one", orgId: cloud.orgId }).id}/alertConfigs`;
});
afterAll(() => served.close());

const email = { typeName: "EMAIL", emailAddress: "ops@example.com", intervalMin: 60, delayMin: 1 };
// As the provider sends it: what nobody has set, too.
const sent = { ...email, emailEnabled: false, smsEnabled: false, roles: null };
const threshold = {
  metricName: "CONNECTIONS_PERCENT",
  operator: "GREATER_THAN",
  threshold: 80,
  units: "RAW",
};
const connections = {
  eventTypeName: "OUTSIDE_METRIC_THRESHOLD",
  enabled: true,
  matchers: [],
  metricThreshold: threshold,
  notifications: [sent],
};

it("keeps an alert, replaces it as a whole, and lets it go; another project's stay", async () => {
  const other = cloud.projects.create({ name: "two", orgId: cloud.orgId }).id;
  cloud.alerts.create(other, { eventTypeName: "NO_PRIMARY", notifications: [email] });
  const made = await call("POST", all, connections);
  expect(made).toMatchObject({ status: 200, body: { metricThreshold: threshold } });
  const one = `${all}/${(made.body as { id: string }).id}`;
  const [target] = (made.body as { notifications: object[] }).notifications;
  expect(target).toEqual({ ...email, notifierId: expect.stringMatching(/^[0-9a-f]{24}$/) });
  const { metricThreshold: _, ...rest } = connections;
  await call("PUT", one, { ...rest, eventTypeName: "NO_PRIMARY" });
  expect((await call("GET", one)).body).not.toHaveProperty("metricThreshold");
  expect((await call("GET", all)).body).toMatchObject({ totalCount: 1 });
  expect((await call("DELETE", one)).status).toBe(204);
  expect(await call("GET", one)).toMatchObject({
    status: 404,
    body: { errorCode: "ALERT_CONFIG_NOT_FOUND" },
  });
  expect(cloud.alerts.list(other)).toHaveLength(1);
});

it.each([
  ["a metric without its threshold", { metricThreshold: undefined }, "MISSING_ATTRIBUTE"],
  ["a metric that Atlas does not have", { metricThreshold: { ...threshold, metricName: "DISK" } }, "INVALID"],
  ["a unit of another metric", { metricThreshold: { ...threshold, units: "SECONDS" } }, "INVALID"],
  ["nobody to tell", { notifications: [] }, "INVALID"],
  ["an e-mail to nobody", { notifications: [{ typeName: "EMAIL" }] }, "MISSING_ATTRIBUTE"],
  ["an e-mail every minute", { notifications: [{ ...email, intervalMin: 1 }] }, "INVALID"],
  ["what is no address", { notifications: [{ ...email, emailAddress: "ops" }] }, "INVALID"],
  ["a threshold of no metric", { eventTypeName: "NO_PRIMARY" }, "INVALID_ATTRIBUTE"],
])("refuses %s", async (_, change, code) => {
  const { status, body } = await call("POST", all, { ...connections, ...change });
  expect([status, (body as { errorCode: string }).errorCode]).toEqual([400, expect.stringContaining(code)]);
});
