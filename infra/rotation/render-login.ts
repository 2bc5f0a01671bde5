/**
 * A further user of a Render Postgres, by Render's own API: it makes the password, shows that of its newest ("default")
 * user only, and keeps all others valid until they are deleted. Its provider knows nothing of this.
 *
 * @see https://render.com/docs/postgresql-credentials
 */
import type { Render } from "../../vendors/render.ts";
import type { Login } from "./login.ts";

type Api = Pick<Render, "postgresUsers" | "addPostgresUser" | "removePostgresUser" | "postgresLogin">;

/** How often and how long (ms) Render is asked until it shows the new user. */
const patience = { tries: 60, pause: 1000 };

/**
 * Makes the user, or finds it as an interrupted run left it.
 *
 * @throws Error when Render does not show its password in time
 */
export async function issuePostgresLogin(
  api: Api,
  postgresId: string,
  user: string,
  { tries, pause } = patience,
): Promise<Login> {
  const known = (await api.postgresUsers(postgresId)).find(({ username }) => username === user);
  if (known !== undefined) {
    const login = await api.postgresLogin(postgresId);
    if (login.user === user) return login;
    // Somebody has made another one since: Render shows this one's password no more, and nobody has it.
    await api.removePostgresUser(postgresId, user);
  }
  await api.addPostgresUser(postgresId, user);
  for (let left = tries; left > 0; left -= 1) {
    const login = await api.postgresLogin(postgresId);
    if (login.user === user) return login;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(
    `Render: the user ${user} of Postgres ${postgresId} was made, but its connection info still shows another one. Run pulumi up again`,
  );
}

/** Deletes the user, which ends its sessions; nothing when it is gone already. */
export async function endPostgresLogin(api: Api, postgresId: string, user: string): Promise<void> {
  const users = await api.postgresUsers(postgresId);
  const known = users.find(({ username }) => username === user);
  if (known === undefined) return;
  if (known.default)
    throw new Error(
      `Render: ${user} is the default user of Postgres ${postgresId} again, so it is not deleted; make another default credential first`,
    );
  await api.removePostgresUser(postgresId, user);
}
