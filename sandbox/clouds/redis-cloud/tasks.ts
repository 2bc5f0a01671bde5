/** The tasks that stand for every change: whoever asks for one gets a task's id, and learns from the task how it went. */
import { randomUUID } from "node:crypto";
import { defined } from "../api.ts";

/** Why a task failed. */
interface TaskError {
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

  constructor(type: string, description: string, status = "400 BAD_REQUEST") {
    super(description);
    this.error = { type, status, description };
  }
}

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

const descriptions = {
  received: "Task request received and is being queued for processing.",
  "processing-in-progress": "Task request is being processed.",
  "processing-error": "Task request failed during processing. See error information for failure details.",
  "processing-completed":
    "Request processing completed successfully and its resources are now being provisioned / de-provisioned.",
};

export type Task = ReturnType<typeof taskAnswer>;

/**
 * The task as the API answers it at this moment.
 *
 * @param isNew to the call that asked for it: it was heard, whatever comes of it
 */
export function taskAnswer({ asked, done, resourceId, error, ...task }: KeptTask, isNew = false) {
  const now = Date.now();
  const isDone = !isNew && now >= done;
  const status =
    isNew || (now === asked && !isDone)
      ? "received"
      : !isDone
        ? "processing-in-progress"
        : error === undefined
          ? "processing-completed"
          : "processing-error";
  return {
    ...task,
    status: status as keyof typeof descriptions,
    description: descriptions[status],
    timestamp: new Date(isNew ? asked : Math.min(now, done)).toISOString(),
    // Always there: clients look for `resourceId` in it unchecked.
    response: isDone ? defined({ resourceId, error }) : ({} as { resourceId?: number; error?: TaskError }),
    links: [],
  };
}
