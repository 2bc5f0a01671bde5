import type { BridgedPackage } from "../bridge.ts";

/**
 * The Terraform provider `render-oss/render`. Must say what `pulumi` in package.json says; a test compares
 * them.
 */
export const render: BridgedPackage = {
  name: "render",
  version: "1.9.1",
  bridgeVersion: "1.1.3",
  parameter:
    "eyJyZW1vdGUiOnsidXJsIjoicmVnaXN0cnkub3BlbnRvZnUub3JnL3JlbmRlci1vc3MvcmVuZGVyIiwidmVyc2lvbiI6IjEuOS4xIn19",
};
