/** What can be wrong with a database, and what there is to say about one that answers: codes, each with words in words/. */
import type { VariableName } from "../../infra/contract.ts";
import type * as words from "./words/trouble-en.ts";

/** Why a check failed, in one word. */
export type ProblemKind = keyof typeof words.problems;

/** A likely cause, which has a next step. */
export type CauseCode = keyof typeof words.causes;

/** How far a check came before it failed. */
export type CheckPhase = "variables" | "connecting" | "asking";

/** Why a check failed. */
export interface Problem {
  kind: ProblemKind;
  stage: CheckPhase;
  /** At least one, the likeliest first. */
  causes: CauseCode[];
  /** Codes only, such as `MongoServerError 8000` or `ENOTFOUND`: never a driver's message, which may quote a URL. */
  evidence: string;
  /** The variables that it has to do with. */
  variables: VariableName[];
  /** What the variables' mistake is, for `missing-variables` and `invalid-variables`: one for each. */
  mistakes?: Mistake[];
}

export type RemarkKind = keyof ReturnType<typeof words.remarks>;

/** A mistake in one variable; its value is not part of it. */
export interface Mistake extends MistakeDetails {
  variable: VariableName;
  kind: keyof ReturnType<typeof words.mistakes>;
}

export interface MistakeDetails {
  /** `missing`: variables of the same database that are set. `above-maximum`: the other one. */
  beside?: VariableName[];
}

/** Something about a database that answers. */
export interface Remark extends RemarkDetails {
  kind: RemarkKind;
  /** A `note` leaves the database `well`. */
  severity: "warning" | "note";
}

export interface RemarkDetails {
  /** Days, milliseconds or percent, as the kind has it. */
  number?: number;
  /** Names: of tables, roles, databases, a policy, a code. */
  names?: string[];
  /** The statements that solve it. */
  sql?: string[];
}
