/** What is of its own in the verdict on a kind of database. */
import type { VariableName } from "../../../infra/contract.ts";
import type { CauseCode } from "../advice/texts.ts";
import type { Failure, Remark } from "../model.ts";

export interface Judge<Facts> {
  /** What there is to say about one that answers. */
  remarks(facts: Facts): Remark[];
  /** What keeps the backend from working with one that answers; `likely`: causes that go before others. */
  unusable?(facts: Facts): { failure: Failure; likely?: CauseCode[] } | undefined;
  /** Which variables a failure has to do with. */
  variables(kind: Failure["kind"]): VariableName[];
}
