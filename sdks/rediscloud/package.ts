import type { BridgedPackage } from "../bridge.ts";

/**
 * The Terraform provider `RedisLabs/rediscloud`, which the bridge writes in lower case. Must say what
 * `pulumi` in package.json says; a test compares them.
 */
export const rediscloud: BridgedPackage = {
  name: "rediscloud",
  version: "2.11.0",
  bridgeVersion: "1.1.3",
  parameter:
    "eyJyZW1vdGUiOnsidXJsIjoicmVnaXN0cnkub3BlbnRvZnUub3JnL3JlZGlzbGFicy9yZWRpc2Nsb3VkIiwidmVyc2lvbiI6IjIuMTEuMCJ9fQ==",
};
