/**
 * What every SDK of a dynamically bridged Terraform provider has in common.
 *
 * Such a provider has no Pulumi plugin of its own: the engine starts Pulumi's `terraform-provider` plugin and
 * tells it, by the *parameterization*, which Terraform provider to become. Each resource therefore carries a
 * reference to that parameterized package next to its type token. A resource file states its properties in
 * one table; the constructor below works from the same table, and the compiler holds the table to the
 * interfaces, so none of the three can drift from the others.
 */
import * as pulumi from "@pulumi/pulumi";

/** A Terraform provider as the dynamic bridge knows it. */
export interface BridgedPackage {
  /** Name of the Pulumi package, the first part of its type tokens. */
  readonly name: string;
  /** Version of the Terraform provider, and so of the Pulumi package. */
  readonly version: string;
  /** Version of the `terraform-provider` plugin that bridges it. */
  readonly bridgeVersion: string;
  /** Base64 of the JSON that names the Terraform provider to the bridge. */
  readonly parameter: string;
}

/**
 * A reference to the package, valid for the running deployment.
 *
 * Asked for anew by each resource: the SDK caches it per deployment, and a copy kept here would outlive the
 * engine (or the in-process monitor of a test) that gave it. Async, so that an engine too old for
 * parameterized packages fails the resource instead of throwing while a module loads.
 */
export async function packageRef(pkg: BridgedPackage): Promise<string> {
  return pulumi.runtime.registerPackage({
    baseProviderName: "terraform-provider",
    baseProviderVersion: pkg.bridgeVersion,
    baseProviderDownloadUrl: "",
    packageName: pkg.name,
    packageVersion: pkg.version,
    base64Parameter: pkg.parameter,
  });
}

/**
 * The properties of a resource: all of `State`, each either an argument (`required`, `optional`) or an output
 * only the provider can fill (`computed`). Derived from the interfaces, so that a forgotten or misjudged one
 * is a type error.
 */
export type Properties<Args, State> = {
  readonly [K in keyof State]-?: K extends keyof Args
    ? undefined extends Args[K]
      ? "optional"
      : "required"
    : "computed";
};

/** Arguments as hints for finding a resource that exists: each may be left out. */
export type Lookup<Args> = { [K in keyof Args]?: Args[K] | undefined };

/** What the provider reports of an input shape: plain values, of which the `Known` ones are always there. */
export type Read<Shape, Known extends keyof Shape = never> = {
  [K in keyof Shape as K extends Known ? never : K]: pulumi.Unwrap<Shape[K]>;
} & { [K in Known]-?: Exclude<pulumi.Unwrap<Shape[K]>, undefined> };

interface AnyResourceSpec {
  readonly package: BridgedPackage;
  /** Type token, as it stands in the state file: it must never change. */
  readonly type: string;
  readonly properties: Readonly<Record<string, "required" | "optional" | "computed">>;
  /** Properties whose values are secret whoever sets them. */
  readonly secrets?: readonly string[];
}

export interface ResourceSpec<Args, State> extends AnyResourceSpec {
  readonly properties: Properties<Args, State>;
  readonly secrets?: readonly (keyof State & string)[];
}

/** A resource of a bridged provider. A subclass adds the types: the specification and the output fields. */
export abstract class BridgedResource extends pulumi.CustomResource {
  constructor(
    spec: AnyResourceSpec,
    name: string,
    values: object | undefined,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const options = withDefaults(spec.package, spec.secrets, opts);
    super(spec.type, name, resourceInputs(spec, values, opts), options, false, packageRef(spec.package));
  }
}

function resourceInputs(
  spec: AnyResourceSpec,
  values: object = {},
  opts: pulumi.CustomResourceOptions,
): pulumi.Inputs {
  const given = values as Record<string, unknown>;
  const inputs: pulumi.Inputs = {};
  for (const [property, presence] of Object.entries(spec.properties)) {
    if (opts.id !== undefined) {
      // Reading an existing resource: every property may help the lookup, none is required.
      inputs[property] = given[property];
      continue;
    }
    // With `urn` the engine already holds the values.
    if (presence === "required" && given[property] === undefined && opts.urn === undefined) {
      throw new Error(`Missing required property '${property}'`);
    }
    // A computed property is listed too, without a value: that is what makes it an output of the object.
    inputs[property] = presence === "computed" ? undefined : marked(property, given[property], spec.secrets);
  }
  return inputs;
}

/**
 * Arguments of a provider: those that are not strings travel as JSON, because provider configuration is
 * textual.
 */
export type ProviderProperties<Args> = {
  readonly [K in keyof Args]-?: Args[K] extends pulumi.Input<string | undefined> | undefined
    ? "string"
    : "json";
};

interface AnyProviderSpec {
  readonly package: BridgedPackage;
  readonly properties: Readonly<Record<string, "string" | "json">>;
  readonly secrets?: readonly string[];
}

export interface ProviderSpec<Args> extends AnyProviderSpec {
  readonly properties: ProviderProperties<Args>;
  readonly secrets?: readonly (keyof Args & string)[];
}

/** The provider itself, for a program that configures it in code rather than in the stack's settings. */
export abstract class BridgedProvider extends pulumi.ProviderResource {
  constructor(spec: AnyProviderSpec, name: string, args: object = {}, opts: pulumi.ResourceOptions = {}) {
    const given = args as Record<string, unknown>;
    const inputs: pulumi.Inputs = {};
    for (const [property, kind] of Object.entries(spec.properties)) {
      const value = marked(property, given[property], spec.secrets);
      inputs[property] = kind === "json" ? pulumi.jsonStringify(value) : value;
    }
    const options = withDefaults(spec.package, spec.secrets, opts);
    super(spec.package.name, name, inputs, options, false, packageRef(spec.package));
  }
}

/** Whether the object is a resource of this type, even when another copy of the SDK made it. */
export function isOfType(object: unknown, type: string): boolean {
  return (object as { __pulumiType?: unknown } | null | undefined)?.__pulumiType === type;
}

/**
 * Options for calling a provider's function: those of the caller, at the SDK's version unless they name
 * another.
 */
export function invokeOptions<T extends pulumi.InvokeOptions>(pkg: BridgedPackage, opts?: T): T {
  return pulumi.mergeOptions({ version: pkg.version } as T, opts) as T;
}

function withDefaults(
  pkg: BridgedPackage,
  secrets: readonly string[] | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const versioned = pulumi.mergeOptions({ version: pkg.version }, opts);
  return secrets === undefined
    ? versioned
    : pulumi.mergeOptions(versioned, { additionalSecretOutputs: [...secrets] });
}

// An empty secret counts as none, as in generated SDKs: "" and absence must not make two different requests.
function marked(property: string, value: unknown, secrets: readonly string[] | undefined): unknown {
  if (!secrets?.includes(property)) return value;
  return value ? pulumi.secret(value) : undefined;
}
