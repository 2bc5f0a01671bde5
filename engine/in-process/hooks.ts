/** Resource hooks of a program that runs in process, called as the engine calls them. */
import * as pulumi from "@pulumi/pulumi";
import type resources from "@pulumi/pulumi/proto/resource_pb.js";

/** A hook, as the SDK keeps it for the engine's calls. */
type Callback = (request: Uint8Array) => Promise<resources.ResourceHookResponse>;

interface Hook {
  /** Whether previews run it, too. */
  onDryRun: boolean;
  ignoreErrors: boolean;
  token: string;
}

/** The hooks that a program has registered. */
export class Hooks {
  private readonly byName = new Map<string, Hook>();
  /** The SDK's side, which it gives up when the program ends. It is no public part of the SDK. */
  private callbacks: ReadonlyMap<string, Callback> | undefined;

  register(request: resources.RegisterResourceHookRequest): void {
    const server = pulumi.runtime.getCallbacks() as unknown as { _callbacks: Map<string, Callback> };
    this.callbacks = server._callbacks;
    this.byName.set(request.getName(), {
      onDryRun: request.getOnDryRun(),
      ignoreErrors: request.getIgnoreErrors(),
      token: request.getCallback()?.getToken() ?? "",
    });
  }

  get(name: string): Pick<Hook, "onDryRun"> | undefined {
    return this.byName.get(name);
  }

  /**
   * Runs hooks one after the other.
   *
   * @throws Error with the message of the first that failed
   */
  async run(names: readonly string[], event: resources.ResourceHookRequest): Promise<void> {
    for (const name of names) {
      const hook = this.byName.get(name);
      const call = this.callbacks?.get(hook?.token ?? "");
      if (hook === undefined || call === undefined) throw new Error(`the hook ${name} is not registered`);
      const error = (await call(event.serializeBinary())).getError();
      if (error !== "" && !hook.ignoreErrors) throw new Error(error);
    }
  }
}
