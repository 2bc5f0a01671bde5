/** What a reviewer should know of a stack's settings and no policy (infra/policies) can see in its resources. */
import type { Settings } from "../../infra/settings/index.ts";

/** One line per risk, with the setting that causes it. */
export function warningsOf({ postgres, redis }: Settings): string[] {
  const warnings: string[] = [];
  const say = (setting: string, text: string) => warnings.push(`kairos:${setting}: ${text}`);

  if (postgres.enabled && postgres.plan === "free")
    say("postgres.plan", "Render deletes free databases 30 days after their creation");
  if (redis.provider === "redis-cloud") {
    // Both need the provider's enable_payg_features, which Redis Cloud refuses for new databases.
    say(
      "redis.provider",
      "any address may try the password: the provider cannot set an access list for a new Essentials database",
    );
    if (redis.tls)
      say(
        "redis.tls",
        "switch TLS on in Redis Cloud's console after the first up: its provider cannot, and REDIS_URL is rediss://",
      );
  }
  return warnings;
}
