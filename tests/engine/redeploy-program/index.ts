/** A service's redeploy and nothing else: no vendor's plugin is needed to run it on the real engine. */
import * as pulumi from "@pulumi/pulumi";
import { redeploy } from "../../../infra/backend/redeploy.ts";

const config = new pulumi.Config("test");
redeploy(
  "service-deployed",
  {
    serviceId: "srv-01234567890123456789",
    deployedWith: { VARIABLE: config.requireSecret("variable") },
    what: "live",
    first: true,
    mustNotOverride: { serviceId: "srv-01234567890123456789", variables: ["VARIABLE"] },
  },
  {},
);
