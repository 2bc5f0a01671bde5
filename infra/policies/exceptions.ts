/**
 * Exceptions of a stack file: one policy, one resource, a reason and the last day. An exception ends by itself: after
 * that day what it covered is a violation again, and says whose exception ended.
 */
import type { Settings } from "../settings/index.ts";
import { settingName } from "../settings/problems.ts";
import type { PolicyId } from "./ids.ts";

/** One entry of `kairos:policies.exceptions`; `until`, its last day, is `YYYY-MM-DD`, UTC. */
export type Exception = Settings["policies"]["exceptions"][number];

/** What becomes of a violation: excused, or with a remark on the exception that no longer, or never, held. */
export type Ruling = { excused: Exception } | { remark: string };

const dayMs = 24 * 60 * 60 * 1000;
/** An exception that nobody has to think of again is a changed rule. In days. */
const longest = 366;

/** The exceptions of one run. Remembers which were used. */
export class Exceptions {
  private readonly used = new Set<Exception>();

  constructor(
    private readonly list: readonly Exception[],
    private readonly now: Date,
  ) {}

  rule(policy: PolicyId, resource: string): Ruling {
    const exception = this.list.find((one) => one.policy === policy && one.resource === resource);
    if (exception === undefined) return { remark: "" };
    this.used.add(exception);
    const { until, reason } = exception;
    const end = Date.parse(`${until}T00:00:00Z`) + dayMs;
    if (this.now.getTime() >= end) return { remark: `; its exception ended on ${until} (${reason})` };
    if (end - this.now.getTime() > longest * dayMs)
      return { remark: `; its exception until ${until} does not count: at most a year ahead` };
    return { excused: exception };
  }

  /**
   * One line for each exception that excused nothing.
   *
   * @param checked whether a policy has looked at everything it could; what was not looked at is not unused
   */
  unused(checked: (policy: PolicyId) => boolean = () => true): string[] {
    return [...this.list.entries()]
      .filter(([, exception]) => !this.used.has(exception) && checked(exception.policy))
      .map(
        ([index, { policy, resource }]) =>
          `${settingName(["policies", "exceptions", index])}: got ${policy} of ${resource}; expected something that it excuses, and there is nothing: remove it, or put its resource's name right`,
      );
  }
}
