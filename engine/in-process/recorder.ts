/**
 * The engine in process: Pulumi's own monitor for tests, extended to record what a program registers. It keeps no state
 * and updates nothing; what vendors would answer, whoever runs the program says.
 */
import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type resources from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor, type Mocks } from "@pulumi/pulumi/runtime/mocks.js";
import { UserError } from "../errors.ts";
import { Hooks } from "./hooks.ts";

/** What a resource was registered with. */
export interface Registration {
  urn: string;
  /** Logical name. */
  name: string;
  type: string;
  /** URN; empty for the stack, and where the program runs without one. */
  parent: string;
  /** False for a component. */
  custom: boolean;
  protect: boolean;
  /** In wire form, secrets marked: see wire.ts. */
  inputs: Record<string, unknown>;
  /** The same as the protocol has it, which is what a hook gets. */
  object: ReturnType<Request["getObject"]>;
  /** URNs; a component stands for its children. */
  dependsOn: string[];
  ignoreChanges: string[];
  aliases: string[];
  /** The id of what it takes over; empty for what is created. */
  importId: string;
  deleteBeforeReplace: boolean;
  /** Names of its hooks. */
  hooks: { beforeCreate: string[]; beforeUpdate: string[] };
}

/** A stack's name and configuration, as a program reads them. */
export interface ProgramContext {
  project: string;
  stack: string;
  values: Record<string, string>;
  /** Keys of the values that are secret. */
  secretKeys?: string[];
  /** Whether the program is told that nothing will be changed. */
  preview: boolean;
}

/** How a monitor answers a call. */
export type Callback = (error: unknown, response: unknown) => void;

type Request = resources.RegisterResourceRequest;
type Response = resources.RegisterResourceResponse;

export class Recorder extends MockMonitor {
  /** Rejects when the program fails, wherever: in its body, in a resource, in an output that nobody reads. */
  readonly failed: Promise<never>;
  protected readonly reject: (error: Error) => void;
  /** How long nothing may happen, in milliseconds, until it is sure that nothing more will. */
  protected readonly quiet: number = 20;
  /** In the order in which the program came with them. */
  readonly registrations: Registration[] = [];
  readonly hooks = new Hooks();

  constructor(answers: Mocks) {
    super(answers);
    // The monitor's own leaves out all but the last parent, and knows no stack.
    Object.assign(this, { newUrn });
    let reject: (error: Error) => void = () => {};
    this.failed = new Promise<never>((_, failed) => {
      reject = failed;
    });
    this.reject = reject;
    // Whoever waits hears of it; until then it is no unhandled rejection.
    this.failed.catch(() => {});
  }

  /**
   * Runs a program to its end.
   *
   * @returns its outputs
   * @throws UserError with whatever the program threw, wherever it did
   */
  async run(context: ProgramContext, body: () => Promise<unknown>): Promise<Record<string, unknown>> {
    await this.attach(context);
    const fail = (error: unknown) =>
      this.fail(new UserError(error instanceof Error ? error.message : String(error)));
    process.on("unhandledRejection", fail).on("uncaughtException", fail);
    const restore = withoutStacks();
    const finished = async () => {
      const outputs = await pulumi.runtime.runInPulumiStack(body as () => Promise<pulumi.Inputs>);
      await pulumi.runtime.disconnect();
      return outputs ?? {};
    };
    try {
      const ended = Promise.race([finished().catch(fail), this.failed]);
      const outputs = await ended.finally(() => pause(this.quiet));
      return outputs === undefined || this.hasFailed ? await this.failed : outputs;
    } finally {
      restore();
      process.off("unhandledRejection", fail).off("uncaughtException", fail);
    }
  }

  /** Notes what went wrong. */
  protected fail(error: Error): void {
    this.hasFailed = true;
    this.reject(error);
  }

  protected hasFailed = false;

  /** Makes it the engine of whatever is registered from now on. There is one of them per process. */
  async attach({ project, stack, values, secretKeys, preview }: ProgramContext): Promise<void> {
    pulumi.runtime.setMockOptions(this, project, stack, preview, "organization");
    pulumi.runtime.setAllConfig(values, secretKeys);
    // Secrets and hooks are among the features. Part of the runtime, but left out of its type declarations.
    await (pulumi.runtime as unknown as { awaitFeatureSupport(): Promise<void> }).awaitFeatureSupport();
  }

  override async registerResource(request: Request, callback: Callback): Promise<void> {
    await this.register(request).then(
      (response) => callback(null, response),
      (error) => callback(error, undefined),
    );
  }

  /** @throws UserError for a second resource of the same type and name */
  protected async register(request: Request): Promise<Response> {
    const registration = registrationOf(request);
    if (this.registrations.some(({ urn }) => urn === registration.urn))
      throw new UserError(`two resources of type ${request.getType()} are named ${request.getName()}`);
    this.record(registration);
    return new Promise<Response>((resolve, reject) => {
      void super.registerResource(request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }

  protected record(registration: Registration): void {
    this.registrations.push(registration);
  }

  registerResourceHook(request: resources.RegisterResourceHookRequest, callback: Callback): void {
    this.hooks.register(request);
    callback(null, {});
  }
}

/**
 * Nobody is shown where a promise or a resource was made, which the SDK notes of each: with many services that is a
 * quarter of a plan's time. KAIROS_DEBUG=1 keeps it.
 *
 * @returns brings it back
 */
function withoutStacks(): () => void {
  if (process.env.KAIROS_DEBUG === "1") return () => undefined;
  // Part of the runtime, but left out of its type declarations.
  const sdk = pulumi.Resource as unknown as { callsites: () => unknown[] };
  const { stackTraceLimit } = Error;
  const { callsites } = sdk;
  Error.stackTraceLimit = 0;
  sdk.callsites = () => [];
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
    sdk.callsites = callsites;
  };
}

/** What a request registers. */
export function registrationOf(request: Request): Registration {
  return {
    urn: newUrn(request.getParent(), request.getType(), request.getName()),
    name: request.getName(),
    type: request.getType(),
    parent: request.getParent(),
    custom: request.getCustom(),
    protect: request.getProtect() ?? false,
    object: request.getObject(),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    dependsOn: request.getDependenciesList(),
    ignoreChanges: request.getIgnorechangesList(),
    aliases: request.getAliasurnsList(),
    importId: request.getImportid(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    hooks: {
      beforeCreate: request.getHooks()?.getBeforeCreateList() ?? [],
      beforeUpdate: request.getHooks()?.getBeforeUpdateList() ?? [],
    },
  };
}

/** A URN as the real engine makes it: the stack is everybody's parent and no part of the type. */
export function newUrn(parent: string, type: string, name: string): string {
  const parentType = parent.split("::")[2] ?? "";
  const qualified =
    parentType === "" || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${qualified}::${name}`;
}
