/**
 * A refusal as Atlas words it. Codes and wordings are those of Atlas' own list unless a comment at the place of use
 * says that the code is a guess.
 *
 * @see https://www.mongodb.com/docs/atlas/reference/api-errors/
 */
export class AtlasError extends Error {
  /** HTTP status. */
  readonly status: number;
  readonly errorCode: string;
  readonly detail: string;
  readonly parameters: string[];

  constructor(status: number, errorCode: string, detail: string, ...parameters: string[]) {
    super(`${status} ${errorCode}: ${detail}`);
    this.name = "AtlasError";
    this.status = status;
    this.errorCode = errorCode;
    this.detail = detail;
    this.parameters = parameters;
  }
}

export const missing = (attribute: string) =>
  new AtlasError(
    400,
    "MISSING_ATTRIBUTE",
    `The required attribute ${attribute} was not specified.`,
    attribute,
  );

export const invalidAttribute = (attribute: string) =>
  new AtlasError(400, "INVALID_ATTRIBUTE", `Invalid attribute ${attribute} specified.`, attribute);

export const invalidEnum = (value: string) =>
  new AtlasError(400, "INVALID_ENUM_VALUE", `An invalid enumeration value ${value} was specified.`, value);
