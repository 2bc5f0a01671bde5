/** That Render tells the workspace's members when a deploy or a service fails. */
import { NotificationSetting } from "@pulumi/render";

/** Of pull request previews and of what went well nobody is told. What was set before is not put back when it goes. */
export const workspaceNotifications = () =>
  new NotificationSetting("render-notifications", {
    emailEnabled: true,
    notificationsToSend: "failure",
    previewNotificationsEnabled: false,
  });
