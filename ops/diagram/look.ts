/** How each kind of resource is drawn: what people call it, and which of its inputs say the most. */
import { kindOf, types } from "../../infra/resources.ts";
import type { PlannedResource, Value } from "../plan/model.ts";
import { kindWord } from "../plan/words.ts";
import type { Look } from "./mermaid.ts";

/** @param count how many resources this one stands for */
export function look({ type, ...resource }: PlannedResource, count = 1): Look {
  const { holdsData, protect, inputs } = resource;
  const { title, plural, name, plan, region } = kindOf(type) ?? {
    title: kindWord({ type, inputs }),
    name: "name",
  };
  const isPassword = type.startsWith("random:");
  // A user shows what it may do; what else is drawn shows its plan, and what holds data also where it is.
  const facts =
    type === types.user
      ? [firstNamed(inputs, "roleName")]
      : [plan?.of(inputs), holdsData ? region?.of(inputs) : undefined];
  const lines = [
    [title, name && firstNamed(inputs, name)].filter(Boolean).join(" "),
    facts.filter((fact) => typeof fact === "string").join(", "),
    holdsData && protect ? "protected" : "",
  ];
  return {
    lines:
      count === 1
        ? lines.filter((line) => line !== "")
        : [plural?.replace("#", String(count)) ?? `${count} × ${title}`],
    shape: holdsData ? "cylinder" : isPassword ? "rounded" : "box",
    style: holdsData ? "data" : isPassword ? "secret" : "plain",
  };
}

/** Who runs it, by the provider's name. */
export const vendors: Readonly<Record<string, string>> = {
  mongodbatlas: "MongoDB Atlas",
  render: "Render",
  upstash: "Upstash",
  rediscloud: "Redis Cloud",
};

/** The first text or number of this name, however deep. */
function firstNamed(value: Value, key: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const own = (value as Record<string, Value>)[key];
  if (typeof own === "string" || typeof own === "number") return String(own);
  for (const inner of Object.values(value)) {
    const found = firstNamed(inner as Value, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
