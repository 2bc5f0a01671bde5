import { describe, expect, it } from "vitest";
import type { TlsFacts } from "./model.ts";
import { authorities, tlsRemarks } from "./tls.ts";

const facts = (more: Partial<TlsFacts & { on: true }> = {}): TlsFacts => ({
  on: true,
  version: "TLSv1.3",
  trusted: true,
  daysLeft: 60,
  ...more,
});

describe("what there is to say about TLS", () => {
  it("is nothing while it is well", () => {
    expect(tlsRemarks(facts(), true, false)).toEqual([]);
    expect(tlsRemarks(undefined, true, false)).toEqual([]);
    expect(tlsRemarks(facts({ daysLeft: 21 }), true, false)).toEqual([]);
  });

  it("is a warning three weeks before the end, and after it", () => {
    expect(tlsRemarks(facts({ daysLeft: 20 }), true, false)).toEqual([
      { kind: "certificate-expires", severity: "warning", number: 20 },
    ]);
    expect(tlsRemarks(facts({ daysLeft: -3, trusted: false }), false, false)).toEqual([
      { kind: "certificate-expired", severity: "warning", number: 3 },
    ]);
  });

  it("is a note on a private network and a warning elsewhere, when nothing proves who answers", () => {
    const untrusted = facts({ trusted: false, untrustedBecause: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    const severity = (privateNetwork: boolean) => tlsRemarks(untrusted, false, privateNetwork)[0]?.severity;
    expect([severity(true), severity(false)]).toEqual(["note", "warning"]);
    const none = (privateNetwork: boolean) => tlsRemarks({ on: false }, true, privateNetwork)[0]?.severity;
    expect([none(true), none(false)]).toEqual(["note", "warning"]);
  });

  it("trusts what Node trusts beside a further authority", () => {
    expect(authorities(undefined)).toBeUndefined();
    expect(authorities("PEM")?.ca.at(-1)).toBe("PEM");
    expect(authorities("PEM")?.ca.length).toBeGreaterThan(50);
  });
});
