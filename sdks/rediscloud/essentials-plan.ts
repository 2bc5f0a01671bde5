import * as pulumi from "@pulumi/pulumi";
import { invokeOptions, packageRef } from "../bridge.ts";
import { rediscloud } from "./package.ts";

/** What the plan must be. Exactly one plan has to fit: none, or more than one, is an error. */
export interface GetEssentialsPlanArgs {
  id?: number | undefined;
  /** Such as `30MB`: the same in every region. */
  name?: string | undefined;
  /** `AWS`, `GCP` or `Azure`. */
  cloudProvider?: string | undefined;
  /** Region in the cloud provider's own notation. */
  region?: string | undefined;
  /** Capacity, in `sizeMeasurementUnit`. */
  size?: number | undefined;
  /** `MB` or `GB`. */
  sizeMeasurementUnit?: string | undefined;
  /** `No replication`, `Single-zone` or `Multi-zone`. */
  availability?: string | undefined;
  /** Only `true` narrows the choice: the provider takes `false` for not given. */
  supportDataPersistence?: boolean | undefined;
  /** Only `true` narrows the choice: the provider takes `false` for not given. */
  supportReplication?: boolean | undefined;
  /** Only plans this subscription may move to. */
  subscriptionId?: number | undefined;
}

/** The arguments, where each may still be an output. */
export interface GetEssentialsPlanOutputArgs extends Inputs<GetEssentialsPlanArgs> {}

/** A plan as Redis Cloud offers it. */
export interface GetEssentialsPlanResult {
  readonly availability: string;
  /** How many CIDR blocks may be allowed. */
  readonly cidrAllowRules: number;
  readonly cloudProvider: string;
  /** Concurrent connections, as a string since there is an `unlimited`. */
  readonly connections: string;
  readonly customerSupport: string;
  readonly id: number;
  /** Transfer in GB a month. */
  readonly maximumBandwidthInGb: number;
  readonly maximumDatabases: number;
  readonly maximumThroughput: number;
  readonly name: string;
  /** Per `pricePeriod`, in `priceCurrency`. */
  readonly price: number;
  readonly priceCurrency: string;
  /** Usually `Month`. */
  readonly pricePeriod: string;
  readonly region: string;
  readonly regionId: number;
  readonly size: number;
  readonly sizeMeasurementUnit: string;
  readonly subscriptionId?: number;
  readonly supportClustering: boolean;
  readonly supportDataPersistence: boolean;
  readonly supportInstantAndDailyBackups: boolean;
  readonly supportReplication: boolean;
  readonly supportedAlerts: string[];
}

type Inputs<Args> = { [K in keyof Args]: pulumi.Input<Args[K]> };

const token = "rediscloud:index/getEssentialsPlan:getEssentialsPlan";

/** Looks up the one plan that fits (`rediscloud_essentials_plan`, provider 2.11.0). */
export function getEssentialsPlan(
  args: GetEssentialsPlanArgs = {},
  opts?: pulumi.InvokeOptions,
): Promise<GetEssentialsPlanResult> {
  return pulumi.runtime.invoke(token, { ...args }, invokeOptions(rediscloud, opts), packageRef(rediscloud));
}

/** {@link getEssentialsPlan} for arguments that are outputs, with an output as the result. */
export function getEssentialsPlanOutput(
  args: GetEssentialsPlanOutputArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetEssentialsPlanResult> {
  return pulumi.runtime.invokeOutput(
    token,
    { ...args },
    invokeOptions(rediscloud, opts),
    packageRef(rediscloud),
  );
}
