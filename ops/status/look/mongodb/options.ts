/** The options that the backend gives its driver. */
import { createRequire } from "node:module";
import type { MongoClient, MongoClientOptions } from "mongodb";
import type { MongodbFacts } from "../../model.ts";
import type { MongodbSettings } from "../../variables.ts";
import { authorities } from "../network.ts";

/** Milliseconds between two looks at each server, the backend's choice. */
const heartbeat = 10_000;

/** What the URL says itself wins: the stack writes its own settings there. */
export function optionsFor(
  { url, maxPoolSize, minPoolSize }: MongodbSettings,
  timeout: number,
  ca: string | undefined,
): MongoClientOptions {
  const given = new Set(
    [...new URLSearchParams(url.split("?")[1] ?? "").keys()].map((name) => name.toLowerCase()),
  );
  const compressors: MongoClientOptions["compressors"] = hasSnappy() ? ["snappy", "zlib"] : ["zlib"];
  const defaults = { retryWrites: true, retryReads: true, heartbeatFrequencyMS: heartbeat, compressors };
  return {
    appName: "kairos-status",
    serverSelectionTimeoutMS: timeout,
    connectTimeoutMS: timeout,
    maxPoolSize,
    minPoolSize,
    ...Object.fromEntries(Object.entries(defaults).filter(([name]) => !given.has(name.toLowerCase()))),
    // The URL may name a file of its own; giving another authority would put that aside.
    ...(!given.has("tlscafile") && authorities(ca)),
  };
}

/** "Snappy if available": it is a package with native code, which the driver loads when it is installed. */
function hasSnappy(): boolean {
  try {
    createRequire(import.meta.url).resolve("snappy");
    return true;
  } catch {
    return false;
  }
}

/** What the driver made of variables and URL. */
export function settingsInForce(
  { options }: MongoClient,
  timeout: number,
): NonNullable<MongodbFacts["settings"]> {
  const { maxPoolSize, minPoolSize, heartbeatFrequencyMS, retryWrites, retryReads, compressors } = options;
  return {
    serverSelectionTimeout: options.serverSelectionTimeoutMS ?? timeout,
    maxPoolSize,
    minPoolSize,
    heartbeat: heartbeatFrequencyMS,
    retryWrites,
    retryReads,
    compressors: [compressors ?? []].flat().filter((name) => name !== "none"),
  };
}
