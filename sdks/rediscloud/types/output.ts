/** The objects inside outputs, under the names the generated SDK gives them: `rediscloud.types.output.…`. */
import type { Read } from "../../bridge.ts";
import type * as shape from "../shapes.ts";

export interface EssentialsDatabaseAlert extends Read<shape.Alert> {}
export interface EssentialsDatabaseModule extends Read<shape.Module> {}
export interface EssentialsDatabaseReplica extends Read<shape.Replica> {}
export interface EssentialsDatabaseReplicaSyncSource extends Read<shape.SyncSource> {}
export interface EssentialsDatabaseTimeouts extends Read<shape.Timeouts> {}
export interface EssentialsSubscriptionTimeouts extends Read<shape.Timeouts> {}
