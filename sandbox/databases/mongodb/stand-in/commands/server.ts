/** About the server itself. */
import os from "node:os";
import { type Document, Double } from "bson";
import type { Commands, ServerState } from "../call.ts";
import { notImplemented, unknown } from "../errors.ts";
import { modules, version } from "./hello.ts";

const buildInfo = (): Document => ({
  version,
  gitVersion: "none: kairos-sandbox stand-in",
  modules,
  allocator: "system",
  javascriptEngine: "none",
  versionArray: [...version.split(".").map(Number), 0],
  bits: 64,
  debug: false,
  maxBsonObjectSize: 16 * 1024 * 1024,
  storageEngines: ["kairosStandIn"],
});

const serverStatus = ({ connections, started, address, cursors, replicaSet }: ServerState): Document => ({
  host: address,
  version,
  process: "mongod",
  modules,
  pid: process.pid,
  uptime: new Double((Date.now() - started) / 1000),
  uptimeMillis: Date.now() - started,
  localTime: new Date(),
  connections: { current: connections },
  metrics: { cursor: { open: { total: cursors.size } } },
  storageEngine: { name: "kairosStandIn", persistent: true },
  repl: { setName: replicaSet, hosts: [address], me: address, primary: address, isWritablePrimary: true },
});

const hostInfo = (): Document => ({
  system: {
    currentTime: new Date(),
    numCores: os.cpus().length,
    memSizeMB: Math.floor(os.totalmem() / 2 ** 20),
  },
  os: { type: os.type(), name: os.platform(), version: os.release() },
  extra: {},
});

function getParameter(body: Document): Document {
  const { featureCompatibilityVersion, getParameter } = body;
  if (getParameter === "*") throw notImplemented("getParameter of everything");
  if (featureCompatibilityVersion === undefined) throw unknown(72, "a parameter of this name");
  return { featureCompatibilityVersion: { version: version.replace(/\.\d+$/, "") } };
}

export const serverCommands: Commands = {
  ping: { open: true, fields: [], run: () => ({}) },
  buildInfo: { open: true, fields: [], run: buildInfo },
  buildinfo: { open: true, fields: [], run: buildInfo },
  whatsmyuri: { open: true, fields: [], run: ({ client }) => ({ you: client.remote }) },
  hostInfo: { fields: [], needs: () => [{ action: "hostInfo" }], run: hostInfo },
  serverStatus: {
    fields: "any",
    needs: () => [{ action: "serverStatus" }],
    run: ({ server }) => serverStatus(server),
  },
  getParameter: {
    fields: "any",
    adminOnly: true,
    needs: () => [{ action: "getParameter" }],
    run: ({ body }) => getParameter(body),
  },
};
