import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { redacted } from "./redaction.ts";

const password = `${randomBytes(9).toString("hex")}"@/ï`;
const url = `mongodb+srv://kairos:${encodeURIComponent(password)}@host/ka%C3%AFros`;

describe("redacted", () => {
  it.each([
    ["as it is", password],
    ["percent-encoded", encodeURIComponent(password)],
    ["escaped in JSON", JSON.stringify({ password })],
    ["as Base64", Buffer.from(password).toString("base64")],
    ["twice", `${password} and ${password}`],
  ])("takes a secret out %s", (_, text) => {
    const shown = redacted(`it failed with ${text}`, [password]);
    expect(shown).toContain("[secret]");
    expect(shown).not.toContain(password.slice(0, 18));
  });

  it("knows the password of a URL that is a secret", () => {
    const shown = redacted(`login as kairos with ${password} refused by ${url}`, [url]);
    expect(shown).toBe("login as kairos with [secret] refused by [secret]");
  });

  it("leaves texts alone that hold none, and takes no short word for one", () => {
    expect(redacted("port 5432 of kairos", ["5432", "", "another"])).toBe("port 5432 of kairos");
  });
});
