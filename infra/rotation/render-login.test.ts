import { describe, expect, it } from "vitest";
import { newPassword } from "../../tests/helpers/program.ts";
import { endPostgresLogin, issuePostgresLogin } from "./render-login.ts";

/** Render's rules: the newest user is the default one, and only its password is shown. */
function render(names: string[], { lag = 0 } = {}) {
  const users = names.map((user) => ({ user, password: newPassword() }));
  const calls: string[] = [];
  let shown = users.at(-1);
  return {
    users,
    calls,
    api: {
      postgresUsers: async () =>
        users.map(({ user }) => ({
          username: user,
          default: user === users.at(-1)?.user,
          openConnections: 0,
        })),
      addPostgresUser: async (_: string, user: string) => {
        calls.push(`add ${user}`);
        users.push({ user, password: newPassword() });
      },
      removePostgresUser: async (_: string, user: string) => {
        calls.push(`remove ${user}`);
        users.splice(
          users.findIndex((one) => one.user === user),
          1,
        );
      },
      postgresLogin: async () => {
        if (lag > 0) lag -= 1;
        else shown = users.at(-1);
        return shown ?? { user: "", password: "" };
      },
    },
  };
}
const soon = { tries: 3, pause: 1 };

describe("issuing a login", () => {
  it("makes the user, and waits until Render shows it", async () => {
    const { api, calls, users } = render(["kairos"], { lag: 2 });
    expect(await issuePostgresLogin(api, "dpg-x", "kairos_2", soon)).toBe(users[1]);
    expect(calls).toEqual(["add kairos_2"]);
  });

  it("finds the user that a killed run has made", async () => {
    const { api, calls, users } = render(["kairos", "kairos_2"]);
    expect(await issuePostgresLogin(api, "dpg-x", "kairos_2", soon)).toBe(users[1]);
    expect(calls).toEqual([]);
  });

  it("makes it anew when somebody's newer one hides its password", async () => {
    const { api, calls } = render(["kairos", "kairos_2", "somebody"]);
    expect((await issuePostgresLogin(api, "dpg-x", "kairos_2", soon)).user).toBe("kairos_2");
    expect(calls).toEqual(["remove kairos_2", "add kairos_2"]);
  });

  it("gives up in one line when Render does not show it", async () => {
    const { api } = render(["kairos"], { lag: 99 });
    await expect(issuePostgresLogin(api, "dpg-x", "kairos_2", soon)).rejects.toThrow(
      /^Render: the user kairos_2 of Postgres dpg-x was made, but .* Run pulumi up again$/,
    );
  });
});

describe("ending a login", () => {
  it("removes the user once; a second time there is nothing to do", async () => {
    const { api, calls } = render(["kairos", "kairos_2"]);
    await endPostgresLogin(api, "dpg-x", "kairos");
    await endPostgresLogin(api, "dpg-x", "kairos");
    expect(calls).toEqual(["remove kairos"]);
  });

  it("keeps the default user: what Render hands out would be gone", async () => {
    const { api, calls } = render(["kairos_2", "kairos"]);
    await expect(endPostgresLogin(api, "dpg-x", "kairos")).rejects.toThrow(/is the default user/);
    expect(calls).toEqual([]);
  });
});
