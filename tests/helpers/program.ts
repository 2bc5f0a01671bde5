/**
 * For the tests of this folder: runs parts of the program on Pulumi's in-process monitor and keeps what they
 * register. Vendors answer as their providers' schemas say, with passwords made up for each run.
 */
import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import { Recorder as InProcessRecorder, type Registration } from "../../engine/in-process/recorder.ts";
import { secretSignature, signature, withSecrets } from "../../engine/in-process/wire.ts";
import type { Settings } from "../../infra/settings/index.ts";
import { schemaOf } from "../../infra/settings/rules.ts";

/** The key under which Pulumi's wire form marks special values, and its word for a secret. */
export const wire = { key: signature, secret: secretSignature };

/** A secret as {@link Recorder} shows it: a test that compares inputs compares secrecy too. */
export const secret = (value: unknown) => ({ secret: value });

/** A password that nobody has: with the characters that a URL gives a meaning to. */
export const newPassword = () => `${randomBytes(12).toString("base64url")}@:/%#? ï`;

/** Answers that differ from {@link vendorAnswers}. */
export interface Answers {
  /** Outputs by type; a resource's other outputs are its inputs. */
  outputs?: Record<string, Record<string, unknown>>;
  /** What the engine's state holds of earlier runs. */
  state?: Record<string, { type: string; outputs: Record<string, unknown> }>;
}

/** The recorder, with what tests ask of it. */
export class Recorder extends InProcessRecorder {
  readonly calls: { token: string; inputs: unknown }[] = [];

  constructor({ outputs = {}, state = {} }: Answers = {}) {
    super({
      newResource: ({ type, name, inputs, custom }) => ({
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

  /** Secrets as {@link secret}. */
  protected override record(one: Registration): void {
    super.record({ ...one, inputs: readable(one.inputs) as Registration["inputs"] });
  }

  /** Resources of one type, written as the last part of its token: `Postgres`, `AdvancedCluster`. */
  all(type: string): Registration[] {
    return this.registrations.filter((one) => one.type.endsWith(`:${type}`) && one.custom);
  }

  /** The only registration of a type. */
  one(type: string): Registration {
    const [found, ...more] = this.all(type);
    if (found === undefined || more.length > 0)
      throw new Error(`${this.all(type).length} resources of type ${type}; expected one`);
    return found;
  }

  /** Calls a hook of a resource as the engine does, and gives the error that the engine would show. */
  async runHook(hook: string, { object }: Registration): Promise<string> {
    const request = new resources.ResourceHookRequest();
    request.setNewInputs(object);
    return this.hooks.run([hook], request).then(
      () => "",
      ({ message }: Error) => message,
    );
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
  await recorder.attach({ project: "kairos", stack: "test", values: config, preview: false });
  return recorder;
}

/** Settings as the program reads them: defaults filled in, rules obeyed. */
export function settingsOf(sections: Record<string, unknown> = {}, stack?: string): Settings {
  return schemaOf(stack).parse({ ...minimal, ...sections });
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

const readable = (inputs: unknown): unknown => withSecrets(inputs, (content) => secret(readable(content)));
