/** A cost, as data. */

/** The cost of one resource. Without `from` it is not known, and `why` says what is missing. */
export interface CostLine {
  /** Logical name. */
  resource: string;
  /** The plan, as the vendor calls it; several instances are counted in front: `3 × starter`. */
  what: string;
  from?: number;
  /** Left out: at least `from`. */
  to?: number;
  /** What comes on top, or why nothing is known. */
  why?: string;
  /** The vendor's page, and the day for which it vouches. */
  page?: string;
  date?: string;
}

/** The monthly cost of a stack. */
export interface Cost {
  currency: string;
  lines: CostLine[];
  /** Sum of what is known. */
  from: number;
  /** Left out: there is no upper bound. */
  to?: number;
  /** What it may be, where the stack says it. */
  budget?: number;
  /** Names of the resources whose cost is not known. */
  unknown: string[];
  /** One line for each page whose prices are old. */
  warnings: string[];
}
