/** Puts what was found into the stack file's document; secrets go in encrypted. */
import type { RenderService } from "../../vendors/render.ts";
import type { Descriptions } from "./describe/index.ts";
import { type ImportIds, setImports } from "./imports.ts";
import type { Standing } from "./settings.ts";
import type { Setting } from "./stack-file.ts";

/** A settings value that has to be encrypted in the stack file. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** In clear. */
  open(): string {
    return this.#value;
  }
  toJSON(): string {
    return "[secret]";
  }
  toString(): string {
    return "[secret]";
  }
}

/** Encrypts texts as the stack does, given what stands beside `config:` in its file; the engine may add to that. */
type Encrypt = (
  header: Record<string, unknown>,
  texts: readonly string[],
) => Promise<{ secure: string[]; header: Record<string, unknown> }>;

/** Changes the document. What is in the stack already keeps its settings, so a second time changes nothing. */
export async function apply(
  descriptions: Descriptions,
  { services, region, imports }: { services: readonly RenderService[]; region: string; imports: ImportIds },
  standing: Standing,
  encrypt: Encrypt,
): Promise<void> {
  const { file } = standing;
  const closed = await encryption(descriptions, standing, encrypt);
  file.setScalar("kairos:region", region);
  for (const [name, { settings, exclusive }] of Object.entries(descriptions)) {
    const entries = Object.entries(settings).map(([key, value]) => [key, closed(value)]);
    file.set(`kairos:${name}`, Object.fromEntries(entries), exclusive);
  }
  file.setServices(services.map(({ id, name }) => ({ name: serviceName(name), link: id })));
  setImports(file, imports);
}

/** A name that settings and env groups can have. */
const serviceName = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 50) || "backend";

/**
 * What stands in the file in a secret's place. Only what the file does not hold yet is encrypted: each encryption gives
 * another text, and the file is to stay the same.
 */
async function encryption(
  descriptions: Descriptions,
  { file, sections }: Standing,
  encrypt: Encrypt,
): Promise<(value: Setting | Secret) => Setting> {
  const known = new Map<string, string>();
  const wanted: string[] = [];
  for (const [name, { settings }] of Object.entries(descriptions)) {
    const inFile = file.get(`kairos:${name}`) as Record<string, { secure?: string } | undefined> | undefined;
    const inClear = sections[name as keyof Descriptions];
    for (const [key, value] of Object.entries(settings)) {
      if (!(value instanceof Secret)) continue;
      const ciphertext = inFile?.[key]?.secure;
      if (ciphertext !== undefined && inClear[key] === value.open()) known.set(value.open(), ciphertext);
      else wanted.push(value.open());
    }
  }
  const { secure, header } = await encrypt(file.header(), wanted);
  for (const [index, text] of wanted.entries()) known.set(text, secure[index] ?? "");
  file.setHeader(header);
  return (value) => (value instanceof Secret ? { secure: known.get(value.open()) ?? "" } : value);
}
