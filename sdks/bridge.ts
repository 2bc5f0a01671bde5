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
  /** Type token, as it stands in the state file: it must never change. */
  readonly type: string;
  readonly inputs: Members;
  /** What only the provider can say. */
  readonly outputs?: Members;
  /**
   * Every property that the provider calls secret, used here or not: the engine keeps their values secret,
   * whoever set them.
   */
  readonly secrets?: readonly string[];
}

type OutputsOf<S extends Spec> = S extends { readonly outputs: infer M extends Members } ? M : object;

interface ResourceClass<S extends Spec> {
  readonly spec: S;
  new (
    name: string,
    args: Args<S["inputs"]>,
    opts?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & Outputs<OutputsOf<S>>;
}

/** Arguments of a resource's class. */
export type ArgsOf<C extends { readonly spec: Spec }> = Args<C["spec"]["inputs"]>;

/** What makes the classes and functions of one provider's SDK. */
export function bridge({ pulumi: { version: baseProviderVersion, parameterization } }: Manifest) {
  const { name: packageName, version, value: base64Parameter } = parameterization;
  /**
   * A reference to the package, valid for the running deployment.
   *
   * Asked for anew by each resource: the SDK caches it per deployment, and a copy kept here would outlive the
   * engine (or the in-process monitor of a test) that gave it. Async, so that an engine too old for
   * parameterized packages fails the resource instead of throwing while a module loads.
   */
  const packageRef = async () =>
    pulumi.runtime.registerPackage({
      baseProviderName: "terraform-provider",
      baseProviderVersion,
      baseProviderDownloadUrl: "",
      packageName,
      packageVersion: version,
      base64Parameter,
    });
  return {
    /**
     * The class of a resource.
     *
     * Its constructor throws when a mandatory argument is missing, which the compiler cannot see in values cast or read.
     */
    resource<const S extends Spec>(spec: S): ResourceClass<S> {
      class Bridged extends pulumi.CustomResource {
        static readonly spec = spec;
        constructor(name: string, args: object = {}, opts?: pulumi.CustomResourceOptions) {
          const { type, secrets } = spec;
          const own = { version, ...(secrets && { additionalSecretOutputs: [...secrets] }) };
          super(type, name, resourceInputs(spec, args), pulumi.mergeOptions(own, opts), false, packageRef());
        }
      }
      // What the outputs are called only the type says; the SDK makes them of the inputs below.
      return Bridged as unknown as ResourceClass<S>;
    },
    /** A provider's function, for arguments that may be outputs. */
    lookup<const S extends Spec>(spec: S) {
      const ask = (
        args: Args<S["inputs"]>,
        opts?: pulumi.InvokeOutputOptions,
      ): pulumi.Output<Plain<{ readonly object: OutputsOf<S> }>> => {
        const options = pulumi.mergeOptions({ version } as pulumi.InvokeOutputOptions, opts);
        return pulumi.runtime.invokeOutput(spec.type, { ...args }, options, packageRef());
      };
      return Object.assign(ask, { spec });
    },
  };
}

function resourceInputs({ inputs: known, outputs = {}, secrets = [] }: Spec, args: object): pulumi.Inputs {
  // What the spec does not name is the provider's own affair: it takes it or refuses it.
  const inputs: pulumi.Inputs = { ...args };
  for (const [property, shape] of Object.entries(known)) {
    if (inputs[property] === undefined && !(typeof shape === "object" && "optional" in shape))
      throw new Error(`Missing required property '${property}'`);
    // An empty secret counts as none, as in generated SDKs: "" and absence must not make two different requests.
    if (secrets.includes(property))
      inputs[property] = inputs[property] ? pulumi.secret(inputs[property]) : undefined;
  }
  // Listed too, without a value: that is what makes it a property of the object.
  for (const property of [...Object.keys(known), ...Object.keys(outputs)])
    if (!(property in inputs)) inputs[property] = undefined;
  return inputs;
}
