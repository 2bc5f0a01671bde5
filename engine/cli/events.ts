/** What the Pulumi CLI prints with `--json`, line by line. Source: sdk/go/common/apitype/events.go of Pulumi. */

/** The resource that an event is about. */
export interface Metadata {
  urn: string;
  type: string;
  op: string;
}

/** One event, as far as the commands read it. */
export interface EngineEvent {
  resourcePreEvent?: { metadata: Metadata };
  resOutputsEvent?: { metadata: Metadata };
  resOpFailedEvent?: { metadata: Metadata };
  diagnosticEvent?: { severity: string; message: string; urn?: string; ephemeral?: boolean };
}

/** JSON that the CLI printed; undefined for what is none. */
export function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** Components and providers are nothing at a vendor. */
export const isInternal = (type: string) => /^(pulumi:pulumi:|pulumi:providers:|kairos:)/.test(type);

/** A message of the engine without a terminal's colours and line ends. */
export const oneLine = (text: string) =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
    .replace(/\u001b\[[0-9;]*m|<\{%[^%]*%\}>/g, "")
    .trim()
    .replace(/\s*\n\s*/g, " ");
