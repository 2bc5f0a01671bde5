/**
 * The stack's output `readme`, which Pulumi Cloud shows as the stack's page: what there is, where, for whom, and what to
 * do next. Of the settings alone, so that it is the same in a preview and after each `up`, and no secret is near it.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/projects/stack-readme/
 */
import type { RedisSettings, Settings } from "./settings/index.ts";
import type { Placement } from "./settings/placement.ts";
import { stageName, stageOf } from "./settings/stages.ts";

/** @param stack its name */
export function readmeOf(stack: string, settings: Settings, placement: Placement): string {
  const { mongodb, postgres, backend, region } = settings;
  const rows = [
    row(
      "MongoDB Atlas",
      `cluster \`${mongodb.name}\` (${mongodb.tier}), database \`${mongodb.database}\``,
      placement.mongodb.region,
    ),
    ...(postgres.enabled
      ? [
          row(
            "Render Postgres",
            `\`${postgres.name}\` (${postgres.plan}, version ${postgres.version})`,
            placement.postgres.region,
          ),
        ]
      : []),
    ...redisRow(settings.redis, placement),
  ];
  return [
    `# Kaïros' databases, ${stageName[stageOf(stack)]} (\`${stack}\`)`,
    `Made by \`pulumi up\` of the settings in \`Pulumi.${stack}.yaml\`: change those, not what is at the vendors.`,
    ["| database | what | where |", "|---|---|---|", ...rows].join("\n"),
    `They are given as variables to ${backend.map(({ name }) => `\`${name}\``).join(", ")} (Render, ${region}).`,
    `**Next**: \`npx kairos status --stack ${stack}\` says whether all of it is well, \`npx kairos recap --stack ${stack}\` writes all of it down, and docs/en/bad-day.md in the repository is for a bad day.`,
  ].join("\n\n");
}

const row = (...cells: string[]) => `| ${cells.join(" | ")} |`;

function redisRow(redis: RedisSettings, { keyValue, upstash, redisCloud }: Placement): string[] {
  switch (redis.provider) {
    case "none":
      return [];
    case "upstash":
      return [row("Upstash Redis", `\`${redis.name}\``, upstash.region)];
    case "render":
      return [row("Render Key Value", `\`${redis.name}\` (${redis.plan})`, keyValue.region)];
    case "redis-cloud":
      return [row("Redis Cloud", `\`${redis.name}\` (${redis.plan})`, redisCloud.region)];
    case "external":
      return [row("Redis", "one that this stack does not make", "elsewhere")];
  }
}
