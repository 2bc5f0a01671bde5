import { levels, type MonthlyCost, type Policy } from "./model.ts";

/** The part of a budget from which on people are warned. */
const near = 0.8;

/** How a cost stands to a budget: `above` as soon as what is certain is, `near` as soon as what is known may come to it. */
export function standing({ from, to = from }: MonthlyCost, budget: number): "within" | "near" | "above" {
  if (from > budget) return "above";
  return to >= near * budget ? "near" : "within";
}

export const overBudget: Policy = {
  id: "budget",
  title: "More expensive than its budget",
  why: "A plan is changed in one line, and the bill comes a month later.",
  checks:
    "With kairos:budget set: what the stack costs a month at least, by the price table. What has no known price is named and not counted.",
  fix: "Choose smaller plans, or raise kairos:budget.",
  level: levels("mandatory", "mandatory", "mandatory"),
  stack: (resources, { settings, cost }) => {
    const budget = settings?.budget;
    if (budget === undefined || cost === undefined) return [];
    const known = cost(resources);
    if (standing(known, budget) !== "above") return [];
    const unknown = known.unknown.length === 0 ? "" : `, and what ${known.unknown.join(", ")} costs`;
    const message = `costs at least $${known.from.toFixed(2)} a month${unknown}; kairos:budget is $${budget.toFixed(2)}`;
    return [{ resource: "stack", message }];
  },
};
