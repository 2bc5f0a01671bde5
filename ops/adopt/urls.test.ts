import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mongodbUrlOf, placeOf, samePlace } from "./urls.ts";

const password = `${randomBytes(9).toString("base64url")}@:/%# ï`;
const encoded = encodeURIComponent(password);

describe("mongodbUrlOf", () => {
  it.each([
    [
      "one host by DNS",
      `mongodb+srv://kairos:${encoded}@c.example.net/ka%C3%AFros?w=majority`,
      ["c.example.net"],
    ],
    [
      "several hosts",
      `mongodb://kairos:${encoded}@a.example.net:27017,b.example.net:27018/ka%C3%AFros?w=majority`,
      ["a.example.net:27017", "b.example.net:27018"],
    ],
  ])("takes a URL of %s apart", (_, url, hosts) => {
    expect(mongodbUrlOf(url)).toEqual({
      user: "kairos",
      password,
      hosts,
      database: "kaïros",
      options: { w: "majority" },
    });
  });

  it.each([
    ["nothing", undefined],
    ["another protocol", `postgres://kairos:${encoded}@host/db`],
    ["a text", "opaque"],
    ["a password that is not encoded", "mongodb://kairos:100%@host/db"],
  ])("makes nothing of %s", (_, url) => {
    expect(mongodbUrlOf(url)).toBeUndefined();
  });

  it("does without login, database and options", () => {
    expect(mongodbUrlOf("mongodb://host")).toEqual({
      user: "",
      password: "",
      hosts: ["host"],
      database: "",
      options: {},
    });
  });
});

describe("placeOf", () => {
  it.each([
    ["postgresql://u:p@dpg-1-a/db", { host: "dpg-1-a", port: "5432" }],
    ["postgresql://u:p@dpg-1-a:6000/db", { host: "dpg-1-a", port: "6000" }],
    ["redis://red-1", { host: "red-1", port: "6379" }],
    ["no url", undefined],
  ])("of %s", (url, place) => {
    expect(placeOf(url)).toEqual(place);
  });

  it("is the same with another login and protocol, and not with another port", () => {
    expect(samePlace("redis://a:b@host:1", "rediss://host:1/0")).toBe(true);
    expect(samePlace("redis://host:1", "redis://host:2")).toBe(false);
    expect(samePlace(undefined, undefined)).toBe(false);
  });
});
