/** What every description gives: settings that say how something is, and what of it the stack would change. */
import type { Difference } from "../model.ts";
import type { Setting } from "../stack-file.ts";

/** Ids of `kairos:import`. */
export interface ImportIds {
  cluster?: string;
  user?: string;
  accessList?: string[];
  postgres?: string;
  redis?: string;
}

/** A section as it has to be written. */
export interface SectionDescription {
  settings: { [name: string]: Setting };
  /** Whether what the section holds beside that has to go: it is another kind of thing now. */
  exclusive?: boolean;
  imports: ImportIds;
  differences: Difference[];
}

/** A section of the stack file, decrypted: whatever stands there. */
export type Section = Readonly<Record<string, unknown>>;
