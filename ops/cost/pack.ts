/** Where the policy pack starts: with the prices, which the program itself does not know. */
import { registerPack } from "../../infra/policies/pack.ts";
import { estimate, redisCloudPlan } from "./estimate.ts";

registerPack(
  (settings) => (resources) =>
    estimate(resources, { now: new Date(), redisCloudPlan: redisCloudPlan(settings) }),
);
