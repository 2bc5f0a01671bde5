/** What somebody looked at, and how it stands. */
import type { HealthState } from "../status/model.ts";

/** How something stands, as the document shows it. */
export const marks = {
  good: "✅",
  warning: "⚠️",
  bad: "❌",
  /** No mistake, such as an optional database that is not configured. */
  note: "ℹ️",
  /** Nobody looked. */
  unchecked: "❔",
} as const;
export type Mark = (typeof marks)[keyof typeof marks];

export const markOf: Record<HealthState | "unchecked", Mark> = {
  well: marks.good,
  warning: marks.warning,
  failed: marks.bad,
  off: marks.note,
  unchecked: marks.unchecked,
};

/** A fact, and how it stands. Of what is off nobody expects that it was looked at. */
export type Seen<T = unknown> = { mark: Mark; is: T } | "not checked" | "off";

/** Judges facts of a database that may be off. A fact that is absent is one that nobody could look at. */
export const seeing =
  (off: boolean) =>
  <T>(is: T | undefined, judge: (is: T) => Mark): Seen<T> =>
    off ? "off" : is === undefined ? "not checked" : { mark: judge(is), is };

/** Where yes or no is all there is to it. */
export const yesOrNo = (yes: boolean): Mark => (yes ? marks.good : marks.bad);
/** Where no is nothing worse than something to be corrected. */
export const yesOrWarning = (yes: boolean): Mark => (yes ? marks.good : marks.warning);
