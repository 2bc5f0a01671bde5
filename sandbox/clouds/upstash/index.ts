export { type Authority, createAuthority, type KeyPair } from "../certificates.ts";
export { type UpstashCredentials, upstashApi } from "./http.ts";
export { type Database, UpstashCloud, UpstashError, type UpstashOptions } from "./model.ts";
export { type ProxyEnvironment, serveUpstashProxy, type UpstashProxy } from "./proxy.ts";
