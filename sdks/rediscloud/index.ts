/**
 * Redis Cloud's Terraform provider for Pulumi: Essentials, the small fixed-price subscriptions.
 *
 * Type tokens, properties and types are those of the SDK that `pulumi package add terraform-provider
 * RedisLabs/rediscloud` generates, which may take this one's place.
 */
export {
  EssentialsDatabase,
  type EssentialsDatabaseArgs,
  type EssentialsDatabaseState,
} from "./essentials-database.ts";
export {
  type GetEssentialsPlanArgs,
  type GetEssentialsPlanOutputArgs,
  type GetEssentialsPlanResult,
  getEssentialsPlan,
  getEssentialsPlanOutput,
} from "./essentials-plan.ts";
export {
  EssentialsSubscription,
  type EssentialsSubscriptionArgs,
  type EssentialsSubscriptionState,
} from "./essentials-subscription.ts";
export { Provider, type ProviderArgs } from "./provider.ts";
export * as types from "./types/index.ts";
