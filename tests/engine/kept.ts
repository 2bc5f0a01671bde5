/** A sandbox that is kept, used as a person would: by commands in processes of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import { expect } from "vitest";
import { root } from "../../ops/bundle.mjs";
import { folderOf } from "../../ops/sandbox/folder.ts";
import { projectFolder } from "../../ops/sandbox/project.ts";
import type { SandboxState } from "../../ops/sandbox/state.ts";

/** How a command ended. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export class KeptSandbox {
  readonly folder: string;
  readonly project: string;
  /** Everything that operators saw, to be searched for secrets. */
  readonly printed: string[] = [];

  /** @param environment what the user's own shell has */
  constructor(
    readonly name: string,
    private readonly environment: { [name: string]: string } = {},
  ) {
    this.folder = folderOf(name);
    this.project = projectFolder(this.folder);
  }

  /** Brings it up, or up again. */
  async keep(...options: string[]): Promise<void> {
    const { code, stderr } = await this.sandbox("--keep", "--name", this.name, ...options);
    if (code !== 0) throw new Error(stderr);
  }

  reset(): Promise<Ran> {
    return this.sandbox("reset", "--name", this.name);
  }

  async sandbox(...args: string[]): Promise<Ran> {
    const child = this.start(...args);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout, stderr };
  }

  /** The process of a command of the sandbox, which leads a group of its own. */
  start(...args: string[]) {
    return spawn(process.execPath, ["ops/kairos.mjs", "sandbox", ...args], {
      cwd: root,
      env: { PATH: process.env.PATH ?? "", HOME: os.homedir(), NO_COLOR: "1", ...this.environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
  }

  /** Any command, as an operator of the sandbox. */
  async operate(...words: string[]): Promise<Ran> {
    const ran = await this.sandbox("operate", "--name", this.name, ...words);
    this.printed.push(ran.stdout, ran.stderr);
    return ran;
  }

  /** A command of the project, as an operator. */
  npm(script: string, ...args: string[]): Promise<Ran> {
    return this.operate("npm", "run", "--silent", script, "--", ...args);
  }

  async state(): Promise<SandboxState> {
    const { stdout } = await this.sandbox("status", "--name", this.name, "--json");
    return JSON.parse(stdout) as SandboxState;
  }
}

/** What a command printed that has to end well. */
export async function succeeds(running: Promise<Ran>): Promise<string> {
  const { code, stdout, stderr } = await running;
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}
