/** Projects, which Atlas' API calls groups. */
import { type Query, type Route, route } from "../api.ts";
import { checkTags, clustersOf } from "./cluster-list.ts";
import description from "./description.json" with { type: "json" };
import { AtlasError } from "./refusals.ts";
import { isId, newId, Part, type Project, type ProjectEvent, page, timestamp } from "./state.ts";

export type ProjectRequest = Pick<Project, "name" | "orgId"> &
  Partial<Pick<Project, "tags" | "withDefaultAlertsSettings">>;

/** What of the description's event types the stand-in has. */
const { DefaultEventViewForNdsGroup, NDSAuditViewForNdsGroup } = description.$defs;
const eventTypes = [DefaultEventViewForNdsGroup, NDSAuditViewForNdsGroup].flatMap(
  ({ properties }) => properties.eventTypeName.enum,
);

const defaultSettings = {
  isClusterAiAssistantEnabled: true,
  isCollectDatabaseSpecificsStatisticsEnabled: true,
  isDataExplorerEnabled: true,
  isDataExplorerGenAIFeaturesEnabled: false,
  isDataExplorerGenAISampleDocumentPassingEnabled: false,
  isExtendedStorageSizesEnabled: false,
  isNativeRerankingEnabled: false,
  isPerformanceAdvisorEnabled: true,
  isRealtimePerformancePanelEnabled: true,
  isSchemaAdvisorEnabled: true,
};

/** By name: what a project has until somebody sets it, and the most that can be set; both of the description. */
const limits: Readonly<Record<string, readonly [defaultLimit: number, maximumLimit: number]>> = {
  "atlas.project.deployment.clusters": [25, 100],
  "atlas.project.deployment.nodesPerPrivateLinkRegion": [50, 90],
  "atlas.project.security.databaseAccess.customRoles": [100, 1400],
  "atlas.project.security.databaseAccess.users": [100, 100],
  "atlas.project.security.networkAccess.crossRegionEntries": [40, 220],
  "atlas.project.security.networkAccess.entries": [200, 20],
};

export class Projects extends Part {
  list(): Project[] {
    return this.context.data.projects;
  }

  get(groupId: string): Project {
    return this.context.project(groupId);
  }

  create({ name, orgId, tags = [], withDefaultAlertsSettings = true }: ProjectRequest): Project {
    this.checkOrganization(orgId);
    this.checkName(name);
    checkTags(tags);
    const project: Project = {
      id: newId(),
      orgId,
      name,
      created: timestamp(),
      tags,
      withDefaultAlertsSettings,
      settings: { ...defaultSettings },
      limits: [],
      managedSlowMs: true,
    };
    this.context.data.projects.push(project);
    this.context.happened("GROUP_CREATED", project.id);
    this.context.save();
    return project;
  }

  get routes(): Route[] {
    const one = "/groups/:group" as const;
    const shown = ({ id, orgId, name, created, tags, withDefaultAlertsSettings }: Project) => {
      const clusterCount = clustersOf(this.context, id).length;
      return { id, orgId, name, created, tags, withDefaultAlertsSettings, clusterCount, links: [] };
    };
    // People are not simulated.
    const nobody = ({ group, query }: { group: string; query: Query }) => {
      this.get(group);
      return page([], query);
    };
    return [
      route("GET /groups", ({ query }) => page(this.list().map(shown), query)),
      route("POST /groups", (_, body: ProjectRequest) => shown(this.create(body))),
      route("GET /groups/byName/:name", ({ name }) => {
        const project = this.list().find((other) => other.name === name);
        if (project === undefined) throw new AtlasError("GROUP_NAME_NOT_FOUND", name);
        return shown(project);
      }),
      route(`GET ${one}`, ({ group }) => shown(this.get(group))),
      route(`PATCH ${one}`, ({ group }, { name, tags }: Partial<ProjectRequest>) => {
        const project = this.get(group);
        checkTags(tags);
        if (name !== undefined && name !== project.name) this.checkName(name);
        return shown(this.change(group, { ...(name !== undefined && { name }), ...(tags && { tags }) }));
      }),
      route(`DELETE ${one}`, ({ group }) => this.delete(group)),
      route(`GET ${one}/settings`, ({ group }) => this.get(group).settings),
      route(`PATCH ${one}/settings`, ({ group }, changes: Record<string, boolean>) => {
        const { settings } = this.get(group);
        return this.change(group, { settings: { ...settings, ...changes } }).settings;
      }),
      route(`GET ${one}/limits`, ({ group }) => this.get(group).limits),
      route(`PATCH ${one}/limits/:limit`, ({ group, limit }, { value }: { value: number }) =>
        this.setLimit(group, limit, value),
      ),
      route(`DELETE ${one}/limits/:limit`, ({ group, limit }) => void this.setLimit(group, limit)),
      route(`GET ${one}/teams`, nobody),
      route(`GET ${one}/users`, nobody),
      route(`GET ${one}/ipAddresses`, ({ group }) => ({
        groupId: this.get(group).id,
        services: { clusters: [] },
      })),
      route(`GET ${one}/managedSlowMs`, ({ group }) => this.get(group).managedSlowMs),
      route(
        `POST ${one}/managedSlowMs/enable`,
        ({ group }) => void this.change(group, { managedSlowMs: true }),
      ),
      route(
        `DELETE ${one}/managedSlowMs/disable`,
        ({ group }) => void this.change(group, { managedSlowMs: false }),
      ),
      route(`GET ${one}/events`, ({ group, query, context }) => {
        // `style: form` without `explode: false`: one after another.
        const asked = (name: string) => context.req.queries(name) ?? [];
        return page(this.events(group, asked("eventType"), asked("clusterNames"), query), query);
      }),
    ];
  }

  /** Newest first. Of each list one has to fit; an empty one asks for nothing. */
  private events(groupId: string, types: string[], clusters: string[], { minDate, maxDate }: Query) {
    this.get(groupId);
    const known: readonly string[] = eventTypes;
    for (const type of types) if (!known.includes(type)) throw new AtlasError("INVALID_ENUM_VALUE", type);
    const date = (name: string, text = "", otherwise = 0) => {
      const time = text === "" ? otherwise : Date.parse(text);
      if (Number.isNaN(time)) throw new AtlasError("INVALID_JSON_ATTRIBUTE", name);
      return time;
    };
    const first = date("minDate", minDate);
    const last = date("maxDate", maxDate, Number.POSITIVE_INFINITY);
    return this.context
      .of("events", groupId)
      .filter(
        ({ eventTypeName, clusterName = "", created }) =>
          (types.length === 0 || types.includes(eventTypeName)) &&
          (clusters.length === 0 || clusters.includes(clusterName)) &&
          Date.parse(created) >= first &&
          Date.parse(created) <= last,
      )
      .reverse()
      .map((event) => eventReply(event, this.context.data.orgId));
  }

  /** Kept and shown; nothing here is counted against it. Without a value: the default again. */
  private setLimit(groupId: string, name: string, value?: number) {
    const others = this.get(groupId).limits.filter((limit) => limit.name !== name);
    if (!(name in limits)) throw new AtlasError("RESOURCE_NOT_FOUND", name);
    const [defaultLimit, maximumLimit] = limits[name] as readonly [number, number];
    if (value !== undefined && value > Math.max(defaultLimit, maximumLimit))
      throw new AtlasError("INVALID_ATTRIBUTE", "value");
    const limit = { name, value: value ?? defaultLimit, defaultLimit, maximumLimit };
    this.change(groupId, { limits: value === undefined ? others : [...others, limit] });
    return limit;
  }

  /** Users and access list go with the project; clusters, also those being deleted, keep it. */
  delete(groupId: string): void {
    if (clustersOf(this.context, groupId).length > 0)
      throw new AtlasError("CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS");
    const { data } = this.context;
    const elsewhere = (thing: { groupId: string }) => thing.groupId !== groupId;
    data.projects = data.projects.filter(({ id }) => id !== groupId);
    data.users = data.users.filter(elsewhere);
    data.accessList = data.accessList.filter(elsewhere);
    data.containers = data.containers.filter(elsewhere);
    data.alerts = data.alerts.filter(elsewhere);
    data.snapshots = data.snapshots.filter(elsewhere);
    data.restoreJobs = data.restoreJobs.filter(elsewhere);
    this.context.save();
  }

  private change(groupId: string, change: Partial<Project>): Project {
    const project = Object.assign(this.get(groupId), change);
    this.context.save();
    return project;
  }

  private checkOrganization(orgId: string): void {
    if (!isId(orgId)) throw new AtlasError("INVALID_ORG_ID", orgId);
    if (orgId !== this.context.data.orgId) throw new AtlasError("ORG_NOT_FOUND", orgId);
  }

  private checkName(name: string): void {
    if (name.trim() === "" || name.length > 64) throw new AtlasError("INVALID_GROUP_NAME", name);
    if (this.list().some((other) => other.name === name)) throw new AtlasError("GROUP_ALREADY_EXISTS", name);
  }
}

/** An event of the project's feed: of a cluster's it is not said which, the client has to ask for one cluster's. */
const eventReply = ({ actor, clusterName: _, ...event }: ProjectEvent, orgId: string) => ({
  ...event,
  orgId,
  ...actor,
  isGlobalAdmin: false,
  links: [],
});
