/** Upstash's developer API, v2, in front of the model: the calls of its provider, and a list. */
import { type Context, Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { z } from "zod";
import { type UpstashCloud, UpstashError } from "./model.ts";

/** Who may call. */
export interface UpstashCredentials {
  email: string;
  apiKey: string;
}

// Go writes an empty list as null.
const list = z
  .array(z.string())
  .nullish()
  .transform((values) => values ?? []);

const bodies = {
  create: z.object({
    database_name: z.string(),
    region: z.string().optional(),
    primary_region: z.string().optional(),
    read_regions: list,
    tls: z.boolean().optional(),
    eviction: z.boolean().optional(),
    auto_upgrade: z.boolean().optional(),
    prod_pack_enabled: z.boolean().optional(),
    budget: z.number().optional(),
  }),
  regions: z.object({ read_regions: list }),
  budget: z.object({ budget: z.number() }),
  allowlist: z.object({ allowed_ips: list }),
};

/** The API as `https://api.upstash.com` serves it. Every success is a 200 with a body: its provider takes 204 for an error. */
export function upstashApi(cloud: UpstashCloud, { email, apiKey }: UpstashCredentials): Hono {
  const api = new Hono().basePath("/v2/redis");
  api.use(basicAuth({ username: email, password: apiKey, invalidUserMessage: "Unauthorized" }));
  api.onError((error, context) => {
    if (error instanceof UpstashError) return context.json(error.body, error.status);
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      return context.json("invalid request body", 400);
    // hono's own refusals, such as the 401.
    if ("getResponse" in error) return (error as { getResponse(): Response }).getResponse();
    throw error;
  });

  api.get("/databases", (context) => context.json(cloud.list()));
  api.post("/database", async (context) =>
    context.json(cloud.create(await read(context, bodies.create), email)),
  );
  api.get("/database/:id", (context) => context.json(cloud.get(context.req.param("id"))));
  api.delete("/database/:id", (context) => {
    cloud.delete(context.req.param("id"));
    return context.json("OK");
  });
  api.post("/reset-password/:id", (context) => context.json(cloud.resetPassword(context.req.param("id"))));
  api.post("/enable-tls/:id", (context) => context.json(cloud.enableTls(context.req.param("id"))));

  const change =
    (action: (id: string, context: Context) => void | Promise<void>) => async (context: Context) => {
      await action(context.req.param("id") ?? "", context);
      return context.json("OK");
    };
  for (const [verb, on] of [
    ["enable", true],
    ["disable", false],
  ] as const) {
    api.post(
      `/${verb}-eviction/:id`,
      change((id) => cloud.setEviction(id, on)),
    );
    api.post(
      `/${verb}-autoupgrade/:id`,
      change((id) => cloud.setAutoUpgrade(id, on)),
    );
    api.post(
      `/${verb}-prodpack/:id`,
      change((id) => cloud.setProdPack(id, on)),
    );
  }
  api.post(
    "/update-regions/:id",
    change(async (id, context) =>
      cloud.updateRegions(id, (await read(context, bodies.regions)).read_regions),
    ),
  );
  api.patch(
    "/update-budget/:id",
    change(async (id, context) => cloud.updateBudget(id, (await read(context, bodies.budget)).budget)),
  );
  api.post(
    "/update-allowlist/:id",
    change(async (id, context) =>
      cloud.updateAllowlist(id, (await read(context, bodies.allowlist)).allowed_ips),
    ),
  );
  // Not `notFound`, which an app that mounts this one would not hear of.
  api.all("*", (context) => context.json("no such call", 404));
  return api;
}

const read = async <T extends z.ZodType>(context: Context, schema: T): Promise<z.output<T>> =>
  schema.parse(await context.req.json());
