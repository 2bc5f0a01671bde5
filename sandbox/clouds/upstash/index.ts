export { UpstashError } from "./error.ts";
export { routes, upstashApi } from "./http.ts";
export { UpstashCloud, type UpstashOptions } from "./model.ts";
export { serveUpstashProxy } from "./proxy.ts";
export { described } from "./requests.ts";
