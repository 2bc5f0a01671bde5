/** Values as they travel between a program and its engine: Pulumi's wire form. */
import * as pulumi from "@pulumi/pulumi";

/** The key that marks special values, what it says of a secret, and the text of a value that nobody knows yet. */
export const {
  specialSigKey: signature,
  specialSecretSig: secretSignature,
  unknownValue,
} = pulumi.runtime as typeof pulumi.runtime & { unknownValue: string };

/** Marks an output as secret, as a provider does. */
export const secret = (value: unknown) => ({ [signature]: secretSignature, value });

/** Whether it is a secret, whose content is its `value`. */
export const isSecret = (wire: unknown): wire is { value: unknown } =>
  typeof wire === "object" &&
  wire !== null &&
  (wire as Record<string, unknown>)[signature] === secretSignature;

/** The value with something in place of every secret. @param replace gets the secret's content */
export function withSecrets(wire: unknown, replace: (content: unknown) => unknown): unknown {
  if (typeof wire !== "object" || wire === null) return wire;
  if (Array.isArray(wire)) return wire.map((item) => withSecrets(item, replace));
  if (isSecret(wire)) return replace(wire.value);
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, withSecrets(value, replace)]));
}

/** The value with every secret in it closed: nothing but a mark that it is one. */
export const closed = (wire: unknown): unknown => withSecrets(wire, () => ({ $secret: "" }));

/** The value with every secret in it opened. */
export const opened = (wire: unknown): unknown => withSecrets(wire, opened);
