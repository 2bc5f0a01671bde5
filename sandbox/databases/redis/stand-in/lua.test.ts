import { expect, it } from "vitest";
import { temporaryFolder } from "../../../../tests/helpers/databases.ts";
import { using } from "../../../../tests/helpers/redis.ts";
import { startStandIn } from "./server.ts";

it("ends scripts that take too long or too much, and those after them run", async () => {
  const listeners = () =>
    process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");
  const before = listeners();
  const server = await startStandIn({ folder: temporaryFolder() });
  await using(server, async (client) => {
    const ended = (script: string) => expect(client.eval(script, {}), script).rejects;
    await ended("while true do pcall(function() while true do end end) end").toThrow(/longer than 5 s/);
    await ended("local s = 'x' while true do s = s .. s end").toThrow(/took more than 65536 kB/);
    await ended("return ('x'):rep(1e9)").toThrow(/resulting string too large/);
    expect(await client.eval("local t = {} t[1] = t return t", {})).toBeInstanceOf(Array);
    await ended("return cjson.encode({})").toThrow(/cjson is not part of this stand-in for Redis/);
    await ended("return loadstring(string.dump(function() end))()").toThrow(/attempt to call a nil value/);
    await ended("string.rep = 1").toThrow(/readonly table/);
    expect(await client.eval("return redis.call('ECHO', 'still here')", {})).toBe("still here");
  });
  await server.close();
  // The library's loader would end the process on an error of anybody.
  expect(listeners()).toBe(before);
}, 60_000);
