/** When a project's owners are told of what. */
import { type Route, route } from "../api.ts";
import { AtlasError } from "./refusals.ts";
import { type AlertConfig, newId, Part, page, timestamp } from "./state.ts";

export type AlertRequest = Omit<AlertConfig, "id" | "groupId" | "created" | "updated">;

export class Alerts extends Part {
  list(groupId: string): AlertConfig[] {
    return this.context.of("alerts", groupId);
  }

  get(groupId: string, id: string): AlertConfig {
    const found = this.list(groupId).find((alert) => alert.id === id);
    if (found !== undefined) return found;
    throw new AtlasError("ALERT_CONFIG_NOT_FOUND", id, groupId);
  }

  create(groupId: string, request: AlertRequest): AlertConfig {
    this.context.project(groupId);
    const alert = {
      ...this.checked(request),
      ...{ id: newId(), groupId, created: timestamp(), updated: timestamp() },
    };
    this.context.data.alerts.push(alert);
    this.context.save();
    return alert;
  }

  /** The whole: what is left out is gone. */
  replace(groupId: string, id: string, request: AlertRequest): AlertConfig {
    const before = this.get(groupId, id);
    const { created } = before;
    const alert = { ...this.checked(request), id, groupId, created, updated: timestamp() };
    const { alerts } = this.context.data;
    alerts[alerts.indexOf(before)] = alert;
    this.context.save();
    return alert;
  }

  delete(groupId: string, id: string): void {
    this.context.drop("alerts", this.get(groupId, id));
  }

  get routes(): Route[] {
    const all = "/groups/:group/alertConfigs" as const;
    const one = `${all}/:alert` as const;
    const shown = (alert: AlertConfig) => ({ ...alert, links: [] });
    return [
      route(`GET ${all}`, ({ group, query }) => page(this.list(group).map(shown), query)),
      route(`POST ${all}`, ({ group }, body: AlertRequest) => shown(this.create(group, body))),
      route(`GET ${one}`, ({ group, alert }) => shown(this.get(group, alert))),
      route(`PUT ${one}`, ({ group, alert }, body: AlertRequest) => shown(this.replace(group, alert, body))),
      route(`DELETE ${one}`, ({ group, alert }) => this.delete(group, alert)),
    ];
  }

  private checked({ enabled = false, matchers = [], notifications, ...condition }: AlertRequest) {
    const needsThreshold = condition.eventTypeName === "OUTSIDE_METRIC_THRESHOLD";
    if (needsThreshold && condition.metricThreshold === undefined)
      throw new AtlasError("MISSING_ATTRIBUTE", "metricThreshold");
    if (!needsThreshold && condition.metricThreshold !== undefined)
      throw new AtlasError("INVALID_ATTRIBUTE", "metricThreshold");
    // An e-mail address is told by e-mail, and by nothing else.
    const targets = notifications.map(({ emailEnabled, smsEnabled, roles, ...target }) => {
      if (target.typeName !== "EMAIL") return { ...target, emailEnabled, smsEnabled, roles };
      if (target.emailAddress === undefined)
        throw new AtlasError("MISSING_ATTRIBUTE", "notifications.emailAddress");
      return target;
    });
    return {
      ...condition,
      enabled,
      matchers,
      notifications: targets.map((target) => ({ notifierId: newId(), ...target })),
    };
  }
}
