/** Which of the things that have the right name this stack created itself. */
import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../errors.ts";
import type { Creation } from "./record.ts";

/** Something of the name that is looked for. */
export interface Candidate {
  /** What `import` wants. */
  id: string;
  /**
   * `here`: it lies in what this stack created, or carries its mark. A time: when the vendor says that it was created.
   * `unknown`: the vendor does not say.
   */
  made: "here" | "unknown" | Date;
  /** The real name of a Postgres' database, which an import has to say: infra/postgres/name.ts. */
  databaseName?: string;
}

const minute = 60_000;
/** The vendor's clock and this machine's may differ. */
const before = 5 * minute;
/** A creation follows its announcement at once, or when the cluster before it is there. */
const after = 60 * minute;

/**
 * The one that an interrupted `up` of this stack created; undefined when there is none, and it is to be
 * created. What is older than the announcement is somebody else's, and left alone.
 *
 * @throws OperatorError when it is not certain
 */
export function chosen(
  creation: Creation,
  candidates: readonly Candidate[],
  since: Date,
): Candidate | undefined {
  const { type, name, setting } = creation;
  const start = since.getTime() - before;
  const end = since.getTime() + after;
  const younger = candidates.filter(({ made }) => !(made instanceof Date) || made.getTime() >= start);
  const [first, ...others] = younger;
  if (first === undefined) return undefined;
  const certain = first.made === "here" || (first.made instanceof Date && first.made.getTime() <= end);
  if (certain && others.length === 0) return first;
  const kind = type.split(":").at(-1);
  const found = younger.map(({ id }) => id).join(", ");
  throw new OperatorError(
    `kairos:${setting}: a pulumi up was interrupted before it had created ${kind} ${name}, and ${found} has that name now, but it is not certain that this stack created it. Delete it, choose another name, or take it over with: pulumi import ${type}; nothing was created`,
  );
}

/** The label on what has no date of creation, Atlas' database users: for people, and to find it again. */
export const mark = () => ({
  key: "managed-by",
  value: `pulumi ${pulumi.getProject()}/${pulumi.getStack()}`,
});

export const isOurs = (labels: readonly { key: string; value: string }[] = []) =>
  labels.some(({ key, value }) => key === mark().key && value === mark().value);
