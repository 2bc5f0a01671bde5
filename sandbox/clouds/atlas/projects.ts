/** Projects, which Atlas' API calls groups. */
import { ClusterList } from "./cluster-list.ts";
import { AtlasError } from "./error.ts";
import type { ProjectRequest, ProjectSettings, ProjectUpdate } from "./requests.ts";
import { isId, newId, Part, type Project, timestamp } from "./state.ts";

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
    this.context.store.save();
    return project;
  }

  update(groupId: string, { name, tags }: ProjectUpdate): Project {
    const project = this.get(groupId);
    if (name !== undefined && name !== project.name) this.checkName(name);
    return this.change(groupId, { ...(name !== undefined && { name }), ...(tags && { tags }) });
  }

  updateSettings(groupId: string, changes: ProjectSettings): Project {
    const { settings } = this.get(groupId);
    return this.change(groupId, { settings: { ...settings, ...changes } });
  }

  setManagedSlowMs(groupId: string, managedSlowMs: boolean): void {
    this.change(groupId, { managedSlowMs });
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
