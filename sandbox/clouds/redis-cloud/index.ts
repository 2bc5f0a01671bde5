export { RedisCloudError } from "./error.ts";
export { redisCloudApi } from "./http.ts";
export { RedisCloudAccount, type RedisCloudOptions } from "./model.ts";
export { plans } from "./plans.ts";
export * as requests from "./requests.ts";
