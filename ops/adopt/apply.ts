/** Puts what was found into the stack file's document; secrets go in encrypted. */
import type { RenderService } from "../../vendors/render.ts";
import { type Descriptions, type ImportIds, Secret, type Sections } from "./section.ts";
import type { Group, StackFile } from "./stack-file.ts";

/** Encrypts a text as the stack does, given what stands beside `config:` in its file; the engine may add to that. */
type Encrypt = (
  header: Record<string, unknown>,
  text: string,
) => Promise<{ secure: string; header: Record<string, unknown> }>;

/** Changes the document. What is in the stack already keeps its settings, so a second time changes nothing. */
export async function apply(
  descriptions: Descriptions,
  { services, region, imports }: { services: readonly RenderService[]; region: string; imports: ImportIds },
  { file, sections }: { file: StackFile; sections: Sections },
  encrypt: Encrypt,
): Promise<void> {
  file.set("kairos:region", region);
  for (const [name, { settings, exclusive }] of Object.entries(descriptions)) {
    const inFile = file.get(`kairos:${name}`) as Record<string, { secure?: string } | undefined> | undefined;
    const group: Group = {};
    for (const [key, value] of Object.entries(settings)) {
      if (!(value instanceof Secret)) {
        group[key] = value;
        continue;
      }
      // Each encryption gives another text, and the file is to stay the same.
      const isThere = sections[name as keyof Descriptions][key] === value.open();
      const kept = isThere ? inFile?.[key]?.secure : undefined;
      const { secure, header } =
        kept === undefined ? await encrypt(file.header(), value.open()) : { secure: kept, header: {} };
      file.setHeader(header);
      group[key] = { secure };
    }
    file.set(`kairos:${name}`, group, exclusive);
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

/** Writes the ids that are still needed; without any, the section goes. */
export function setImports(file: StackFile, ids: ImportIds): void {
  const key = "kairos:import";
  file.set(key, Object.keys(ids).length === 0 ? undefined : { ...ids }, true);
  file.comment(key, "Taken over by the next pulumi up; npx kairos adopt --finish takes this out again.");
}
