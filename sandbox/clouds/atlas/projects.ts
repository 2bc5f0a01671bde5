/** Projects, which Atlas' API calls groups. */
import { ClusterList } from "./cluster-list.ts";
import { checkTags } from "./cluster-rules.ts";
import description from "./description.json" with { type: "json" };
import { AtlasError } from "./error.ts";
import type { ProjectRequest } from "./requests.ts";
import { isId, newId, Part, type Project, type ProjectEvent, timestamp } from "./state.ts";

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
  private readonly clusters = new ClusterList(this.context);

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
    this.context.store.save();
    return project;
  }

  named(name: string): Project {
    const project = this.list().find((other) => other.name === name);
    if (project === undefined) throw new AtlasError("GROUP_NAME_NOT_FOUND", name);
    return project;
  }

  /** Newest first. Of each list one has to fit; an empty one asks for nothing. */
  events(
    groupId: string,
    { types, clusters, from, until }: { types: string[]; clusters: string[]; from?: string; until?: string },
  ): ProjectEvent[] {
    this.get(groupId);
    const known: readonly string[] = eventTypes;
    for (const type of types) if (!known.includes(type)) throw new AtlasError("INVALID_ENUM_VALUE", type);
    const date = (text = "") => (text === "" ? undefined : Date.parse(text));
    const [first, last] = [date(from), date(until)];
    for (const [name, time] of Object.entries({ minDate: first, maxDate: last }))
      if (Number.isNaN(time)) throw new AtlasError("INVALID_JSON_ATTRIBUTE", name);
    return (this.context.data.events ?? [])
      .filter(
        (event) =>
          event.groupId === groupId &&
          (types.length === 0 || types.includes(event.eventTypeName)) &&
          (clusters.length === 0 || clusters.includes(event.clusterName ?? "")) &&
          Date.parse(event.created) >= (first ?? 0) &&
          Date.parse(event.created) <= (last ?? Number.POSITIVE_INFINITY),
      )
      .reverse();
  }

  update(groupId: string, { name, tags }: Partial<ProjectRequest>): Project {
    const project = this.get(groupId);
    checkTags(tags);
    if (name !== undefined && name !== project.name) this.checkName(name);
    return this.change(groupId, { ...(name !== undefined && { name }), ...(tags && { tags }) });
  }

  updateSettings(groupId: string, changes: Record<string, boolean>): Project {
    const { settings } = this.get(groupId);
    return this.change(groupId, { settings: { ...settings, ...changes } });
  }

  setManagedSlowMs(groupId: string, managedSlowMs: boolean): void {
    this.change(groupId, { managedSlowMs });
  }

  /** Kept and shown; nothing here is counted against it. Without a value: the default again. */
  setLimit(groupId: string, name: string, value?: number) {
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
    this.get(groupId);
    if (this.clusters.list(groupId).length > 0)
      throw new AtlasError("CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS");
    const { data, store } = this.context;
    const elsewhere = (thing: { groupId: string }) => thing.groupId !== groupId;
    data.projects = data.projects.filter(({ id }) => id !== groupId);
    data.users = data.users.filter(elsewhere);
    data.accessList = data.accessList.filter(elsewhere);
    data.containers = data.containers.filter(elsewhere);
    data.alerts = (data.alerts ?? []).filter(elsewhere);
    data.snapshots = (data.snapshots ?? []).filter(elsewhere);
    data.restoreJobs = (data.restoreJobs ?? []).filter(elsewhere);
    store.save();
  }

  private change(groupId: string, change: Partial<Project>): Project {
    const project = Object.assign(this.get(groupId), change);
    this.context.store.save();
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
