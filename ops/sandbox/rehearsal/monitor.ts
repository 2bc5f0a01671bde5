/** The embedded engine of a rehearsal: what a program registers is created in the vendors' models, hooks included. */
import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import type { MockResourceResult } from "@pulumi/pulumi/runtime/mocks.js";
import { UserError } from "../../../engine/errors.ts";
import { type Callback, newUrn, type ProgramContext, Recorder } from "../../../engine/in-process/recorder.ts";
import { closed, opened } from "../../../engine/in-process/wire.ts";
import type { PolicyResource } from "../../../infra/policies/model.ts";
import type { ProviderModel } from "./vendor.ts";

/** A resource that was created. */
export interface RehearsedResource {
  /** Logical name. */
  name: string;
  type: string;
  id: string;
  /** How long its creation took, hooks included. */
  seconds: number;
}

/** How far a resource is. */
export interface Progress {
  name: string;
  type: string;
  state: "creating" | "created" | "failed";
  seconds?: number;
}

type Request = resources.RegisterResourceRequest;

/** In so many steps: a process that was held up gets to its own work between them, however late it is. */
const steps = 10;

/** Creates, one after the other or side by side as the program's dependencies say. */
export class RehearsalMonitor extends Recorder {
  readonly created: RehearsedResource[] = [];
  private readonly failures: Error[] = [];
  private readonly vendors: readonly ProviderModel[];
  private readonly onProgress: (progress: Progress) => void;
  private atWork = 0;
  private inBody = false;
  private silence: NodeJS.Timeout | undefined;
  /** A failure does not stop what does not depend on it. */
  protected override readonly quiet = 100;

  constructor(vendors: readonly ProviderModel[], onProgress: (progress: Progress) => void) {
    super({
      newResource: ({ type, inputs, custom }) =>
        custom === false ? { id: "", state: inputs } : this.create(type, inputs),
      call: ({ token, inputs }) => this.call(token, inputs),
    });
    this.vendors = vendors;
    this.onProgress = onProgress;
  }

  /** Until the end of the body there may be more to come, however long it takes to load an SDK. */
  override async run(
    context: ProgramContext,
    body: () => Promise<unknown>,
  ): Promise<Record<string, unknown>> {
    const outputs = super.run(context, async () => {
      this.begin();
      this.inBody = true;
      return body().finally(() => this.leaveBody());
    });
    return outputs.catch(async (error: unknown) => {
      // Else the SDK complains, when the process ends, of all that still waits. What it was doing fails now.
      pulumi.runtime.terminateRpcs();
      await pause(this.quiet);
      throw error;
    });
  }

  /** `failed` rejects once all that does not depend on the failure is done, and tells all failures. */
  protected override fail(error: Error): void {
    this.hasFailed = true;
    this.failures.push(error);
    this.settle();
  }

  override async registerResource(request: Request, callback: Callback): Promise<void> {
    const name = request.getName();
    const type = request.getType();
    if (!request.getCustom()) return super.registerResource(request, callback);
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    this.begin();
    this.onProgress({ name, type, state: "creating" });
    try {
      const response = await this.register(request);
      const done = { name, type, id: response.getId(), seconds: seconds() };
      this.created.push(done);
      this.onProgress({ name, type, state: "created", seconds: done.seconds });
      callback(null, response);
    } catch (error) {
      // Never answered: what depends on it waits for ever, as it does when an engine goes away.
      this.onProgress({ name, type, state: "failed", seconds: seconds() });
      this.fail(this.explained(`${name} (${type})`, error));
    } finally {
      this.end();
    }
  }

  /** What was registered, for the policies: without what is secret. */
  get registered(): PolicyResource[] {
    return this.registrations
      .filter(({ custom }) => custom)
      .map(({ urn, type, name, protect, inputs }) => ({
        ...{ urn, type, name, protect },
        inputs: closed(inputs) as PolicyResource["inputs"],
      }));
  }

  /** Hooks, creation, hooks. */
  protected override async register(request: Request): Promise<resources.RegisterResourceResponse> {
    if (request.getImportid() !== "") throw new UserError("the rehearsal imports nothing; pulumi up does");
    const event = new resources.ResourceHookRequest();
    event.setUrn(newUrn(request.getParent(), request.getType(), request.getName()));
    event.setName(request.getName());
    event.setType(request.getType());
    event.setNewInputs(request.getObject());
    const refused = (error: Error) => Promise.reject(new UserError(error.message));
    await this.hooks.run(request.getHooks()?.getBeforeCreateList() ?? [], event).catch(refused);
    const response = await super.register(request);
    event.setId(response.getId());
    event.setNewOutputs(response.getObject());
    await this.hooks.run(request.getHooks()?.getAfterCreateList() ?? [], event).catch(refused);
    return response;
  }

  private async create(type: string, inputs: Record<string, unknown>): Promise<MockResourceResult> {
    const translation = this.vendorOf(type)?.resources[type];
    if (translation === undefined)
      throw new UserError("the rehearsal does not know this type of resource; pulumi up does");
    const values = opened(inputs) as Record<string, unknown>;
    const unknown = Object.keys(values).filter((property) => !translation.properties.includes(property));
    if (unknown.length > 0)
      throw new UserError(`the rehearsal does not know its ${unknown.join(", ")}; pulumi up does`);
    const { id, outputs } = await translation.create(values as never);
    return { id, state: { ...inputs, ...outputs } };
  }

  private call(token: string, inputs: Record<string, unknown>): Record<string, unknown> | Promise<never> {
    // As before the first `up`: there is a state, and nothing in it.
    if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: {} };
    try {
      const answer = this.vendorOf(token)?.functions?.[token];
      if (answer === undefined)
        throw new UserError("the rehearsal does not know this data source; pulumi up does");
      return answer(opened(inputs) as never);
    } catch (error) {
      this.fail(this.explained(token, error));
      // Never answered either, and the program's body may be waiting for it.
      this.leaveBody();
      return new Promise<never>(() => {});
    }
  }

  private vendorOf(token: string): ProviderModel | undefined {
    return this.vendors.find(({ resources, functions = {} }) => token in resources || token in functions);
  }

  /** One line of what a person can put right; a defect stays the error that it is. */
  private explained(what: string, error: unknown): Error {
    if (error instanceof UserError) return new UserError(`${what}: ${error.message}`);
    for (const { name, refusal } of this.vendors) {
      const words = refusal(error);
      if (words !== undefined) return new UserError(`${what}: ${name} refused: ${words}`);
    }
    return error instanceof Error ? error : new Error(String(error));
  }

  private leaveBody(): void {
    if (!this.inBody) return;
    this.inBody = false;
    this.end();
  }

  private begin(): void {
    this.atWork += 1;
    clearTimeout(this.silence);
  }

  private end(): void {
    this.atWork -= 1;
    this.settle();
  }

  private settle(left = steps): void {
    if (this.atWork > 0 || !this.hasFailed) return;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if (left > 1) return this.settle(left - 1);
      const defect = this.failures.find((failure) => !(failure instanceof UserError));
      // What an output failed with, the outputs made of it fail with too.
      const lines = new Set(this.failures.map(({ message }) => message));
      this.reject(defect ?? new UserError([...lines].join("\n")));
      return undefined;
    }, this.quiet / steps);
  }
}
