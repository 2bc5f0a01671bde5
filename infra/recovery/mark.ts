/** The mark that this stack leaves on what has no date of creation: Atlas' database users. */
import * as pulumi from "@pulumi/pulumi";

/** A label as Atlas has it. */
interface Label {
  key?: string;
  value?: string;
}

const key = "managed-by";
const value = () => `pulumi ${pulumi.getProject()}/${pulumi.getStack()}`;

/** The label: for people, and to find the user again after an interrupted `up`. */
export const mark = () => ({ key, value: value() });

export const isOurs = (labels: readonly Label[] | undefined) =>
  labels?.some((label) => label.key === key && label.value === value()) ?? false;
