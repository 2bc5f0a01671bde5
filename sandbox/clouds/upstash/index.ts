export { UpstashError } from "./error.ts";
export { upstashApi } from "./http.ts";
export { UpstashCloud, type UpstashOptions } from "./model.ts";
export { serveUpstashProxy } from "./proxy.ts";
export * as requests from "./requests.ts";
