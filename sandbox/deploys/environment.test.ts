import { describe, expect, it } from "vitest";
import { deployOf, serviceOf } from "../../tests/helpers/deploys.ts";
import { environmentOf } from "./environment.ts";

describe("the environment of a process", () => {
  const service = serviceOf({
    id: "srv-0123456789",
    name: "kairos-api",
    repo: "https://git.example/kairos/backend.git",
    branch: "main",
    details: { plan: "pro", runtime: "python" },
  });
  const commit = { id: "c0ffee", message: "", createdAt: "" };
  const deploy = { ...deployOf(service, { MONGODB_DB_NAME: "kaïros" }), id: "dep-abcdefgh12345", commit };

  it("is what the service has, what Render documents, and the machine's trust store", () => {
    expect(environmentOf(service, deploy, { port: 4711, home: "/home/of/it", trust: "/ca.pem" })).toEqual({
      MONGODB_DB_NAME: "kaïros",
      IS_PULL_REQUEST: "false",
      RENDER: "true",
      RENDER_CPU_COUNT: "2",
      RENDER_DISCOVERY_SERVICE: "kairos-api-discovery",
      RENDER_EXTERNAL_HOSTNAME: "kairos-api.onrender.com",
      RENDER_EXTERNAL_URL: "https://kairos-api.onrender.com",
      RENDER_GIT_BRANCH: "main",
      RENDER_GIT_COMMIT: "c0ffee",
      RENDER_GIT_REPO_SLUG: "kairos/backend",
      RENDER_INSTANCE_ID: "srv-0123456789-12345",
      RENDER_SERVICE_ID: "srv-0123456789",
      RENDER_SERVICE_NAME: "kairos-api",
      RENDER_SERVICE_TYPE: "web",
      RENDER_WEB_CONCURRENCY: "2",
      WEB_CONCURRENCY: "2",
      FORWARDED_ALLOW_IPS: "*",
      GUNICORN_CMD_ARGS: "--preload --access-logfile - --bind=127.0.0.1:4711",
      NODE_EXTRA_CA_CERTS: "/ca.pem",
      SSL_CERT_FILE: "/ca.pem",
      HOME: "/home/of/it",
      PORT: "4711",
    });
  });

  it("has neither a port nor an address for a worker", () => {
    const worker = serviceOf({ type: "background_worker", details: { plan: "starter", runtime: "docker" } });
    const environment = environmentOf(worker, deployOf(worker), { home: "/home" });
    expect(environment).not.toHaveProperty("PORT");
    expect(environment).toMatchObject({
      RENDER_SERVICE_TYPE: "worker",
      RENDER_EXTERNAL_URL: "",
      WEB_CONCURRENCY: "",
      RENDER_CPU_COUNT: "0.5",
    });
  });

  it("lets the service's own variables win, but not over the port that was chosen with its wish in view", () => {
    const variables = { WEB_CONCURRENCY: "7", HOME: "/elsewhere", PORT: "8000" };
    const environment = environmentOf(service, deployOf(service, variables), { port: 4711, home: "/home" });
    expect(environment).toMatchObject({ WEB_CONCURRENCY: "7", HOME: "/elsewhere", PORT: "4711" });
  });
});
