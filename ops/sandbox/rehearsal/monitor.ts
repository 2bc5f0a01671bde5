/**
 * The embedded engine of a rehearsal: what a program registers is created in the vendors' models, hooks included. What an
 * earlier rehearsal made stays; what is no longer registered goes at the end.
 */
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import type { MockResourceResult } from "@pulumi/pulumi/runtime/mocks.js";
import type { Step } from "../../../engine/cli/operation.ts";
import { UserError } from "../../../engine/errors.ts";
import {
  type Callback,
  newUrn,
  type ProgramContext,
  Recorder,
  type Registration,
  registrationOf,
} from "../../../engine/in-process/recorder.ts";
import { closed, opened } from "../../../engine/in-process/wire.ts";
import type { PolicyResource } from "../../../infra/policies/model.ts";
import type { Store } from "../../../sandbox/clouds/store.ts";
import { essentialsPlan, planToken } from "./redis.ts";
import type { Translation, Translations } from "./vendor.ts";

/** What rehearsals of a sandbox have made: by URN, in the order in which it was ready. Secret: it holds passwords. */
export type Made = Record<string, MadeResource>;

interface MadeResource {
  name: string;
  type: string;
  id: string;
  /** Not removed before its setting says, by name, that it may go. */
  protect: boolean;
  /** In wire form: what it was registered with, and what its creation gave beside that. */
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

const stateOf = ({ inputs, outputs }: MadeResource) => ({ ...inputs, ...outputs });
/** As the vendor's models take it. */
const openState = (one: MadeResource) => ({ ...(opened(stateOf(one)) as object), id: one.id });

type Request = resources.RegisterResourceRequest;

/** In so many steps: a process that was held up gets to its own work between them, however late it is. */
const steps = 10;

/** Creates and changes, one after the other or side by side as the program's dependencies say. */
export class RehearsalMonitor extends Recorder {
  private readonly failures: Error[] = [];
  private readonly translations: Translations;
  private readonly made: Store<Made>;
  private readonly onStep: (step: Step) => void;
  private atWork = 0;
  private inBody = false;
  private silence: NodeJS.Timeout | undefined;
  /** A failure does not stop what does not depend on it. */
  protected override readonly quiet = 100;

  constructor(translations: Translations, made: Store<Made>, onStep: (step: Step) => void) {
    super({
      newResource: ({ inputs, custom }) => (custom === false ? { id: "", state: inputs } : this.provide()),
      call: ({ token, inputs }) => this.call(token, inputs),
    });
    this.translations = translations;
    this.made = made;
    this.onStep = onStep;
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
    const step = { name, type, op: this.operationOn(registrationOf(request)) };
    this.begin();
    this.onStep({ ...step, state: "started" });
    try {
      const response = await this.register(request);
      this.onStep({ ...step, state: "done" });
      callback(null, response);
    } catch (error) {
      // Never answered: what depends on it waits for ever, as it does when an engine goes away.
      this.onStep({ ...step, state: "failed" });
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

  /** Removes what the program no longer registers, the newest first: nothing depends on it any more. */
  async removeOthers(): Promise<void> {
    for (const [urn, one] of Object.entries(this.made.data).reverse()) {
      if (this.registrations.some((other) => other.urn === urn)) continue;
      const { name, type } = one;
      const step = { name, type, op: "delete" };
      this.onStep({ ...step, state: "started" });
      try {
        if (one.protect)
          throw new UserError("it is protected; expected its name in its setting mayBeDestroyed");
        await this.translationOf(type).remove(openState(one) as never);
        delete this.made.data[urn];
        this.made.save();
        this.onStep({ ...step, state: "done" });
      } catch (error) {
        this.onStep({ ...step, state: "failed" });
        throw this.explained(`${name} (${type})`, error);
      }
    }
  }

  /** Hooks, creation or change, hooks. */
  protected override async register(request: Request): Promise<resources.RegisterResourceResponse> {
    if (request.getImportid() !== "")
      throw new UserError("an earlier run was stopped while it was made, which only pulumi up can take over");
    const op = this.operationOn(registrationOf(request));
    if (!request.getCustom() || op === "same") return super.register(request);
    const event = new resources.ResourceHookRequest();
    event.setUrn(newUrn(request.getParent(), request.getType(), request.getName()));
    event.setName(request.getName());
    event.setType(request.getType());
    event.setNewInputs(request.getObject());
    const refused = (error: Error) => Promise.reject(new UserError(error.message));
    const all = request.getHooks();
    const [before, after] =
      op === "create"
        ? [all?.getBeforeCreateList(), all?.getAfterCreateList()]
        : [all?.getBeforeUpdateList(), all?.getAfterUpdateList()];
    await this.hooks.run(before ?? [], event).catch(refused);
    const response = await super.register(request);
    event.setId(response.getId());
    event.setNewOutputs(response.getObject());
    await this.hooks.run(after ?? [], event).catch(refused);
    return response;
  }

  /** What has to be done about a resource: as it was registered before, with other inputs, or not at all. */
  private operationOn({ urn, inputs }: Pick<Registration, "urn" | "inputs">): "create" | "update" | "same" {
    const before = this.made.data[urn];
    if (before === undefined) return "create";
    return isDeepStrictEqual(before.inputs, inputs) ? "same" : "update";
  }

  /** Makes, changes or knows already what was registered last: the monitor asks at once. */
  private async provide(): Promise<MockResourceResult> {
    const registration = this.registrations.at(-1) as Registration;
    const { urn, name, type, protect, inputs } = registration;
    const translation = this.translationOf(type);
    const unknown = Object.keys(inputs).filter((property) => !translation.properties.includes(property));
    if (unknown.length > 0)
      throw new UserError(`the rehearsal does not know its ${unknown.join(", ")}; pulumi up does`);
    const before = this.made.data[urn];
    const created = before ?? (await translation.create(opened(inputs) as never));
    const made = { name, type, id: created.id, protect, inputs, outputs: created.outputs };
    if (before !== undefined) await change(translation, before, made);
    this.made.data[urn] = made;
    this.made.save();
    return { id: made.id, state: stateOf(made) };
  }

  private call(token: string, inputs: Record<string, unknown>): Record<string, unknown> | Promise<never> {
    if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: this.existing() };
    try {
      if (token !== planToken)
        throw new UserError("the rehearsal does not know this data source; pulumi up does");
      return essentialsPlan(opened(inputs) as object);
    } catch (error) {
      this.fail(this.explained(token, error));
      // Never answered either, and the program's body may be waiting for it.
      this.leaveBody();
      return new Promise<never>(() => {});
    }
  }

  /** What the state of an engine would say of what there is. */
  private existing(): Record<string, unknown> {
    const states = Object.entries(this.made.data).map(([urn, one]) => {
      return [urn, { type: one.type, outputs: openState(one) }] as const;
    });
    return Object.fromEntries(states);
  }

  private translationOf(type: string): Translation {
    const translation = this.translations[type];
    if (translation === undefined)
      throw new UserError("the rehearsal does not know this type of resource; pulumi up does");
    return translation;
  }

  /** One line of what a person can put right; a defect stays the error that it is. */
  private explained(what: string, error: unknown): Error {
    if (error instanceof UserError) return new UserError(`${what}: ${error.message}`);
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

/** @throws UserError where more changed than the one input that can change */
async function change({ changes }: Translation, { inputs: from }: MadeResource, to: MadeResource) {
  const keys = Object.keys({ ...from, ...to.inputs });
  const changed = keys.filter((key) => !isDeepStrictEqual(from[key], to.inputs[key]));
  const others = changed.filter((key) => key !== changes?.property);
  if (others.length > 0)
    throw new UserError(`the rehearsal cannot change its ${others.join(", ")}; pulumi up does`);
  if (changed.length > 0) await changes?.to(openState(to) as never);
}
