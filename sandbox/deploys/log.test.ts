import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hidden, Log, redactor } from "./log.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kairos-log-"));
  file = path.join(folder, "deploy.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the redactor", () => {
  const password = `a/b c"d?${randomBytes(6).toString("hex")}`;
  const url = `mongodb+srv://kairos:${encodeURIComponent(password)}@host.example/db?w=majority`;

  it("hides a value, the password inside a URL, and each as it is encoded elsewhere", () => {
    const redact = redactor([url]);
    for (const form of [url, password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1)])
      expect(redact(`<${form}>`), form).toBe(`<${hidden}>`);
    expect(redact("mongodb+srv://kairos@host.example")).toBe("mongodb+srv://kairos@host.example");
  });

  it("hides each line of a value of several, and leaves short values alone", () => {
    const key = [randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
    const redact = redactor([key.join("\n"), "short"]);
    expect(redact(`${key[0]} ${key[1]} short`)).toBe(`${hidden} ${hidden} short`);
  });

  it("hides nothing when there is nothing to hide", () => {
    expect(redactor([])("all of this")).toBe("all of this");
  });
});

describe("the log", () => {
  const secret = randomBytes(16).toString("hex");
  const open = (lines: string[] = []) => new Log(file, redactor([secret]), (line) => lines.push(line));

  it("puts pieces together to lines, and finds a secret that is cut in two", () => {
    const told: string[] = [];
    const log = open(told);
    const output = log.output();
    for (const piece of ["one\r\nthe pass", "word is ", secret.slice(0, 5), secret.slice(5), "!\nno end"])
      output.push(piece);
    output.end();
    log.close();
    const lines = ["one", `the password is ${hidden}!`, "no end"];
    expect(log.lines).toEqual(lines);
    expect(told).toEqual(lines);
    expect(readFileSync(file, "utf8")).toBe(`${lines.join("\n")}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("cuts a line that never ends, and no secret with it", () => {
    const log = open();
    const output = log.output();
    // Wherever a cut falls, it falls into a secret.
    for (let times = 0; times < 10_000; times++) {
      output.push(secret.slice(0, 11));
      output.push(secret.slice(11));
    }
    output.push("\n");
    log.close();
    expect(log.lines.length).toBeGreaterThan(1);
    const text = readFileSync(file, "utf8").replaceAll("\n", "");
    expect(text.replaceAll(hidden, "")).toBe("");
  });

  it("keeps the last 500 lines in memory and all in the file", () => {
    const log = open();
    for (let n = 0; n < 600; n++) log.add(`line ${n}`);
    log.close();
    expect([log.lines.length, log.lines[0]]).toEqual([500, "line 100"]);
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(601);
  });

  it("keeps the two outputs of a process apart", () => {
    const log = open();
    const [one, other] = [log.output(), log.output()];
    one.push("half a li");
    other.push("an error\n");
    one.push("ne\n");
    log.close();
    expect(log.lines).toEqual(["an error", "half a line"]);
  });
});
