/** The tasks that stand for every change: whoever asks for one gets a task's id, and learns from the task how it went. */
import { randomUUID } from "node:crypto";
import { defined } from "../api.ts";

/** A task as the API answers it. */
export interface Task {
  taskId: string;
  commandType: string;
  status: "received" | "processing-in-progress" | "processing-completed" | "processing-error";
  description: string;
  timestamp: string;
  /** Always there: clients look for `resourceId` in it unchecked. */
  response: { resourceId?: number; error?: TaskError };
  links: never[];
}

/** Why a task failed. */
export interface TaskError {
  /** For example `SUBSCRIPTION_NOT_ACTIVE`. */
  type: string;
  /** For example `403 FORBIDDEN`. */
  status: string;
  description: string;
}

/** Thrown by a change that cannot be: its task fails, while the call that asked for it is accepted. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  readonly error: TaskError;

  constructor(type: string, status: string, description: string) {
    super(description);
    this.error = { type, status, description };
  }
}

export const badRequest = (type: string, description: string) =>
  new TaskFailure(type, "400 BAD_REQUEST", description);

/** A task as it is kept. */
export interface KeptTask {
  taskId: string;
  commandType: string;
  /** Milliseconds since 1970. */
  asked: number;
  done: number;
  resourceId?: number;
  error?: TaskError;
}

/** Does what is asked, or keeps why not. */
export function runTask(commandType: string, duration: number, change: () => number): KeptTask {
  const asked = Date.now();
  const task = { taskId: randomUUID(), commandType, asked, done: asked + duration };
  try {
    return { ...task, resourceId: change() };
  } catch (error) {
    if (error instanceof TaskFailure) return { ...task, error: error.error };
    throw error;
  }
}

/** The task as it is at this moment. */
export function taskAnswer({ taskId, commandType, asked, done, resourceId, error }: KeptTask): Task {
  const now = Date.now();
  const task = { taskId, commandType, timestamp: new Date(Math.min(now, done)).toISOString(), links: [] };
  if (now < done) {
    const status = now === asked ? "received" : "processing-in-progress";
    return { ...task, status, description: "Task request is being processed.", response: {} };
  }
  if (error !== undefined) {
    const description = "Task request failed during processing. See error information for failure details.";
    return { ...task, status: "processing-error", description, response: { error } };
  }
  const description =
    "Request processing completed successfully and its resources are now being provisioned / de-provisioned.";
  return { ...task, status: "processing-completed", description, response: defined({ resourceId }) };
}

/** What the call that asked for the task is answered: that it was heard, whatever comes of it. */
export const receivedAnswer = ({ taskId, commandType, asked }: KeptTask): Task => ({
  taskId,
  commandType,
  status: "received",
  description: "Task request received and is being queued for processing.",
  timestamp: new Date(asked).toISOString(),
  response: {},
  links: [],
});
