/** The tasks that stand for every change: whoever asks for one gets a task's id, and learns from the task how it went. */
import { randomUUID } from "node:crypto";
import type { Task, TaskError } from "./shapes.ts";

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
  const task = { taskId, commandType, timestamp: new Date(Math.min(now, done)).toISOString() };
  if (now < done)
    return {
      ...task,
      status: now === asked ? "received" : "processing-in-progress",
      description: "Task request is being processed.",
      response: {},
      links: [],
    };
  if (error !== undefined)
    return {
      ...task,
      status: "processing-error",
      description: "Task request failed during processing. See error information for failure details.",
      response: { error },
      links: [],
    };
  return {
    ...task,
    status: "processing-completed",
    description:
      "Request processing completed successfully and its resources are now being provisioned / de-provisioned.",
    response: { ...(resourceId !== undefined && { resourceId }) },
    links: [],
  };
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
