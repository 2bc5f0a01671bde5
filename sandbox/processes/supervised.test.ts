import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../tests/helpers/databases.ts";
import { alive, elsewhere, until } from "../../tests/helpers/processes.ts";
import { type Order, SupervisedProcess } from "./supervised.ts";

const folder = temporaryFolder();
let count = 0;
const options = () => ({
  cwd: folder,
  env: {},
  logFile: join(folder, `${++count}.log`),
  killAfter: 10_000,
});
const program = (source: string) => [process.execPath, "-e", source];
async function supervise(command: readonly string[], order: Omit<Order, "command">) {
  const server = new SupervisedProcess({ command, ...order });
  await server.started;
  return { server, exited: server.exited, pid: Number(server.pid), stop: () => server.end() };
}
const forever = "setInterval(() => {}, 1000);";

it("runs a program with its input, environment and log, and nothing else", async () => {
  const given = { ...options(), env: { GIVEN: "yes" }, stdin: "on standard input" };
  const source =
    "process.stdin.pipe(process.stdout); process.stdin.on('end', () => console.error(JSON.stringify(process.env)))";
  const { exited } = await supervise(program(source), given);
  expect(await exited).toEqual({ code: 0, signal: null });
  const log = readFileSync(given.logFile, "utf8");
  expect(log).toContain("on standard input");
  expect(JSON.parse(log.slice(log.indexOf("{")))).toMatchObject({ GIVEN: "yes" });
  expect(log).not.toContain("VITEST");
  expect(statSync(given.logFile).mode & 0o777).toBe(0o600);
});

it("stops it in good order, and tells how it ended", async () => {
  const given = options();
  const source = `process.on('SIGTERM', () => { console.log('bye'); process.exit(7) }); console.log('up'); ${forever}`;
  const server = await supervise(program(source), given);
  await until(() => readFileSync(given.logFile, "utf8").includes("up"));
  await server.stop();
  await server.stop();
  expect(await server.exited).toEqual({ code: 7, signal: null });
  expect(readFileSync(given.logFile, "utf8")).toContain("bye");
  expect(alive(server.pid)).toBe(false);
});

it("kills what does not want to stop", async () => {
  const given = { ...options(), killAfter: 100 };
  const stubborn = `process.on('SIGTERM', () => {}); console.log('up'); ${forever}`;
  const server = await supervise(program(stubborn), given);
  await until(() => readFileSync(given.logFile, "utf8").includes("up"));
  await server.stop();
  expect(await server.exited).toEqual({ code: null, signal: "SIGKILL" });
});

it("says what cannot be started", async () => {
  const missing = join(folder, "missing");
  const { server, exited } = await supervise([missing], options());
  expect(server.pid).toBeUndefined();
  expect(await exited).toEqual({ problem: "ENOENT" });
});

it("says that the log cannot be written", async () => {
  const nowhere = { ...options(), logFile: join(folder, "nowhere", "log") };
  expect(await (await supervise(program(forever), nowhere)).exited).toEqual({ problem: "ENOENT" });
});

it("leaves nothing behind when the parent is killed", async () => {
  const parent = await elsewhere(`
    const { SupervisedProcess } = await load("processes/supervised.ts");
    const server = new SupervisedProcess(${JSON.stringify({ command: program(forever), ...options() })});
    await server.started;
    console.log(server.pid);`);
  const pid = Number(parent.said);
  expect(alive(pid)).toBe(true);
  parent.kill();
  await until(() => !alive(pid));
});

it("ends the server when its supervisor is killed", async () => {
  const given = options();
  const server = await supervise(program(`console.log(process.ppid); ${forever}`), given);
  const supervisor = () => Number(readFileSync(given.logFile, "utf8"));
  await until(() => supervisor() > 1);
  process.kill(supervisor(), "SIGKILL");
  expect(await server.exited).toEqual({ code: null, signal: "SIGKILL" });
  await until(() => !alive(server.pid));
});
