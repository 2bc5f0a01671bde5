/**
 * A stand-in of MongoDB Atlas: the model, as far as the stack uses it, and its API over HTTP, as MongoDB's own clients call it.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/
 */
import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Route, vendorApi } from "../api.ts";
import { AccessList } from "./access-list.ts";
import { Alerts } from "./alerts.ts";
import { type AtlasCredentials, Authentication } from "./auth.ts";
import { Snapshots } from "./backups.ts";
import { Clusters } from "./clusters.ts";
import { Compliance } from "./compliance.ts";
import { FlexClusters } from "./flex-clusters.ts";
import { Projects } from "./projects.ts";
import { AtlasError, described } from "./refusals.ts";
import { RestoreJobs } from "./restores.ts";
import {
  type Actor,
  AtlasContext,
  type AtlasOptions,
  type Cluster,
  type ConnectionStrings,
} from "./state.ts";
import { DatabaseUsers } from "./users.ts";

export type { AlertRequest } from "./alerts.ts";
export { type AtlasCredentials, generateCredentials } from "./auth.ts";
export type { ClusterRequest } from "./clusters.ts";
export type { FlexRequest } from "./flex-clusters.ts";
export { awsRegions } from "./hardware.ts";
export type { ProjectRequest } from "./projects.ts";
export { AtlasError, described } from "./refusals.ts";
export type { AtlasOptions, Cluster, DatabaseUser } from "./state.ts";
export type { UserRequest } from "./users.ts";

/**
 * One organization in the cloud. What its parts are told by hand, without a provider, is a change out of band.
 * Bodies are those of Atlas' Admin API; refusals are thrown as `AtlasError`.
 */
export class AtlasCloud {
  private readonly context: AtlasContext;
  readonly projects: Projects;
  /** Dedicated clusters and M0. */
  readonly clusters: Clusters;
  readonly flexClusters: FlexClusters;
  readonly users: DatabaseUsers;
  readonly accessList: AccessList;
  readonly alerts: Alerts;
  readonly snapshots: Snapshots;
  readonly restoreJobs: RestoreJobs;
  readonly compliance: Compliance;

  constructor(options: AtlasOptions = {}) {
    this.context = new AtlasContext(options);
    this.projects = new Projects(this.context);
    this.clusters = new Clusters(this.context);
    this.flexClusters = new FlexClusters(this.context);
    this.users = new DatabaseUsers(this.context);
    this.accessList = new AccessList(this.context);
    this.alerts = new Alerts(this.context);
    this.snapshots = new Snapshots(this.context);
    this.restoreJobs = new RestoreJobs(this.context, this.snapshots);
    this.compliance = new Compliance(this.context);
  }

  /** What happens meanwhile is this one's doing: a person in the console, or a pair of keys. */
  as<T>(actor: Actor, run: () => T): T {
    return this.context.actor.run(actor, run);
  }

  get orgId(): string {
    return this.context.data.orgId;
  }

  connection(cluster: Cluster): ConnectionStrings {
    return this.context.connection(cluster);
  }
}

export function routes(cloud: AtlasCloud): Route[] {
  const { projects, clusters, flexClusters, users, accessList, alerts } = cloud;
  const { snapshots, restoreJobs, compliance } = cloud;
  const parts = [projects, clusters, flexClusters, users, accessList, alerts];
  return [...parts, snapshots, restoreJobs, compliance].flatMap((part) => part.routes);
}

/** The API of one organization, open to one pair of keys and one service account. */
export function atlasApi(cloud: AtlasCloud, credentials: AtlasCredentials): Hono {
  const authentication = new Authentication(credentials);
  const app = new Hono();
  app.post("/api/oauth/token", (context) => authentication.token(context));
  app.post("/api/oauth/revoke", (context) => authentication.revoke(context));
  const api = vendorApi({
    basePath: "/api/atlas/v2",
    routes: routes(cloud),
    described,
    enter: async (context, next) => {
      const actor = authentication.check(context);
      mediaType(context);
      await (actor === undefined ? next() : cloud.as(actor, next));
    },
    // `null` counts as left out.
    read: (text) => JSON.parse(text, (_, value: unknown) => (value === null ? undefined : value)),
    // Where there is nothing to say, an empty object: but for 204, which has no body.
    answer: (context, body = {}, status) =>
      (status as number) === 204
        ? context.body(null, 204)
        : context.body(JSON.stringify(body), status as ContentfulStatusCode, {
            "Content-Type": mediaType(context),
          }),
    malformed: () => new AtlasError("MALFORMED_JSON"),
    unknown: (_, path) => new AtlasError("RESOURCE_NOT_FOUND", path),
    // What went wrong inside is not told: it may contain what a caller must not see.
    unexpected: () => new AtlasError("UNEXPECTED_ERROR"),
  });
  return app.route("/", api);
}

/** The dated media type that the client asked for, which is also how Atlas chooses the version of a call. */
function mediaType(context: Context): string {
  const type = /application\/vnd\.atlas\.\d{4}-\d\d-\d\d\+json/.exec(context.req.header("accept") ?? "")?.[0];
  if (type === undefined) throw new AtlasError("INVALID_VERSION_DATE");
  return type;
}
