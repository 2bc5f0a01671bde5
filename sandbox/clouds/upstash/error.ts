import { Refusal } from "../api.ts";

/** A refusal, as the API answers it: the body is a bare JSON string. */
export class UpstashError extends Refusal {
  constructor(status: 400 | 404, body: string) {
    super(status, body, body);
  }
}
