import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type engine from "@pulumi/pulumi/proto/engine_pb.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { canary, leaks } from "../tests/canaries.ts";
import { run } from "../tests/helpers/program.ts";
import { keepValuesOutOfDebugLog } from "./debug-log.ts";
import { existingResources } from "./state.ts";

class Resource extends pulumi.CustomResource {}

const type = "test:index:Resource";
const messages: string[] = [];
const nothing = EngineService.log.responseDeserialize(Buffer.of());
const log: grpc.handleUnaryCall<engine.LogRequest, typeof nothing> = ({ request }, answer) => {
  messages.push(request.getMessage());
  answer(null, nothing);
};

const server = new grpc.Server();
const logTo = (address: string) =>
  pulumi.runtime.resetOptions("kairos", "test", -1, address, "mock", false, "");

beforeAll(async () => {
  server.addService(EngineService, { log });
  const bind = promisify(server.bindAsync.bind(server));
  logTo(`127.0.0.1:${await bind("127.0.0.1:0", grpc.ServerCredentials.createInsecure())}`);
});
afterAll(() => {
  logTo("");
  server.forceShutdown();
});

// With the SDK itself: whoever updates it learns here that it says the same in other words.
it("sends the engine no value that a resource or the state has, and no argument of a question", async () => {
  const [password, token, argument, marked] = [canary(), canary(), canary(), canary()];
  const outputs = { url: `rediss://u:${encodeURIComponent(password)}@host`, marked: pulumi.secret(marked) };
  const read = () => {
    keepValuesOutOfDebugLog();
    new Resource(type, "created", { token });
    new Resource(type, "read", {}, { id: "id" });
    const asked = pulumi.runtime.invoke("test:index:ask", { argument: pulumi.secret(argument) });
    return Promise.all([asked, existingResources()]);
  };
  await run(read, { outputs: { [type]: outputs }, state: { urn: { type, outputs: { token } } } });
  const all = messages.join("\n");
  expect(leaks(all, [password, token, argument, marked])).toEqual([]);
  expect(all).toContain(`RegisterResource RPC finished: resource:created[${type}]; err: null`);
  expect(all).toContain(`ReadResource RPC finished: resource:read[${type}]`);
  expect(all).toContain("Invoke RPC finished: tok=pulumi:pulumi:readStackResourceOutputs");
});
