/** What a stack file holds, as Pulumi hands it over: whole keys to text, and which of the keys are secret. */
export interface StackConfig {
  /** The stack's name, which says what environment it is (stages.ts); production by default. */
  stack?: string;
  values: Readonly<Record<string, string>>;
  /**
   * Whether a key holds an encrypted value; Pulumi answers per top-level key. Who reads the stack file itself
   * can answer for the very setting at `path`.
   */
  isSecret(key: string, path?: readonly (string | number)[]): boolean;
}
