/** How each kind of resource is drawn: what people call it, and which of its inputs say the most. */

import { kindOf, types } from "../../infra/resources.ts";
import type { PlannedResource, Value } from "../plan/model.ts";
import { kindWord } from "../plan/words.ts";
import type { Shape } from "./mermaid.ts";

/** A user shows what it may do; what else is drawn shows its plan, and what holds data also where it is. */
function factsOf({ type, inputs, holdsData }: PlannedResource): unknown[] {
  if (type === types.user) return [firstNamed(inputs, "roleName")];
  const { plan, region } = kindOf(type) ?? {};
  return [...(plan ? [plan.of(inputs)] : []), ...(holdsData && region ? [region.of(inputs)] : [])];
}

/** Lines of text, shape and style class. @param count how many resources this one stands for */
export function look(
  resource: PlannedResource,
  count: number,
): { lines: string[]; shape: Shape; style: string } {
  const { type, holdsData, protect, inputs } = resource;
  const { title, plural, name } = kindOf(type) ?? { title: kindWord(resource), name: "name" };
  const isPassword = type.startsWith("random:");
  return {
    lines:
      count === 1
        ? [
            [title, name && firstNamed(inputs, name)].filter(Boolean).join(" "),
            factsOf(resource)
              .filter((fact) => typeof fact === "string")
              .join(", "),
            holdsData && protect ? "protected" : "",
          ].filter((line) => line !== "")
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
