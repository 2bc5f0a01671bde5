/**
 * The embedded engine: Pulumi's own in-process monitor, extended to record what a program registers. It keeps no
 * state and calls nobody.
 */
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import type { Tokens } from "./tokens.ts";
import { vendorOutputs } from "./vendor-outputs.ts";

/** A registration as it came in; `inputs` in Pulumi's wire form, secrets marked by signature. */
export interface Registration {
  urn: string;
  name: string;
  type: string;
  parent: string;
  custom: boolean;
  protect: boolean;
  inputs: Record<string, unknown>;
  dependsOn: string[];
  ignoreChanges: string[];
  aliases: string[];
}

// The wire form of a value that is not known yet. Source: Pulumi's deployment protocol, `UnknownStringValue`.
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// The monitor's requests are protocol buffers without type declarations for this class' methods.
interface WireRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getProtect(): boolean;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getAliasurnsList(): string[];
}
/** How a monitor answers a call. */
export type Callback = (error: unknown, response: unknown) => void;

/** Records registrations and answers as a preview would, with tokens where a vendor would have answered. */
export class RecordingMonitor extends MockMonitor {
  readonly registrations: Registration[] = [];

  constructor(tokens: Tokens) {
    super({
      newResource: (args) => {
        const { id, outputs } = vendorOutputs(tokens, args);
        return { id: args.custom === false ? "" : id, state: { ...args.inputs, ...outputs } };
      },
      call: ({ token }) => answer(token),
    });
    Object.assign(this, { newUrn });
  }

  override async registerResource(request: WireRequest, callback: Callback): Promise<void> {
    await super.registerResource(request, (error: unknown, response: { getUrn(): string } | undefined) => {
      if (response === undefined) return callback(error, response);
      const urn = response.getUrn();
      if (this.registrations.some((other) => other.urn === urn))
        return callback(
          new Error(`two resources of type ${request.getType()} are named ${request.getName()}`),
          undefined,
        );
      this.registrations.push({
        urn,
        name: request.getName(),
        type: request.getType(),
        parent: request.getParent(),
        custom: request.getCustom(),
        protect: request.getProtect(),
        inputs: request.getObject()?.toJavaScript() ?? {},
        dependsOn: request.getDependenciesList(),
        ignoreChanges: request.getIgnorechangesList(),
        aliases: request.getAliasurnsList(),
      });
      callback(error, response);
    });
  }

  /** Hooks are for the real engine; here they are only known to exist. */
  registerResourceHook(_request: unknown, callback: Callback): void {
    callback(null, {});
  }
}

/** A URN as the real engine makes it: the stack is everybody's parent and no part of the type. */
export function newUrn(parent: string, type: string, name: string): string {
  const parentType = parent.split("::")[2] ?? "";
  const qualified =
    parentType === "" || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${qualified}::${name}`;
}

/** What a data source answers where nobody is asked. */
function answer(token: string): Record<string, unknown> {
  // There is no state to ask about; `--against` compares instead.
  if (token === "pulumi:pulumi:readStackResourceOutputs") return {};
  return { id: unknownValue };
}
