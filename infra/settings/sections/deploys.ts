import * as kind from "../kinds.ts";

/**
 * Whether `pulumi up` waits until the backend's services run with what they were given.
 *
 * The limit is, by default, what Render itself gives a deploy: 120 minutes for its build, 30 for the
 * command before it, 15 until the service is well. Sources: https://render.com/docs/build-pipeline,
 * https://render.com/docs/deploys, https://render.com/docs/health-checks
 */
export const deploys = kind.group({
  /** False: a deploy is started, and nobody looks how it ends. */
  wait: kind.flag().default(true),
  limit: kind.duration(60_000, 24 * 60 * 60_000).prefault("165m"),
});
