export { type RedisCloudCredentials, redisCloudApi } from "./http.ts";
export { RedisCloudAccount, RedisCloudError, type RedisCloudOptions } from "./model.ts";
export { plans } from "./plans.ts";
