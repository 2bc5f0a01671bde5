/**
 * The names of the users with which the backend logs in. No vendor renames one, so a setting that does is refused by
 * the program (infra/rotation), whatever the providers would do.
 */
import { kindOf } from "../../infra/resources.ts";
import { isIgnored, same } from "./fields.ts";
import type { Plan, PlannedResource } from "./model.ts";
import type { Pairs } from "./pairs.ts";

/** Whether this is the property by which a user is known. */
export const namesUser = ({ type }: PlannedResource, path: string) => kindOf(type)?.user === path;

/**
 * Whether the program refuses another name. Render's user is left alone, and the program says so; MongoDB's would be
 * replaced, and may be where its cluster may be destroyed.
 */
export function refusesAnotherUser(resource: PlannedResource, { resources }: Plan): boolean {
  if (isIgnored(resource, kindOf(resource.type)?.user ?? "")) return true;
  return resources.some(
    ({ parent, holdsData, protect }) => parent === resource.parent && holdsData && protect,
  );
}

/**
 * The variables that only look different: what a vendor calls its own user changes with no setting that the program
 * leaves alone. As {@link placeOf} names them.
 */
export function variablesThatStay(before: Plan, after: Plan, { previous }: Pairs): ReadonlySet<string> {
  const users = after.resources.flatMap((resource) => {
    const property = kindOf(resource.type)?.user ?? "";
    const earlier = previous.get(resource.urn);
    if (earlier === undefined || !isIgnored(resource, property)) return [];
    return [{ from: resource.name, was: earlier.inputs[property], is: resource.inputs[property] }];
  });
  return new Set(
    after.services.flatMap(({ name: service, via, variables }) => {
      const old = before.services.find(({ name }) => name === service)?.variables;
      return variables
        .filter(({ name, value, from }) => {
          const was = old?.find((variable) => variable.name === name)?.value;
          return users.some(
            (user) => from.join() === user.from && same(was, user.was) && same(value, user.is),
          );
        })
        .map(({ name }) => placeOf(via, name));
    }),
  );
}

/** Where a variable stands: the resource that carries it, and the property. */
export const placeOf = (via: string, variable: string) => `${via} envVars.${variable}.value`;
