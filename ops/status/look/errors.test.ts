import { MongoNetworkError, MongoServerError, MongoServerSelectionError } from "mongodb";
import { describe, expect, it } from "vitest";
import { canary, leaks } from "../../../tests/canaries.ts";
import { failures } from "../advice/texts.ts";
import { Interrupted, TimeUp } from "./deadline.ts";
import table from "./errors.json" with { type: "json" };
import { meaningOf } from "./errors.ts";

const coded = (code: string | number, message = "anything") => Object.assign(new Error(message), { code });

describe("what an error means", () => {
  it("is a class of failure that there is", () => {
    const kinds = [...table.codes, ...table.phrases].map(([, kind]) => kind);
    expect(kinds.filter((kind) => kind === undefined || !(kind in failures))).toEqual([]);
  });

  it.each([
    [18, "login-refused"],
    [8000, "login-refused"],
    ["28P01", "login-refused"],
    ["28000", "login-refused"],
    [13, "not-allowed"],
    ["42501", "not-allowed"],
    ["3D000", "no-such-database"],
    ["53300", "too-many-connections"],
    ["57P03", "starting"],
    ["25006", "read-only"],
    ["ENOTFOUND", "host-not-found"],
    ["ECONNREFUSED", "connection-refused"],
    ["EHOSTUNREACH", "unreachable"],
    ["ECONNRESET", "connection-closed"],
    ["ETIMEDOUT", "timeout"],
    ["CERT_HAS_EXPIRED", "certificate-expired"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate-untrusted"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate-untrusted"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate-wrong-host"],
    ["ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", "tls-failed"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls-mismatch"],
  ] as const)("%s: %s", (code, kind) => {
    expect(meaningOf(coded(code))).toEqual({ kind, evidence: String(code) });
  });

  it.each([
    ["NOAUTH Authentication required.", "login-refused"],
    ["MISCONF Redis is configured to save RDB snapshots, but", "cannot-persist"],
    ["LOADING Redis is loading the dataset in memory", "starting"],
    ["READONLY You can't write against a read only replica.", "read-only"],
    ["timeout expired", "timeout"],
  ] as const)("%s", (message, kind) => {
    expect(meaningOf(new Error(message)).kind).toBe(kind);
  });

  it("is found in what a driver has wrapped", () => {
    const refused = new MongoNetworkError("connect ECONNREFUSED", { cause: coded("ECONNREFUSED") });
    const servers = new Map([["host:27017", { error: refused }]]);
    const error = new MongoServerSelectionError("Server selection timed out", { servers } as never);
    expect(meaningOf(error)).toEqual({
      kind: "connection-refused",
      evidence: "ECONNREFUSED (MongoServerSelectionError)",
    });
    expect(
      meaningOf(new MongoServerError({ code: 8000, codeName: "AtlasError", message: "bad auth" })),
    ).toEqual({
      kind: "login-refused",
      evidence: "8000 (MongoServerError)",
    });
    expect(meaningOf(new AggregateError([coded("ENETUNREACH"), coded("ENETUNREACH")])).kind).toBe(
      "unreachable",
    );
  });

  it("tells a resolver that refuses from a database that does", () => {
    const error = Object.assign(coded("ECONNREFUSED"), { syscall: "querySrv" });
    expect(meaningOf(error)).toEqual({ kind: "host-not-found", evidence: "ECONNREFUSED" });
  });

  it("knows the ends that this tool sets itself", () => {
    expect(meaningOf(new TimeUp()).kind).toBe("timeout");
    expect(meaningOf(new Interrupted()).kind).toBe("interrupted");
  });

  it("shows nothing that it does not know: no message, no name, no code", () => {
    const secret = canary();
    for (const field of ["message", "name", "code", "codeName", "syscall", "stack", "detail", "hint"]) {
      const error = Object.assign(new Error("x"), { [field]: secret });
      const wrapped = new Error("outside", { cause: error });
      expect(leaks(JSON.stringify([meaningOf(error), meaningOf(wrapped)]), [secret])).toEqual([]);
    }
    const shouting = new Error(`${secret.toUpperCase()} is not right`);
    expect(meaningOf(shouting)).toEqual({ kind: "unexpected", evidence: "error" });
    expect(meaningOf("text")).toEqual({ kind: "unexpected", evidence: "error" });
  });
});
