/** The one comment of a pull request, and the one issue of a stack: found by a marker, kept current, not repeated. */
import { type GitHub, NotAllowed, UncertainOutcome } from "./github.ts";

/** What became of the text. `denied`: the token may not write here, as with a pull request from a fork. */
export type CommentOutcome = "created" | "updated" | "unchanged" | "closed" | "nothing" | "denied";

/** Who writes with a job's own token. A marker in anybody else's text is somebody's copy. */
const self = "github-actions[bot]";

interface Text {
  id: number;
  body: string | null;
  user: { login: string } | null;
}
interface Issue extends Text {
  number: number;
  title: string;
  pull_request?: object;
}

const marker = (key: string) => `<!-- kairos:${key} -->`;
const marked = (key: string, body: string) => `${marker(key)}\n${body}`;
const isOurs = (key: string) => (text: Text) =>
  text.user?.login === self && text.body?.startsWith(marker(key)) === true;

/** A comment of a pull request. */
interface CommentText {
  number: number;
  key: string;
  /** The text, or what becomes of the one that is there; empty where there is none. */
  body: string | ((known: string) => string);
  quiet?: boolean;
}

/**
 * Writes the comment.
 *
 * @param quiet there is nothing to say: a comment that is there is brought up to date, none is begun
 */
export async function comment(
  gitHub: GitHub,
  { number, key, body, quiet = false }: CommentText,
): Promise<CommentOutcome> {
  return settled(async () => {
    const comments = await gitHub.list<Text>(`/issues/${number}/comments`);
    const [known] = comments.filter(isOurs(key));
    const wanted = marked(key, typeof body === "string" ? body : body(known?.body ?? ""));
    if (known?.body === wanted) return "unchanged";
    if (known !== undefined) {
      await gitHub.ask("PATCH", `/issues/comments/${known.id}`, { body: wanted });
      return "updated";
    }
    if (quiet) return "nothing";
    await gitHub.ask("POST", `/issues/${number}/comments`, { body: wanted });
    return "created";
  });
}

/** What the issue of a stack has to say; without a body there is no reason for one any more. */
export interface IssueText {
  key: string;
  title: string;
  label: string;
  body?: string;
  /** Said when it is closed. */
  farewell: string;
}

/** Opens the issue, keeps it current, or closes it. Only open ones count: a closed one is history. */
export async function issue(
  gitHub: GitHub,
  { key, title, label, body, farewell }: IssueText,
): Promise<CommentOutcome> {
  return settled(async () => {
    // Not by the label, which anybody may take off.
    const issues = await gitHub.list<Issue>("/issues", { state: "open", sort: "created", direction: "asc" });
    const [known] = issues.filter((one) => one.pull_request === undefined).filter(isOurs(key));
    if (known === undefined) {
      if (body === undefined) return "nothing";
      await gitHub.ask("POST", "/issues", { title, body: marked(key, body), labels: [label] });
      return "created";
    }
    const gone = { body: marked(key, farewell), state: "closed", state_reason: "completed" };
    const wanted = body === undefined ? gone : { title, body: marked(key, body) };
    if (known.body === wanted.body && known.title === title) return "unchanged";
    await gitHub.ask("PATCH", `/issues/${known.number}`, wanted);
    return body === undefined ? "closed" : "updated";
  });
}

/** Once more, from the look on, where nobody knows whether something was created. */
async function settled(write: () => Promise<CommentOutcome>): Promise<CommentOutcome> {
  try {
    return await write().catch((error) => {
      if (error instanceof UncertainOutcome) return write();
      throw error;
    });
  } catch (error) {
    if (error instanceof NotAllowed) return "denied";
    throw error;
  }
}
