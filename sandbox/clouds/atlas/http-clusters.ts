/** Clusters over HTTP: `/clusters` for M0 and dedicated ones, `/flexClusters` for Flex. */
import type { Context, Hono } from "hono";
import { answer, page, readBody } from "./answers.ts";
import type { AtlasCloud } from "./model.ts";
import { clusterReply, containerReply, flexReply, processArgsReply } from "./replies.ts";
import type { Cluster } from "./state.ts";

export function clusterRoutes(app: Hono, cloud: AtlasCloud): void {
  const { clusters } = cloud;
  const all = "/groups/:group/clusters" as const;
  const one = `${all}/:name` as const;
  const reply = (context: Context, cluster: Cluster) =>
    clusterReply(cluster, cloud.connection(cluster), asksForEffective(context));

  app.get(all, (context) =>
    page(
      context,
      clusters.list(context.req.param("group")).map((cluster) => reply(context, cluster)),
    ),
  );
  app.post(all, async (context) => {
    const group = context.req.param("group");
    const cluster = clusters.create(group, await readBody(context), asksForEffective(context));
    return answer(context, reply(context, cluster), 201);
  });
  app.post(`${all}/tenantUpgrade`, async (context) => {
    const cluster = clusters.upgradeTenant(context.req.param("group"), await readBody(context));
    return answer(context, reply(context, cluster));
  });
  app.get(one, (context) => {
    const { group, name } = context.req.param();
    return answer(context, reply(context, clusters.get(group, name)));
  });
  app.patch(one, async (context) => {
    const { group, name } = context.req.param();
    const cluster = clusters.update(group, name, await readBody(context), asksForEffective(context));
    return answer(context, reply(context, cluster));
  });
  app.delete(one, (context) => {
    const { group, name } = context.req.param();
    clusters.delete(group, name);
    return answer(context, {}, 202);
  });
  app.get(`${one}/processArgs`, (context) => {
    const { group, name } = context.req.param();
    return answer(context, processArgsReply(clusters.get(group, name)));
  });
  app.patch(`${one}/processArgs`, async (context) => {
    const { group, name } = context.req.param();
    return answer(
      context,
      processArgsReply(clusters.updateProcessArgs(group, name, await readBody(context))),
    );
  });
  app.get("/groups/:group/containers", (context) => {
    const { group } = context.req.param();
    return page(context, clusters.containers(group, context.req.query("providerName")).map(containerReply));
  });
  flexRoutes(app, cloud);
}

function flexRoutes(app: Hono, cloud: AtlasCloud): void {
  const { flexClusters } = cloud;
  const all = "/groups/:group/flexClusters" as const;
  const one = `${all}/:name` as const;
  const reply = (cluster: Cluster) => flexReply(cluster, cloud.connection(cluster));

  app.get(all, (context) => page(context, flexClusters.list(context.req.param("group")).map(reply)));
  app.post(all, async (context) => {
    const cluster = flexClusters.create(context.req.param("group"), await readBody(context));
    return answer(context, reply(cluster), 201);
  });
  app.post("/groups/:group/flexClusters:tenantUpgrade", async (context) => {
    const cluster = flexClusters.upgrade(context.req.param("group"), await readBody(context));
    return answer(context, reply(cluster));
  });
  app.get(one, (context) => {
    const { group, name } = context.req.param();
    return answer(context, reply(flexClusters.get(group, name)));
  });
  app.patch(one, async (context) => {
    const { group, name } = context.req.param();
    return answer(context, reply(flexClusters.update(group, name, await readBody(context))));
  });
  app.delete(one, (context) => {
    const { group, name } = context.req.param();
    flexClusters.delete(group, name);
    return answer(context, {}, 202);
  });
}

/** Sent by the provider when `useEffectiveFields` is on. */
const asksForEffective = (context: Context) => context.req.header("use-effective-instance-fields") === "true";
