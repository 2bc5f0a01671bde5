import { Refusal } from "../api.ts";

const reasons = { 400: "Bad Request", 401: "Unauthorized", 404: "Not Found" } as const;

/** A call that is refused at once, without a task. */
export class RedisCloudError extends Refusal {
  constructor(status: keyof typeof reasons, message: string) {
    const timestamp = new Date().toISOString();
    super(status, { timestamp, status, error: reasons[status], message }, message);
  }
}
