/**
 * Users of a Render Postgres: each new one becomes the default, those before stay valid until they are deleted.
 *
 * @see https://render.com/docs/postgresql-credentials
 */
import { type Route, route } from "../api.ts";
import { newPassword, now, type Postgres, type RenderCloud } from "./model.ts";
import { RenderError } from "./refusals.ts";

const userName = /^[a-z_][a-z0-9_]{0,62}$/;

/** The default one last. */
const usersOf = (postgres: Postgres) => {
  const { databaseUser, password, createdAt, userCreatedAt = createdAt, otherUsers = [] } = postgres;
  return [...otherUsers, { username: databaseUser, password, createdAt: userCreatedAt }];
};

export function addPostgresUser(cloud: RenderCloud, id: string, username: string): void {
  const postgres = cloud.get("postgres", id);
  const users = usersOf(postgres);
  if (!userName.test(username)) throw new RenderError(400, `invalid username: ${username}`);
  if (users.some((other) => other.username === username))
    throw new RenderError(409, `username: a user named ${username} already exists`);
  cloud.touched(postgres, {
    otherUsers: users,
    databaseUser: username,
    password: newPassword(),
    userCreatedAt: now(),
  });
}

export function credentialRoutes(cloud: RenderCloud): Route[] {
  const all = "/postgres/:id/credentials" as const;
  return [
    route(`GET ${all}`, async ({ id }) => {
      const postgres = cloud.get("postgres", id);
      const shown = usersOf(postgres).map(async ({ username, createdAt }) => ({
        username,
        default: username === postgres.databaseUser,
        createdAt,
        openConnections: await cloud.behind.sessions(postgres, username),
      }));
      return Promise.all(shown);
    }),
    route(`POST ${all}`, ({ id }, { username }: { username: string }) =>
      addPostgresUser(cloud, id, username),
    ),
    // Its sessions end, and what it owned is the default user's, who stays: something has to be shown.
    route(`DELETE ${all}/:user`, ({ id, user: username }) => {
      const postgres = cloud.get("postgres", id);
      const { databaseUser, otherUsers = [], endedUsers = [] } = postgres;
      if (username === databaseUser)
        throw new RenderError(400, `${username} is the default user and cannot be deleted`);
      const ended = otherUsers.find((other) => other.username === username);
      if (ended === undefined) throw new RenderError(404, `not found: user ${username}`);
      cloud.touched(postgres, {
        otherUsers: otherUsers.filter((other) => other !== ended),
        endedUsers: [...endedUsers, { username, createdAt: ended.createdAt, endedAt: now() }],
      });
    }),
  ];
}

/** Who could log in at a moment (milliseconds since 1970), oldest first: the last one was the default user. */
export function usersAt(postgres: Postgres, at: number): { username: string; createdAt: string }[] {
  const { endedUsers = [] } = postgres;
  const then = [...endedUsers.filter(({ endedAt }) => Date.parse(endedAt) > at), ...usersOf(postgres)]
    .map(({ username, createdAt }) => ({ username, createdAt }))
    .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  // It never was without one.
  return then.filter((one, index) => index === 0 || Date.parse(one.createdAt) <= at);
}
