/** A service's redeploy and nothing else: no vendor's plugin is needed to run it on the real engine. */
import * as pulumi from "@pulumi/pulumi";
import { redeploy } from "../../../infra/backend/redeploy.ts";

const config = new pulumi.Config("test");
const variables = { VARIABLE: config.requireSecret("variable") };
redeploy(
  "service-deployed",
  {
    service: "service",
    serviceId: "srv-01234567890123456789",
    deployedWith: variables,
    variables,
    deploys: { wait: config.get("wait") !== "false", limit: config.getNumber("limit") ?? 60_000 },
    what: "live",
    first: true,
    mustNotOverride: true,
  },
  {},
);
