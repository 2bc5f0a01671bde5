import { describe, expect, it } from "vitest";
import { Tokens } from "./tokens.ts";

describe("a token", () => {
  it("is the same whatever was asked for before it, and another one for another thing", () => {
    const one = new Tokens().of("mongodb-cluster", "host");
    const tokens = new Tokens();
    const others = [tokens.of("mongodb-access-0.0.0.0/0", "id"), tokens.of("mongodb-cluster", "password")];
    expect(tokens.of("mongodb-cluster", "host")).toBe(one);
    expect(new Set([one, ...others]).size).toBe(3);
  });

  it("is the same whichever example stands for a placeholder", () => {
    const of = (example: string) =>
      new Tokens(new Map([[example, "<render-service-id>"]])).of(`backend-${example}`, "id");
    expect(of("srv-1")).toBe(of("srv-2"));
  });

  it("is shown as what it stands for, also in a URL, and names its resource", () => {
    const tokens = new Tokens();
    const [host, user] = [tokens.of("postgres", "private host"), tokens.of("postgres", "user", "kairos")];
    const url = new URL(`postgresql://${user}@${host}/x`);
    expect(tokens.readable(url.username)).toBe("kairos");
    expect(tokens.readable(url.hostname)).toBe("‹postgres: private host›");
    expect(tokens.resourcesOf(url.href)).toEqual(["postgres"]);
    expect(tokens.resourcesOf("plain")).toEqual(["settings"]);
  });
});
