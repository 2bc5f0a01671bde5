/**
 * Users of a Render Postgres: each new one becomes the default, those before stay valid until they are deleted.
 *
 * @see https://render.com/docs/postgresql-credentials
 */
import { postgresOf } from "./databases.ts";
import { RenderError } from "./error.ts";
import { newPassword, now } from "./ids.ts";
import type { Postgres, RenderCloud } from "./model.ts";

const userName = /^[a-z_][a-z0-9_]{0,62}$/;

/** A user as Render's list shows it. */
export interface ListedPostgresUser {
  username: string;
  default: boolean;
  createdAt: string;
  openConnections: number;
}

export async function listPostgresUsers(cloud: RenderCloud, id: string): Promise<ListedPostgresUser[]> {
  const postgres = postgresOf(cloud, id);
  const { databaseUser, createdAt, userCreatedAt = createdAt, otherUsers = [] } = postgres;
  const all = [...otherUsers, { username: databaseUser, createdAt: userCreatedAt }];
  return Promise.all(
    all.map(async (user) => ({
      username: user.username,
      default: user.username === databaseUser,
      createdAt: user.createdAt,
      openConnections: await cloud.behind.sessions(postgres, user.username),
    })),
  );
}

export function addPostgresUser(cloud: RenderCloud, id: string, username: string): void {
  const postgres = postgresOf(cloud, id);
  const { databaseUser, password, userCreatedAt = postgres.createdAt, otherUsers = [] } = postgres;
  if (!userName.test(username)) throw new RenderError(400, `invalid username: ${username}`);
  if (username === databaseUser || otherUsers.some((other) => other.username === username))
    throw new RenderError(409, `username: a user named ${username} already exists`);
  cloud.touched(postgres, {
    otherUsers: [...otherUsers, { username: databaseUser, password, createdAt: userCreatedAt }],
    databaseUser: username,
    password: newPassword(),
    userCreatedAt: now(),
  });
}

/** Its sessions end, and what it owned is the default user's. The default user itself stays: something has to be shown. */
export function removePostgresUser(cloud: RenderCloud, id: string, username: string): void {
  const postgres = postgresOf(cloud, id);
  if (username === postgres.databaseUser)
    throw new RenderError(400, `${username} is the default user and cannot be deleted`);
  const others = postgres.otherUsers ?? [];
  if (!others.some((other) => other.username === username))
    throw new RenderError(404, `not found: user ${username}`);
  const ended = others.filter((other) => other.username === username);
  cloud.touched(postgres, {
    otherUsers: others.filter((other) => other.username !== username),
    endedUsers: [
      ...(postgres.endedUsers ?? []),
      ...ended.map(({ createdAt }) => ({ username, createdAt, endedAt: now() })),
    ],
  });
}

/** Who could log in at a moment (milliseconds since 1970), oldest first: the last one was the default user. */
export function usersAt(postgres: Postgres, at: number): { username: string; createdAt: string }[] {
  const { databaseUser, createdAt, userCreatedAt = createdAt, otherUsers = [], endedUsers = [] } = postgres;
  const current = [...otherUsers, { username: databaseUser, createdAt: userCreatedAt }];
  const then = [...endedUsers.filter(({ endedAt }) => Date.parse(endedAt) > at), ...current]
    .map(({ username, createdAt }) => ({ username, createdAt }))
    .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  // It never was without one.
  return then.filter((one, index) => index === 0 || Date.parse(one.createdAt) <= at);
}
