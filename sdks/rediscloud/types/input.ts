/** The objects inside arguments, under the names the generated SDK gives them: `rediscloud.types.input.…`. */
export type {
  Alert as EssentialsDatabaseAlert,
  Module as EssentialsDatabaseModule,
  Replica as EssentialsDatabaseReplica,
  SyncSource as EssentialsDatabaseReplicaSyncSource,
  Timeouts as EssentialsDatabaseTimeouts,
  Timeouts as EssentialsSubscriptionTimeouts,
} from "../shapes.ts";
