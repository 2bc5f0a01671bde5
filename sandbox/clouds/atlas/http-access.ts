/** Database users and the access list over HTTP. */
import type { Hono } from "hono";
import { accessReply } from "./access-list.ts";
import { answer, nothing, page, readBody } from "./answers.ts";
import type { AtlasCloud } from "./model.ts";
import { userReply } from "./replies.ts";

export function userRoutes(app: Hono, { users }: AtlasCloud): void {
  const all = "/groups/:group/databaseUsers" as const;
  const one = `${all}/:database/:username` as const;
  app.get(all, (context) => page(context, users.list(context.req.param("group")).map(userReply)));
  app.post(all, async (context) => {
    const user = users.create(context.req.param("group"), await readBody(context));
    return answer(context, userReply(user), 201);
  });
  app.get(one, (context) => {
    const { group, database, username } = context.req.param();
    return answer(context, userReply(users.get(group, database, username)));
  });
  app.patch(one, async (context) => {
    const { group, database, username } = context.req.param();
    const user = users.update(group, database, username, await readBody(context));
    return answer(context, userReply(user));
  });
  app.delete(one, async (context) => {
    const { group, database, username } = context.req.param();
    users.delete(group, database, username);
    return nothing(context);
  });
}

export function accessListRoutes(app: Hono, { accessList }: AtlasCloud): void {
  const all = "/groups/:group/accessList" as const;
  const one = `${all}/:entry` as const;
  app.get(all, (context) => page(context, accessList.list(context.req.param("group")).map(accessReply)));
  app.post(all, async (context) =>
    page(context, accessList.add(context.req.param("group"), await readBody(context)).map(accessReply), 201),
  );
  app.get(one, (context) => {
    const { group, entry } = context.req.param();
    return answer(context, accessReply(accessList.get(group, entry)));
  });
  app.delete(one, (context) => {
    const { group, entry } = context.req.param();
    accessList.delete(group, entry);
    return nothing(context);
  });
}
