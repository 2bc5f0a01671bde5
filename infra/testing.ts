/**
 * For the tests of this folder: runs parts of the program on Pulumi's in-process monitor and keeps what they
 * register. Vendors answer as their providers' schemas say, with passwords made up for each run.
 */
import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor, type MockResourceArgs } from "@pulumi/pulumi/runtime/mocks.js";
import type { Settings } from "./settings/index.ts";
import { schemaOf } from "./settings/rules.ts";

/** The key under which Pulumi's wire form marks special values, and its word for a secret. */
export const wire = { key: "4dabf18193072939515e22adb298388d", secret: "1b47061264138c4ac30d75fd1eb44270" };

/** A secret as {@link Registration.inputs} shows it: a test that compares inputs compares secrecy too. */
export const secret = (value: unknown) => ({ secret: value });

/** A password that nobody has: with the characters that a URL gives a meaning to. */
export const newPassword = () => `${randomBytes(12).toString("base64url")}@:/%#? ï`;

/** What a resource was registered with. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  /** URN; empty for what stands at the top. */
  parent: string;
  inputs: Record<string, unknown>;
  /** The same in wire form, as a hook gets it. */
  wireInputs: ReturnType<resources.RegisterResourceRequest["getObject"]>;
  protect: boolean;
  ignoreChanges: string[];
  deleteBeforeReplace: boolean;
  /** URNs; a component stands for its children. */
  dependsOn: string[];
  hooks: { beforeCreate: string[]; beforeUpdate: string[] };
}

/** Answers that differ from {@link vendorAnswers}. */
export interface Answers {
  /** Outputs by type; a resource's other outputs are its inputs. */
  outputs?: Record<string, Record<string, unknown>>;
  /** What the engine's state holds of earlier runs. */
  state?: Record<string, { type: string; outputs: Record<string, unknown> }>;
}

type Callback = (error: unknown, response: unknown) => void;
type Callbacks = Map<string, (request: Uint8Array) => Promise<{ getError(): string }>>;

/** The monitor. */
export class Recorder extends MockMonitor {
  readonly registrations: Registration[] = [];
  readonly calls: { token: string; inputs: unknown }[] = [];
  /** By name: whether previews run it too, and how to call it. */
  readonly hooks = new Map<string, { onDryRun: boolean; token: string }>();

  constructor({ outputs = {}, state = {} }: Answers = {}) {
    super({
      newResource: ({ type, name, inputs, custom }: MockResourceArgs) => ({
        // Redis Cloud numbers what it creates.
        id: custom === false ? "" : type.startsWith("rediscloud:") ? "51234" : `${name}-id`,
        state: { ...inputs, ...vendorAnswers()[type], ...outputs[type] },
      }),
      call: ({ token, inputs }) => {
        this.calls.push({ token, inputs });
        return token === "pulumi:pulumi:readStackResourceOutputs" ? { outputs: state } : { id: 34858 };
      },
    });
  }

  /** Resources of one type, written as the last part of its token: `Postgres`, `AdvancedCluster`. */
  all(type: string): Registration[] {
    return this.registrations.filter((one) => one.type.endsWith(`:${type}`) && !isComponent(one));
  }

  /** The only registration of a type. */
  one(type: string): Registration {
    const [found, ...more] = this.all(type);
    if (found === undefined || more.length > 0)
      throw new Error(`${this.all(type).length} resources of type ${type}; expected one`);
    return found;
  }

  /** Calls a hook of a resource as the engine does, and gives the error that the engine would show. */
  async runHook(name: string, { wireInputs }: Registration): Promise<string> {
    const hook = this.hooks.get(name);
    const call = hook && this.callbacks?.get(hook.token);
    if (call === undefined) throw new Error(`no hook is named ${name}`);
    const request = new resources.ResourceHookRequest();
    request.setNewInputs(wireInputs);
    return (await call(request.serializeBinary())).getError();
  }

  /** The SDK's side of the hooks, which it gives up when the program ends. */
  private callbacks: Callbacks | undefined;

  registerResourceHook(request: resources.RegisterResourceHookRequest, callback: Callback): void {
    const server = pulumi.runtime.getCallbacks() as unknown as { _callbacks: Callbacks };
    this.callbacks = server._callbacks;
    this.hooks.set(request.getName(), {
      onDryRun: request.getOnDryRun(),
      token: request.getCallback()?.getToken() ?? "",
    });
    callback(null, {});
  }

  override async registerResource(request: resources.RegisterResourceRequest, callback: Callback) {
    await super.registerResource(request, (error, response: { getUrn(): string } | undefined) => {
      const wireInputs = request.getObject();
      if (response !== undefined)
        this.registrations.push({
          urn: response.getUrn(),
          type: request.getType(),
          name: request.getName(),
          parent: request.getParent(),
          inputs: readable(wireInputs?.toJavaScript() ?? {}) as Record<string, unknown>,
          wireInputs,
          protect: request.getProtect() ?? false,
          ignoreChanges: request.getIgnorechangesList(),
          deleteBeforeReplace: request.getDeletebeforereplace(),
          dependsOn: request.getDependenciesList(),
          hooks: {
            beforeCreate: request.getHooks()?.getBeforeCreateList() ?? [],
            beforeUpdate: request.getHooks()?.getBeforeUpdateList() ?? [],
          },
        });
      callback(error, response);
    });
  }
}

/** Runs a program, or a part of one, to the end. */
export async function run<T>(
  program: () => T,
  answers: Answers = {},
  config: Record<string, string> = {},
): Promise<{ result: Awaited<T>; recorder: Recorder }> {
  const recorder = await start(answers, config);
  const result = await program();
  await pulumi.runtime.disconnect();
  return { result, recorder };
}

/**
 * Starts a monitor; what is registered from now on goes there. There is no root stack, so that URNs are those of
 * the real engine, which leaves the stack out of them.
 */
export async function start(answers: Answers = {}, config: Record<string, string> = {}): Promise<Recorder> {
  const recorder = new Recorder(answers);
  pulumi.runtime.setMockOptions(recorder, "kairos", "test", false, "organization");
  pulumi.runtime.setAllConfig(config);
  // Part of the runtime, but left out of its type declarations.
  await (pulumi.runtime as unknown as { awaitFeatureSupport(): Promise<void> }).awaitFeatureSupport();
  return recorder;
}

/** Settings as the program reads them: defaults filled in, rules obeyed. */
export function settingsOf(sections: Record<string, unknown> = {}): Settings {
  return schemaOf().parse({ ...minimal, ...sections });
}

/** `kairos:mongodb` with the given settings beside those that it must have. */
export const mongodbOf = (settings: object = {}) => ({ ...minimal.mongodb, ...settings });

const minimal = {
  mongodb: {
    project: { id: "0123456789abcdef01234567" },
    tier: "M10",
    accessList: [{ cidr: "203.0.113.0/24", comment: "Render, outbound" }],
  },
  backend: [{ name: "kairos-backend", link: "srv-01234567890123456789" }],
};

/** Value and secrecy of an output. */
export async function opened<T>(output: pulumi.Output<T>): Promise<{ value: T; isSecret: boolean }> {
  const { promise } = output as unknown as { promise(): Promise<T> };
  return { value: await promise(), isSecret: await pulumi.isSecret(output) };
}

/** What the program reads of the vendors' answers. */
function vendorAnswers(): Record<string, Record<string, unknown>> {
  const password = newPassword();
  const login = (user: string) => `${user}:${encodeURIComponent(password)}`;
  return {
    "mongodbatlas:index/advancedCluster:AdvancedCluster": {
      connectionStrings: { standardSrv: "mongodb+srv://cluster0.abc.mongodb.net" },
    },
    "random:index/randomPassword:RandomPassword": { result: password },
    "render:index/postgres:Postgres": {
      connectionInfo: {
        internalConnectionString: `postgresql://${login("kairos")}@dpg-x-a/kairos_b34d`,
        externalConnectionString: `postgresql://${login("kairos")}@dpg-x-a.oregon-postgres.render.com/kairos_b34d`,
      },
    },
    "render:index/keyvalue:Keyvalue": {
      connectionInfo: { internalConnectionString: "redis://red-x:6379" },
    },
    "upstash:index/redisDatabase:RedisDatabase": {
      databaseId: "8f1c",
      password,
      endpoint: "eager-cat-1.upstash.io",
      port: 6379,
    },
    "rediscloud:index/essentialsDatabase:EssentialsDatabase": {
      publicEndpoint: "redis-1.c1.us-west-2-1.ec2.redns.redis-cloud.com:14567",
    },
  };
}

const isComponent = ({ type }: Registration) => type.startsWith("kairos:");

function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (object[wire.key] === wire.secret) return secret(readable(object.value));
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, readable(inner)]));
}
