/**
 * Lua 5.1, the version inside Redis, as WebAssembly. Scripts reach neither files nor the network, and end after a time
 * (scripts.lua); they call back by being paused, because the library lets Lua call nothing of ours.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root, source } from "../../../root.ts";

type Library = typeof import("lua-wasm-bindings/dist/lua.51.js");

/** The library copies what it is given onto a small stack. */
const pieceLength = 16 * 1024;

export class Lua {
  private readonly library: Library;
  private readonly state: ReturnType<Library["lauxlib"]["luaL_newstate"]>;

  constructor() {
    this.library = load();
    this.state = this.library.lauxlib.luaL_newstate();
    this.library.lualib.luaL_openlibs(this.state);
    this.run(readFileSync(source("databases/redis/stand-in/scripts.lua"), "latin1"));
  }

  /** Calls a function of scripts.lua with byte strings. */
  call(name: "compile" | "start" | "go", ...texts: string[]): string {
    for (const text of texts) {
      for (let at = 0; at < text.length; at += pieceLength)
        this.run(`piece(${quoted(text.slice(at, at + pieceLength))})`);
      this.run("whole()");
    }
    return Buffer.from(this.run(`return ${name}()`), "hex").toString("latin1");
  }

  private run(code: string): string {
    const { lua, lauxlib } = this.library;
    const failed = lauxlib.luaL_dostring(this.state, code);
    const said = lua.lua_tostring(this.state, -1);
    lua.lua_settop(this.state, 0);
    if (failed) throw new Error(said);
    return said;
  }
}

const quoted = (bytes: string) =>
  `"${bytes.replaceAll(/[^ !#-[\]-~]/g, (byte) => `\\${String(byte.charCodeAt(0)).padStart(3, "0")}`)}"`;

function load(): Library {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => process.listeners(event as "uncaughtException"));
  // It reads a file beside itself: no bundle can hold it.
  const library = createRequire(join(root, "package.json"))("lua-wasm-bindings/dist/lua.51.js");
  // Its loader would end this process on an error of anybody.
  for (const [i, event] of events.entries())
    for (const listener of process.listeners(event as "uncaughtException"))
      if (!before[i]?.includes(listener)) process.off(event, listener);
  return library;
}
