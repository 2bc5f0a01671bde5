export { RedisCloudError } from "./error.ts";
export { redisCloudApi, redisCloudRoutes } from "./http.ts";
export { RedisCloudAccount, type RedisCloudOptions } from "./model.ts";
export { plans } from "./plans.ts";
export {
  type DatabaseChanges,
  type DatabaseRequest,
  described,
  type SubscriptionRequest,
} from "./requests.ts";
