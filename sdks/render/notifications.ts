import { type ArgsOf, resource } from "../bridge.ts";
import manifest from "./package.json" with { type: "json" };

/**
 * Whom Render tells of what, for the whole workspace (`render_notification_setting`). It always exists: creating it changes
 * it, deleting it leaves it as it is. Its `id` says nothing (the provider gives none).
 */
export class NotificationSetting extends resource({
  package: manifest,
  type: "render:index/notificationSetting:NotificationSetting",
  inputs: {
    /** Whether the workspace's members are told by e-mail. */
    emailEnabled: { optional: "boolean" },
    /** `all`, `failure` or `none`. */
    notificationsToSend: { optional: "string" },
    previewNotificationsEnabled: { optional: "boolean" },
  },
  outputs: {},
}) {}
export type NotificationSettingArgs = ArgsOf<typeof NotificationSetting>;
