/** A stand-in of MongoDB Atlas: the model, and its API over HTTP. */
export { generateCredentials } from "./auth.ts";
export { AtlasError } from "./error.ts";
export { awsRegions } from "./hardware.ts";
export { atlasApi } from "./http.ts";
export { AtlasCloud, type AtlasOptions } from "./model.ts";
export {
  type AlertRequest,
  type ClusterRequest,
  described,
  type FlexRequest,
  type ProjectRequest,
  type UserRequest,
} from "./requests.ts";
export { routes } from "./routes.ts";
export type { Cluster } from "./state.ts";
