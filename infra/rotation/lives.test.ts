/** Any order of the steps of a rotation: no number is used twice, and what does not fit changes nothing. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../../tests/helpers/hostile.ts";
import { type CredentialRecord, initial, next, steps } from "./record.ts";

it("numbers credentials so that none comes back and the one in use never goes", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 30 }), (wanted) => {
      let record: CredentialRecord = initial;
      const gone = new Set<number>();
      for (const step of wanted) {
        const before = record;
        const fits = (before.retiring === undefined) === (step === "switch");
        const go = () => next(before, { database: "mongodb", step });
        if (!fits) {
          expect(go).toThrow(/^KAIROS_ROTATE: got mongodb:\w+, but .*; nothing was changed$/);
          continue;
        }
        record = go();
        if (step === "switch")
          expect(record).toMatchObject({ retiring: before.current, current: before.last + 1 });
        if (step === "back")
          expect(record).toMatchObject({ retiring: before.current, current: before.retiring });
        if (step === "retire") {
          expect(record.current).toBe(before.current);
          gone.add(before.retiring as number);
        }
        expect(record.last).toBe(Math.max(before.last, record.current));
        expect(record.retiring).not.toBe(record.current);
        expect(gone).not.toContain(record.current);
        expect(gone).not.toContain(record.retiring);
        // A plain up goes no step further.
        expect(next(record, undefined)).toBe(record);
      }
    }),
    runs(300),
  );
});
