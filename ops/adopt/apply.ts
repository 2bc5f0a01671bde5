/** Puts what was found into the stack file's document; secrets go in encrypted. */
import type { Stack } from "../../engine/cli/stack.ts";
import type { Descriptions } from "./describe/index.ts";
import type { ImportIds } from "./describe/types.ts";
import { encrypt } from "./encrypt.ts";
import { Secret } from "./model.ts";
import type { Sections, Selection } from "./selection.ts";
import type { Encryption, StackFile } from "./stack-file.ts";

const importKey = "kairos:import";

/** Changes the document. What is in the stack already keeps its settings, so a second time changes nothing. */
export async function apply(
  file: StackFile,
  descriptions: Descriptions,
  { services, region, imports }: { services: Selection["services"]; region: string; imports: ImportIds },
  { stack, sections }: { stack: Stack; sections: Sections },
): Promise<void> {
  const secure = await encrypted(file, descriptions, stack, sections);
  file.setScalar("kairos:region", region);
  for (const [name, { settings, exclusive }] of Object.entries(descriptions))
    file.set(`kairos:${name}`, settings, secure, exclusive);
  file.setServices(services.map(({ thing }) => ({ name: serviceName(thing.name), link: thing.id })));
  setImports(file, imports);
}

/** Writes the ids that are still needed; without any, the section goes. */
export function setImports(file: StackFile, ids: ImportIds): void {
  if (Object.keys(ids).length === 0) {
    file.delete(importKey);
    return;
  }
  file.set(importKey, { ...ids }, () => "", true);
  file.comment(
    importKey,
    "Taken over by the next pulumi up; npm run adopt -- --finish takes this out again.",
  );
}

/** @param open ids of the file that an interrupted `up` has left over: their sections are not described again */
export const importsIn = (descriptions: Descriptions, open: ImportIds): ImportIds =>
  Object.assign({}, open, ...Object.values(descriptions).map(({ imports }) => imports));

/** A name that settings and env groups can have. */
const serviceName = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 50) || "backend";

/** Encrypts what the file does not hold yet: each encryption gives another text, and the file is to stay the same. */
async function encrypted(
  file: StackFile,
  descriptions: Descriptions,
  stack: Stack,
  sections: Sections,
): Promise<Encryption> {
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
  const { secure, header } = await encrypt(stack, file.header(), wanted);
  for (const [index, text] of wanted.entries()) known.set(text, secure[index] ?? "");
  file.setHeader(header);
  return (_, text) => known.get(text) ?? "";
}
