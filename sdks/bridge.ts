/**
 * What every SDK of a dynamically bridged Terraform provider has in common.
 *
 * Such a provider has no Pulumi plugin of its own: the engine starts Pulumi's `terraform-provider` plugin and
 * tells it, by the *parameterization*, which Terraform provider to become. Each resource therefore carries a
 * reference to that parameterized package next to its type token.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Args, Members, Outputs, Plain } from "./shapes.ts";

/** What `package.json` of such an SDK says under `pulumi`; engine and bridge read it there too. */
interface Manifest {
  readonly pulumi: {
    /** Version of the `terraform-provider` plugin that bridges the provider. */
    readonly version: string;
    readonly parameterization: {
      /** Name of the Pulumi package, the first part of its type tokens. */
      readonly name: string;
      /** Version of the Terraform provider, and so of the Pulumi package. */
      readonly version: string;
      /** Base64 of the JSON that names the Terraform provider to the bridge. */
      readonly value: string;
    };
  };
}

/** A resource or function of a bridged provider: the properties that this project uses. */
export interface Spec {
  readonly package: Manifest;
  /** Type token, as it stands in the state file: it must never change. */
  readonly type: string;
  readonly inputs: Members;
  /** What only the provider can say. */
  readonly outputs: Members;
}

export interface ResourceSpec extends Spec {
  /**
   * Every property that the provider calls secret, used here or not: the engine keeps their values secret,
   * whoever set them.
   */
  readonly secrets?: readonly string[];
}

export interface ResourceClass<S extends ResourceSpec> {
  readonly spec: S;
  new (
    name: string,
    args: Args<S["inputs"]>,
    opts?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & Outputs<S["outputs"]>;
}

/** Arguments of a resource's class. */
export type ArgsOf<C extends { readonly spec: Spec }> = Args<C["spec"]["inputs"]>;

/**
 * The class of a resource.
 *
 * Its constructor throws when a mandatory argument is missing, which the compiler cannot see in values cast or read.
 */
export function resource<const S extends ResourceSpec>(spec: S): ResourceClass<S> {
  class Bridged extends pulumi.CustomResource {
    static readonly spec = spec;
    constructor(name: string, args: object = {}, opts?: pulumi.CustomResourceOptions) {
      const { secrets } = spec;
      const versioned = pulumi.mergeOptions({ version: versionOf(spec) }, opts);
      const options =
        secrets === undefined
          ? versioned
          : pulumi.mergeOptions(versioned, { additionalSecretOutputs: [...secrets] });
      super(spec.type, name, resourceInputs(spec, args), options, false, packageRef(spec.package));
    }
  }
  // What the outputs are called only the type says; the SDK makes them of the inputs below.
  return Bridged as unknown as ResourceClass<S>;
}

function resourceInputs(spec: ResourceSpec, args: object): pulumi.Inputs {
  const given = args as Record<string, unknown>;
  const inputs: pulumi.Inputs = {};
  for (const [property, shape] of Object.entries(spec.inputs)) {
    const value = given[property];
    if (value === undefined && !(typeof shape === "object" && "optional" in shape))
      throw new Error(`Missing required property '${property}'`);
    inputs[property] = spec.secrets?.includes(property) ? secretOrNone(value) : value;
  }
  // What the spec does not name is the provider's own affair: it takes it or refuses it.
  for (const [property, value] of Object.entries(given))
    if (!(property in spec.inputs)) inputs[property] = value;
  // Listed too, without a value: that is what makes it an output of the object.
  for (const property of Object.keys(spec.outputs)) inputs[property] ??= undefined;
  return inputs;
}

// An empty secret counts as none, as in generated SDKs: "" and absence must not make two different requests.
const secretOrNone = (value: unknown) => (value ? pulumi.secret(value) : undefined);

/** A provider's function, for arguments that may be outputs. */
export function lookup<const S extends Spec>(spec: S) {
  const ask = (
    args: Args<S["inputs"]>,
    opts?: pulumi.InvokeOutputOptions,
  ): pulumi.Output<Plain<{ readonly object: S["outputs"] }>> => {
    const options = pulumi.mergeOptions({ version: versionOf(spec) } as pulumi.InvokeOutputOptions, opts);
    return pulumi.runtime.invokeOutput(spec.type, { ...args }, options, packageRef(spec.package));
  };
  return Object.assign(ask, { spec });
}

const versionOf = (spec: Spec) => spec.package.pulumi.parameterization.version;

/**
 * A reference to the package, valid for the running deployment.
 *
 * Asked for anew by each resource: the SDK caches it per deployment, and a copy kept here would outlive the
 * engine (or the in-process monitor of a test) that gave it. Async, so that an engine too old for
 * parameterized packages fails the resource instead of throwing while a module loads.
 */
async function packageRef({ pulumi: { version, parameterization } }: Manifest): Promise<string> {
  return pulumi.runtime.registerPackage({
    baseProviderName: "terraform-provider",
    baseProviderVersion: version,
    baseProviderDownloadUrl: "",
    packageName: parameterization.name,
    packageVersion: parameterization.version,
    base64Parameter: parameterization.value,
  });
}
