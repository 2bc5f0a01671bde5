/** What `npx kairos rotate` asks one run of the program for: the next step of one database's rotation. */
import { OperatorError } from "../errors.ts";
import { type Request, rotatable, steps } from "./record.ts";

/** The variable that carries the request, such as `mongodb:switch`. It is for one run and never part of settings. */
export const requestVariable = "KAIROS_ROTATE";

/** @throws OperatorError when it is not one */
export function requestIn(environment: NodeJS.ProcessEnv = process.env): Request | undefined {
  const text = environment[requestVariable];
  if (text === undefined || text === "") return undefined;
  const [database, step, ...more] = text.split(":");
  const known = rotatable.find((one) => one === database);
  const wanted = steps.find((one) => one === step);
  if (known === undefined || wanted === undefined || more.length > 0)
    throw new OperatorError(
      `${requestVariable}: got ${JSON.stringify(text)}; expected one of ${rotatable.join(", ")}, a colon, and one of ${steps.join(", ")}. npx kairos rotate sets it; unset it`,
    );
  return { database: known, step: wanted };
}
