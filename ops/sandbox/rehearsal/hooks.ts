/** Runs the program's resource hooks, as the engine does: by a call to the SDK's server for callbacks. */
import { credentials } from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/callback_pb.js";
import resources from "@pulumi/pulumi/proto/resource_pb.js";

/** The hooks that a program has registered. */
export class Hooks {
  private readonly byName = new Map<string, resources.RegisterResourceHookRequest>();

  register(request: resources.RegisterResourceHookRequest): void {
    this.byName.set(request.getName(), request);
  }

  /**
   * Runs hooks one after the other.
   *
   * @throws Error with the message of the first that failed
   */
  async run(names: readonly string[], event: resources.ResourceHookRequest): Promise<void> {
    for (const name of names) {
      const hook = this.byName.get(name);
      if (hook === undefined) throw new Error(`the hook ${name} is not registered`);
      const error = await call(hook, event);
      if (error !== "" && !hook.getIgnoreErrors()) throw new Error(error);
    }
  }
}

/** @returns the hook's error, empty when there is none */
async function call(
  hook: resources.RegisterResourceHookRequest,
  event: resources.ResourceHookRequest,
): Promise<string> {
  const callback = hook.getCallback();
  const request = new messages.CallbackInvokeRequest();
  request.setToken(callback?.getToken() ?? "");
  request.setRequest(event.serializeBinary());
  // It is on loopback: a proxy of the environment has no business in between.
  const direct = { "grpc.enable_http_proxy": 0 };
  const client = new rpc.CallbacksClient(callback?.getTarget() ?? "", credentials.createInsecure(), direct);
  try {
    const response = await new Promise<messages.CallbackInvokeResponse>((resolve, reject) =>
      client.invoke(request, (error, answer) => (error === null ? resolve(answer) : reject(error))),
    );
    return resources.ResourceHookResponse.deserializeBinary(response.getResponse_asU8()).getError();
  } finally {
    client.close();
  }
}
