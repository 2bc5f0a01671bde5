import { describe, expect, it } from "vitest";
import { isFinal, Refusal, reasonOf, within } from "./reasons.ts";

const withCode = (code: unknown, more: object = {}) =>
  Object.assign(new Error("quotes a URL"), { code, ...more });

describe("the reason of an error", () => {
  it.each([
    [18, "wrong user or password"],
    [8000, "wrong user or password"],
    ["28P01", "wrong user or password"],
    [13, "not allowed"],
    ["3D000", "no such database"],
    ["ENOTFOUND", "host not found"],
    ["ECONNREFUSED", "connection refused"],
    ["ECONNRESET", "connection closed"],
    ["ETIMEDOUT", "timeout"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "TLS"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "TLS"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "TLS"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "TLS"],
    ["ERR_INVALID_URL", "invalid setting"],
    ["XX000", "error"],
  ])("with the code %s is: %s", (code, reason) => expect(reasonOf(withCode(code))).toBe(reason));

  it("is found below what a driver wraps it into", () => {
    const refused = withCode("ECONNREFUSED");
    // What node:net throws when a name has two addresses, and what MongoDB's driver collects from its servers.
    expect(reasonOf(new AggregateError([refused]))).toBe("connection refused");
    const servers = new Map([["host:1", { error: new Error("failed", { cause: refused }) }]]);
    const selection = Object.assign(new Error(), { name: "MongoServerSelectionError", reason: { servers } });
    expect(reasonOf(selection)).toBe("connection refused");
    expect(reasonOf(Object.assign(new Error(), { name: "MongoServerSelectionError" }))).toBe("timeout");
  });

  it("is read from the first word of what Redis says", () => {
    expect(reasonOf(new Error("WRONGPASS invalid username-password pair"))).toBe("wrong user or password");
    expect(reasonOf(new Error("NOPERM this user has no permissions"))).toBe("not allowed");
  });

  it("does not follow an error that contains itself for ever", () => {
    const error = withCode("XX000");
    error.cause = error;
    expect(reasonOf(error)).toBe("error");
  });

  it("is final where waiting does not help", () => {
    expect((["wrong user or password", "TLS", "missing setting"] as const).map(isFinal)).toEqual([
      true,
      true,
      true,
    ]);
    expect((["connection refused", "timeout", "host not found"] as const).map(isFinal)).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("within", () => {
  it("is what the promise is, or a timeout", async () => {
    expect(await within(1000, Promise.resolve(1))).toBe(1);
    await expect(within(1000, Promise.reject(new Refusal("TLS", [])))).rejects.toThrow("TLS");
    const error = await within(10, new Promise(() => undefined)).catch((error) => error);
    expect(reasonOf(error)).toBe("timeout");
  });
});
