/** A stand-in of MongoDB Atlas: the model, and its API over HTTP. */
export { type AtlasCredentials, generateCredentials } from "./auth.ts";
export { AtlasError } from "./error.ts";
export { atlasApi } from "./http.ts";
export { AtlasCloud, type AtlasOptions } from "./model.ts";
export type { ConnectionStrings } from "./replies.ts";
export type { AccessEntry, Cluster, DatabaseUser, Project } from "./state.ts";
