/** When a project's owners are told of what. */
import { AtlasError } from "./error.ts";
import type { AlertRequest } from "./requests.ts";
import { type AlertConfig, newId, Part, timestamp } from "./state.ts";

export class Alerts extends Part {
  list(groupId: string): AlertConfig[] {
    this.context.project(groupId);
    return (this.context.data.alerts ?? []).filter((alert) => alert.groupId === groupId);
  }

  get(groupId: string, id: string): AlertConfig {
    const found = this.list(groupId).find((alert) => alert.id === id);
    if (found !== undefined) return found;
    throw new AtlasError("ALERT_CONFIG_NOT_FOUND", id, groupId);
  }

  create(groupId: string, request: AlertRequest): AlertConfig {
    this.context.project(groupId);
    const id = newId();
    const alert = { ...this.checked(request), id, groupId, created: timestamp(), updated: timestamp() };
    this.context.data.alerts = [...(this.context.data.alerts ?? []), alert];
    this.context.store.save();
    return alert;
  }

  /** The whole: what is left out is gone. */
  replace(groupId: string, id: string, request: AlertRequest): AlertConfig {
    const { created } = this.get(groupId, id);
    const alert = { ...this.checked(request), id, groupId, created, updated: timestamp() };
    this.context.data.alerts = this.context.data.alerts?.map((one) => (one.id === id ? alert : one)) ?? [];
    this.context.store.save();
    return alert;
  }

  delete(groupId: string, id: string): void {
    this.get(groupId, id);
    this.context.data.alerts = this.context.data.alerts?.filter((alert) => alert.id !== id) ?? [];
    this.context.store.save();
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
