import { describe, expect, it } from "vitest";
import { newPassword } from "../../tests/helpers/program.ts";
import { mongodbUrl } from "./url.ts";

/**
 * Takes a URL apart by the rules of MongoDB's connection string specification: the user information ends at the
 * last @ before the first /, user and password at the first colon; each is percent-decoded and must not hold a
 * delimiter undecoded. https://github.com/mongodb/specifications/blob/master/source/connection-string/connection-string-spec.md
 */
function parsed(url: string) {
  const [, scheme, rest = ""] = /^(mongodb(?:\+srv)?):\/\/(.*)$/s.exec(url) ?? [];
  const slash = rest.indexOf("/");
  const [authority, tail] = [rest.slice(0, slash), rest.slice(slash + 1)];
  const at = authority.lastIndexOf("@");
  const [login, hosts] = [authority.slice(0, at), authority.slice(at + 1)];
  const colon = login.indexOf(":");
  const [database = "", query = ""] = tail.split(/\?(.*)/s);
  return {
    scheme,
    hosts: hosts.split(","),
    user: decoded(login.slice(0, colon)),
    password: decoded(login.slice(colon + 1)),
    database: decoded(database),
    options: query.split("&").map((option) => option.split(/=(.*)/s).slice(0, 2).map(decoded)),
  };
}

function decoded(text: string): string {
  if (/[:/?#[\]@\s]|%(?![0-9A-Fa-f]{2})|[^\x20-\x7e]/.test(text))
    throw new Error(`a bare delimiter in ${text}`);
  return decodeURIComponent(text);
}

const srv = "mongodb+srv://cluster0.abc.mongodb.net";
const parts = { user: "kairos", password: newPassword(), database: "kaïros", options: { w: "majority" } };

describe("mongodbUrl", () => {
  it.each([
    ["the SRV string of a cluster", srv, "mongodb+srv", ["cluster0.abc.mongodb.net"]],
    ["an SRV string that ends in a slash", `${srv}/`, "mongodb+srv", ["cluster0.abc.mongodb.net"]],
    ["a string without port", "mongodb://localhost", "mongodb", ["localhost"]],
    [
      "the three hosts of a replica set",
      "mongodb://a.net:27017,b.net:27018,c.net/",
      "mongodb",
      ["a.net:27017", "b.net:27018", "c.net"],
    ],
  ])("keeps scheme and hosts of %s", (_, connectionString, scheme, hosts) => {
    expect(parsed(mongodbUrl(connectionString, parts))).toEqual({
      scheme,
      hosts,
      user: "kairos",
      password: parts.password,
      database: "kaïros",
      options: [["w", "majority"]],
    });
  });

  it("writes the URL of the architecture's table", () => {
    const url = mongodbUrl(srv, { ...parts, options: { retryWrites: "true", w: "majority" } });
    expect(url.replace(encodeURIComponent(parts.password), "…")).toBe(
      "mongodb+srv://kairos:…@cluster0.abc.mongodb.net/ka%C3%AFros?retryWrites=true&w=majority",
    );
  });

  it.each([
    "@",
    ":",
    "/",
    "%",
    "#",
    "?",
    " ",
    "&",
    "=",
    "+",
    "%40",
    "kaïros",
    "日本",
    "'()*!",
    "a@b:c/d%e#f?g h",
  ])("brings %s in user, password and database through", (text) => {
    const url = mongodbUrl(srv, {
      user: `u${text}`,
      password: `p${text}`,
      database: `d${text}`,
      options: {},
    });
    expect(parsed(`${url}`)).toMatchObject({
      hosts: ["cluster0.abc.mongodb.net"],
      user: `u${text}`,
      password: `p${text}`,
      database: `d${text}`,
    });
  });

  it("replaces the default database of the connection string", () => {
    expect(parsed(mongodbUrl(`${srv}/admin`, parts)).database).toBe("kaïros");
  });

  it("lets an option win that the connection string has already, and adds the others", () => {
    const given = "mongodb://a.net,b.net/?replicaSet=atlas-1-shard-0&w=2&ssl=true";
    const url = mongodbUrl(given, { ...parts, options: { retryWrites: "true", w: "majority" } });
    expect(parsed(url).options).toEqual([
      ["retryWrites", "true"],
      ["w", "2"],
      ["replicaSet", "atlas-1-shard-0"],
      ["ssl", "true"],
    ]);
  });

  it("encodes the values of options, its own and the given ones", () => {
    const url = mongodbUrl(`${srv}/?appName=a%26b`, { ...parts, options: { compressors: "snappy,zlib" } });
    expect(parsed(url).options).toEqual([
      ["compressors", "snappy,zlib"],
      ["appName", "a&b"],
    ]);
  });

  const login = newPassword();
  it.each([
    ["nothing", ""],
    ["another scheme", `https://${login}.net`],
    ["a scheme alone", "mongodb://"],
    ["a string with a login of its own", `mongodb://user:${encodeURIComponent(login)}@host/`],
    ["text before the scheme", `x${login} mongodb://host`],
  ])("refuses %s and does not repeat it", (_, connectionString) => {
    const refuse = () => mongodbUrl(connectionString, parts);
    expect(refuse).toThrow("mongodb://host or mongodb+srv://host");
    try {
      refuse();
    } catch (error) {
      for (const text of [login, encodeURIComponent(login), parts.password])
        expect(String(error)).not.toContain(text);
    }
  });
});
