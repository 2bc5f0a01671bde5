/**
 * The backend that the sandbox boots in place of Kaïros: it reads the same variables, connects to the same databases,
 * writes the same lines and has a health check. A program of its own; it knows nothing of the project around it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { Checks, type Database } from "./health.ts";
import { mongodb } from "./mongodb.ts";
import { postgres } from "./postgres.ts";
import { Refusal, within } from "./reasons.ts";
import { redis } from "./redis.ts";
import { settingsFrom } from "./settings.ts";
import { type Log, words } from "./words.ts";

const log: Log = (line) => console.log(line);
// A driver's error that nobody waits for: its message may quote a URL, so only its kind is told.
process.on("uncaughtException", (error: NodeJS.ErrnoException) => {
  log(words.crashed(error.code ?? error.name));
  process.exit(1);
});
const settings = settingsFrom(process.env);
const checks = new Checks(log);

checks.add("mongodb", "MongoDB", made(settings.mongodb, mongodb), "");
checks.add("postgres", "PostgreSQL", made(settings.postgres, postgres), words.postgresUnset);
checks.add("redis", "Redis", made(settings.redis, redis), words.redisUnset);

function made<T extends object>(
  configured: T | Refusal | undefined,
  make: (settings: T, log: Log) => Database,
): Database | Refusal | undefined {
  return configured === undefined || configured instanceof Refusal ? configured : make(configured, log);
}

const api = new Hono();
api.get("/health", async (context) => {
  const health = await checks.health();
  return context.json(health, health.status === "ok" ? 200 : 503);
});
api.notFound((context) => context.json({ message: "not found" }, 404));
const server =
  settings.port === undefined
    ? undefined
    : serve({ fetch: api.fetch, hostname: "127.0.0.1", port: settings.port });
server?.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EADDRINUSE") throw error;
  log(words.portTaken(Number(settings.port)));
  process.exit(1);
});

for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, async () => {
    server?.close();
    if (server !== undefined && "closeAllConnections" in server) server.closeAllConnections();
    await within(3000, checks.close()).catch(() => undefined);
    log(words.stopped);
    process.exit(0);
  });

for (;;) {
  const { status, final } = await checks.health();
  if (status === "ok") break;
  // A worker has nobody who asks for its health: it cannot do its work, and says so by ending.
  if (final && server === undefined) process.exit(1);
  await sleep(1000);
}
log(words.ready);
// What keeps a worker up is the work that it waits for.
if (server === undefined) setInterval(() => undefined, 60_000);
