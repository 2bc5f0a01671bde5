/** When a short-lived stack ends. Kept as a tag of the stack, where every machine finds it without its stack file. */
import { span } from "../terminal/amounts.ts";

/** Tag of the stack: a moment, ISO 8601, UTC. */
export const expiryTag = "kairos:expires";

/** How long a stack still lives. */
export type Lifetime =
  | { state: "alive"; expires: Date }
  | { state: "over"; expires: Date }
  /** Made by other means, or the command was ended before it could say. Never swept. */
  | { state: "unknown" };

/** @param tag what the tag says; undefined when there is none */
export function lifeOf(tag: string | undefined, now: Date): Lifetime {
  const time = tag === undefined ? Number.NaN : Date.parse(tag);
  if (Number.isNaN(time)) return { state: "unknown" };
  const expires = new Date(time);
  return { state: time <= now.getTime() ? "over" : "alive", expires };
}

/** `in 2 d 3 h`, `5 min ago`, `never said`. */
export function when(life: Lifetime, now: Date): string {
  if (life.state === "unknown") return "nobody said";
  const distance = span(life.expires.getTime() - now.getTime());
  return life.state === "over" ? `${distance} ago` : `in ${distance}`;
}
