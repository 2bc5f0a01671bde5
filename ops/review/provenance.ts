/** Where what a stack holds comes from, as tags of the stack: which commit, which pull request, whose. */
import { readFile } from "node:fs/promises";
import os from "node:os";
import { execa } from "execa";
import type { Stack } from "../../engine/cli/stack.ts";
import { oneLine } from "../terminal/markdown.ts";
import type { Event, Variables } from "./runner.ts";

/** Pulumi Cloud takes no longer value. Source: https://www.pulumi.com/docs/iac/concepts/stacks/#stack-tags */
const longest = 256;

export const provenanceTags = {
  commit: "kairos:commit",
  pull: "kairos:pull-request",
  owner: "kairos:owner",
} as const;

/**
 * In a job of GitHub Actions, what its event says; elsewhere, what git says of a folder.
 *
 * @returns tags by name; of what is not known there is none
 */
export async function provenance(environment: Variables, folder: string): Promise<Record<string, string>> {
  const { GITHUB_ACTIONS: isJob, GITHUB_EVENT_PATH: file } = environment;
  const found =
    isJob === "true" && file
      ? ofJob(JSON.parse(await readFile(file, "utf8")), environment)
      : await ofGit(folder);
  return Object.fromEntries(
    Object.entries(provenanceTags).flatMap(([key, tag]) => {
      const value = found[key as keyof Provenance];
      return value ? [[tag, oneLine(value).slice(0, longest)]] : [];
    }),
  );
}

/** Writes them. What an earlier change left and this one does not know stays: `pulumi stack tag rm` takes it off. */
export async function tagProvenance(stack: Stack, environment: Variables): Promise<Record<string, string>> {
  const tags = await provenance(environment, stack.workspace.folder);
  for (const [name, value] of Object.entries(tags)) await stack.tag(name, value);
  return tags;
}

type Provenance = { [K in keyof typeof provenanceTags]?: string | undefined };

function ofJob(event: Event, { GITHUB_SHA: sha, GITHUB_ACTOR: actor }: Variables): Provenance {
  const { pull_request: pull, head_commit: commit } = event;
  if (pull !== undefined)
    return { commit: pull.head.sha, pull: `${pull.number}`, owner: pull.user?.login ?? actor };
  // Of a merge GitHub's own words tell, as it writes them: at the end of a squashed one, or at the beginning.
  const [title = ""] = (commit?.message ?? "").split("\n");
  const [, squashed, merged] = /\(#(\d+)\)$|^Merge pull request #(\d+) /.exec(title) ?? [];
  return { commit: sha, pull: squashed ?? merged, owner: actor };
}

async function ofGit(folder: string): Promise<Provenance> {
  const git = async (...args: string[]) => {
    const { stdout, failed } = await execa("git", args, { cwd: folder, reject: false });
    return failed ? "" : stdout;
  };
  const commit = await git("describe", "--always", "--abbrev=40", "--exclude=*", "--dirty");
  return { commit, owner: (await git("config", "user.name")) || os.userInfo().username };
}
