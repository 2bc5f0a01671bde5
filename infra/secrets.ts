import * as pulumi from "@pulumi/pulumi";

/**
 * The value of an output that a provider delivers as a secret inside a secret, as Render's does with
 * `connectionInfo`. The Node SDK takes off one wrapping only: the members of the object that is left over are
 * `undefined`, and the real members are one level below, under `value`. Mocks do not show this; the engine does.
 *
 * @returns the same value, secret, with its members in place
 */
export function unwrapped<T extends object>(output: pulumi.Output<T>): pulumi.Output<T> {
  return pulumi.secret(
    output.apply((value) => (isWrapped(value as object) ? (value as { value: unknown }).value : value)),
  ) as unknown as pulumi.Output<T>;
}

function isWrapped(value: object): boolean {
  const { value: inner, ...rest } = value as { value?: unknown };
  // The signature under which Pulumi's wire format wraps special values.
  return "4dabf18193072939515e22adb298388d" in rest && typeof inner === "object" && inner !== null;
}
