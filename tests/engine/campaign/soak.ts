/**
 * A kept sandbox for a long time: a login every 50 ms, a change every minute, and what memory and handles of its
 * processes do meanwhile. It is a rehearsal, so that it needs no engine; of processes only Linux tells enough.
 */
import { readdir, readFile } from "node:fs/promises";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@redis/client";
import { markdownTable } from "markdown-table";
import { MongoClient } from "mongodb";
import pg from "pg";
import { type Ask, asking } from "../../../ops/sandbox/control.ts";
import { folderOf, isAlive, type Record } from "../../../ops/sandbox/folder.ts";
import { record, report, run } from "../../sandbox-command.ts";

const name = "soak";
type Variables = { [name: string]: string };
/** Megabytes of memory and open handles at a minute, by kind of process. */
type Sample = Map<string, { memory: number; handles: number }>;

/** @returns whether all logins went through and nothing grew */
export async function soak(minutes: number, say: (line: string) => void): Promise<boolean> {
  if (process.platform !== "linux") throw new Error(`got ${process.platform}; expected Linux`);
  const started = await report(["--keep", "--rehearse", "--name", name], os.tmpdir());
  if (started.code !== 0) throw new Error(started.all);
  const [samples, failures]: [Sample[], string[]] = [[], []];
  try {
    const known = await record(name);
    const ask = asking(known);
    const end = Date.now() + minutes * 60_000;
    const logins = logInUntil(end, ask, failures);
    for (let minute = 0; Date.now() < end; minute++) {
      samples.push(await sample(known));
      say(`${minute} min: ${shown(samples.at(-1) as Sample)}`);
      const next = Date.now() + 60_000;
      const change = changes[minute % changes.length] as (typeof changes)[number];
      await change(ask, minute).catch((error: Error) => failures.push(`a change: ${error.message}`));
      await sleep(Math.max(0, Math.min(next, end) - Date.now()));
    }
    say(`${await logins} logins; ${failures.length} failed`);
    for (const one of new Set(failures)) say(`- ${one}`);
    const { rows, grew } = judge(samples);
    say(markdownTable(rows));
    for (const one of grew) say(`grew: ${one}`);
    return failures.length === 0 && grew.length === 0;
  } finally {
    await run(["reset", "--name", name], os.tmpdir());
  }
}

/** One login every 50 ms, at each database in turn, each on a connection of its own. @returns how many */
async function logInUntil(end: number, ask: Ask, failures: string[]): Promise<number> {
  let count = 0;
  const waiting = new Set<Promise<unknown>>();
  for (let variables = await ask("variables"); Date.now() < end; count++) {
    // What a change has deployed is what the next ones log in with.
    if (count % 100 === 0) variables = await ask("variables");
    const { [count % logins.length]: login } = logins;
    const one = login?.(variables).catch((error: Error) => failures.push(`a login: ${error.message}`));
    if (one !== undefined) waiting.add(one);
    void one?.then(() => waiting.delete(one));
    await sleep(50);
    // On a machine that is too busy for it: what waits is no leak.
    while (waiting.size > 20) await Promise.race(waiting);
  }
  await Promise.all(waiting);
  return count;
}

const logins = [
  async ({ MONGODB_URL = "", MONGODB_DB_NAME, NODE_EXTRA_CA_CERTS = "" }: Variables) => {
    const client = new MongoClient(MONGODB_URL, { tlsCAFile: NODE_EXTRA_CA_CERTS, maxPoolSize: 1 });
    try {
      await client.db(MONGODB_DB_NAME).command({ ping: 1 });
    } finally {
      await client.close();
    }
  },
  async (of: Variables) => {
    const ca = await readFile(of.NODE_EXTRA_CA_CERTS ?? "", "utf8");
    const client = new pg.Client({
      host: of.POSTGRES_HOST,
      port: Number(of.POSTGRES_PORT),
      user: of.POSTGRES_USER,
      password: of.POSTGRES_PASSWORD,
      database: of.POSTGRES_DB,
      ssl: { ca },
    });
    await client.connect();
    await client.query("SELECT 1");
    await client.end();
  },
  async ({ REDIS_URL: url = "", NODE_EXTRA_CA_CERTS = "" }: Variables) => {
    const ca = await readFile(NODE_EXTRA_CA_CERTS, "utf8");
    const client = createClient({ url, socket: { tls: true, ca, host: new URL(url).hostname } });
    client.on("error", () => undefined);
    await client.connect();
    await client.ping();
    await client.close();
  },
];

/** What somebody does at Render, in turn. */
const changes: ((ask: Ask, minute: number) => Promise<unknown>)[] = [
  async (ask, minute) => {
    const [service] = (await ask("state")).services;
    const path = `/services/${service?.id}`;
    const all: { envVar: { key: string; value: string } }[] = await atRender(
      ask,
      "GET",
      `${path}/env-vars?limit=100`,
    );
    const others = all.map(({ envVar }) => envVar).filter(({ key }) => key !== "MINUTE");
    await atRender(ask, "PUT", `${path}/env-vars`, [...others, { key: "MINUTE", value: `${minute}` }]);
    await atRender(ask, "POST", `${path}/deploys`, {});
  },
  (ask) => madeAndDeleted(ask, "key-value", { plan: "starter", maxmemoryPolicy: "noeviction" }),
  (ask) => madeAndDeleted(ask, "postgres", { plan: "basic_256mb", version: "18" }),
];

async function madeAndDeleted(ask: Ask, path: string, more: object): Promise<void> {
  const { RENDER_OWNER_ID: ownerId } = await ask("environment");
  const body = { name: "soak", ownerId, region: "oregon", ...more };
  const { id } = await atRender(ask, "POST", `/${path}`, body);
  await sleep(20_000);
  await atRender(ask, "DELETE", `/${path}/${id}`);
}

async function atRender(ask: Ask, method: string, path: string, body?: object) {
  const { RENDER_HOST, RENDER_API_KEY } = await ask("environment");
  const response = await fetch(`${RENDER_HOST}${path}`, {
    method,
    headers: { authorization: `Bearer ${RENDER_API_KEY}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? {} : JSON.parse(text);
}

/** The host, and every process below it, by what it is. */
async function sample({ pid: host }: Record): Promise<Sample> {
  const parents = new Map<number, number>();
  for (const entry of await readdir("/proc")) {
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => undefined);
    const parent = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    if (parent !== undefined) parents.set(Number(entry), Number(parent));
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === host || isBelow(parents.get(pid)));
  const all: Sample = new Map();
  for (const pid of [...parents.keys()].filter(isBelow)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const kind = kinds.find(([, words]) => words.test(command))?.[0];
    if (kind === undefined || !isAlive(pid)) continue;
    const { memory, handles: before } = all.get(kind) ?? { memory: 0, handles: 0 };
    all.set(kind, {
      memory: memory + Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024,
      handles: before + handles.length,
    });
  }
  return all;
}

const kinds: [kind: string, words: RegExp][] = [
  ["host: stand-ins and proxies", new RegExp(`kairos-sandbox\0${folderOf(name)}`)],
  ["Redis", /webassembly/],
  ["Postgres", /postgres -D|postgres\0-D/],
  ["backend", /backend-main/],
  ["supervisors", /supervisor/],
];

const shown = (one: Sample) =>
  [...one].map(([kind, { memory, handles }]) => `${kind} ${memory.toFixed(0)} MB ${handles}`).join(", ");

/** The second quarter of the time, when all has been used once, against the last one; each by its lowest minute. */
function judge(samples: readonly Sample[]): { rows: string[][]; grew: string[] } {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const rows = [["process", "memory then", "memory at the end", "handles then", "handles at the end"]];
  const grew: string[] = [];
  for (const [kind] of kinds) {
    const lowest = (some: readonly Sample[], what: "memory" | "handles") =>
      Math.min(...some.flatMap((one) => one.get(kind)?.[what] ?? []));
    const [then, now] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
    const memory = [lowest(then, "memory"), lowest(now, "memory")] as const;
    const handles = [lowest(then, "handles"), lowest(now, "handles")] as const;
    rows.push([kind, ...memory.map((one) => `${one.toFixed(0)} MB`), ...handles.map(String)]);
    if (memory[1] > memory[0] * 1.2 + 10 || handles[1] > handles[0] + 5) grew.push(kind);
  }
  return { rows, grew };
}
