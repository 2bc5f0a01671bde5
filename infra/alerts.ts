/** Alerts that belong to no database: that Render tells the workspace's members when a deploy or a service fails. */
import * as pulumi from "@pulumi/pulumi";
import { NotificationSetting } from "@pulumi/render";

/** Of pull request previews and of what went well nobody is told. What was set before is not put back when it goes. */
export class Alerts extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("kairos:infra:Alerts", name, {}, opts);
    new NotificationSetting(
      `${name}-workspace`,
      { emailEnabled: true, notificationsToSend: "failure", previewNotificationsEnabled: false },
      { parent: this },
    );
    this.registerOutputs();
  }
}
