/** A tick means that somebody saw it. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Status } from "../status/model.ts";
import { recapOf } from "./document.ts";
import type { Planned } from "./facts.ts";
import { htmlOf } from "./html.ts";
import { markdownOf } from "./markdown.ts";
import type { Block, Document, Mark, Section } from "./model.ts";
import {
  factsOf,
  mongodbDown,
  mongodbWell,
  plannedProduction,
  postgresConflict,
  postgresWell,
  redisWell,
  statusWith,
  variablesWithout,
} from "./testing.ts";
import { recapWords } from "./words/index.ts";

let production: Planned;
let withoutRedis: Planned;
beforeAll(async () => {
  production = await plannedProduction();
  withoutRedis = await plannedProduction({ redis: { provider: "none" } });
});

const recap = (status?: Status, planned = production, language: "fr" | "en" = "fr") =>
  recapOf(factsOf(planned, status), recapWords(language));

const allBlocks = ({ blocks, sections }: Pick<Section, "blocks" | "sections">): Block[] => [
  ...blocks,
  ...sections.flatMap(allBlocks),
];
const allSections = ({ sections }: Pick<Section, "sections">): Section[] =>
  sections.flatMap((section) => [section, ...allSections(section)]);

/** Every mark and tick of a document. */
function marksIn(document: Document): (Mark | "ticked" | "unticked")[] {
  const own = allSections(document).flatMap(({ mark }) => mark ?? []);
  const inBlocks = allBlocks(document).flatMap((block) => {
    switch (block.kind) {
      case "checklist":
        return block.items.map(({ ticked }) => (ticked ? ("ticked" as const) : ("unticked" as const)));
      case "list":
        return block.items.flatMap(({ mark }) => mark ?? []);
      case "table":
        return block.rows.flat().flatMap(({ mark }) => mark ?? []);
      case "log":
        return block.lines.map(({ mark }) => mark);
      case "cards":
        return block.cards.map(({ mark }) => mark);
      default:
        return "mark" in block ? (block.mark ?? []) : [];
    }
  });
  return [...own, ...inBlocks];
}

const checklistOf = (document: Document, name: string) => {
  const [block] = allSections(document).find(({ id }) => id === `checklist-${name}`)?.blocks ?? [];
  return block?.kind === "checklist" ? block.items.map(({ ticked }) => ticked) : [];
};

describe("ticks", () => {
  it("are nowhere when nothing was checked, in either language and form", () => {
    for (const planned of [production, withoutRedis])
      for (const language of ["fr", "en"] as const) {
        const document = recap(undefined, planned, language);
        const marks = marksIn(document);
        expect(marks).not.toContain("good");
        expect(marks).not.toContain("ticked");
        expect(marks.filter((mark) => mark === "unticked").length).toBeGreaterThan(20);
        expect(markdownOf(document)).not.toMatch(/✅|\[x\]/);
        expect(htmlOf(document)).not.toMatch(/<use href="#mark-(good|ticked)"/);
      }
  });

  it("are everywhere when everything is well", () => {
    const marks = marksIn(recap(statusWith()));
    expect(marks).not.toContain("unticked");
    expect(marks).not.toContain("bad");
    expect(marks).not.toContain("unchecked");
  });

  it("stand only where the check came", () => {
    const document = recap(statusWith({ mongodb: mongodbDown }));
    // Five variables are set; then: no connection, and nothing behind it was seen.
    expect(checklistOf(document, "mongodb")).toEqual([...Array(5).fill(true), ...Array(6).fill(false)]);
    expect(markdownOf(document)).toContain("- [ ] Connexion réussie\n- [ ] Index créés - non vérifié");
    expect(checklistOf(document, "postgres")).not.toContain(false);
  });

  it.each<[string, Partial<Status["databases"]>, string, RegExp]>([
    [
      "no index of its own",
      { mongodb: changed(mongodbWell, { collections: [{ name: "users", indexes: ["_id_"] }] }) },
      "mongodb",
      /- \[ \] Index créés$/m,
    ],
    [
      "indexes that may not be listed",
      { mongodb: changed(mongodbWell, { collections: [{ name: "users" }] }) },
      "mongodb",
      /- \[ \] Index créés - non vérifié$/m,
    ],
    [
      "rights beyond the database",
      {
        mongodb: changed(mongodbWell, {
          rights: { user: "kairos", canRead: true, canWrite: true, beyond: ["atlasAdmin@admin"] },
        }),
      },
      "mongodb",
      /- \[ \] Lecture et écriture, et rien au-delà de sa base$/m,
    ],
    [
      "an untrusted certificate",
      { postgres: changed(postgresWell, { tls: { on: true, trusted: false } }) },
      "postgres",
      /- \[ \] Connexion chiffrée, certificat reconnu \(facultatif/m,
    ],
    ["a missing table", { postgres: postgresConflict }, "postgres", /- \[ \] Tables créées$/m],
    [
      "a superuser",
      { postgres: changed(postgresWell, { role: { name: "postgres", superuser: true } }) },
      "postgres",
      /- \[ \] Rôle sans droits de superutilisateur$/m,
    ],
    [
      "a command that failed",
      { redis: changed(redisWell, { commands: { set: true, get: true, expire: false, del: true } }) },
      "redis",
      /- \[ \] `SET`, `GET`, `EXPIRE`, `DEL` testés/m,
    ],
  ])("are left out for %s", (_, databases, name, line) => {
    const document = recap(statusWith(databases));
    expect(checklistOf(document, name).filter((ticked) => !ticked).length).toBeGreaterThan(0);
    expect(markdownOf(document)).toMatch(line);
  });

  it("are left out for variables that are missing, and the summary says incomplete", () => {
    const contract = variablesWithout().map((variable) =>
      variable.name === "POSTGRES_PASSWORD" ? { ...variable, state: "missing" as const } : variable,
    );
    const markdown = markdownOf(recap(statusWith({}, { contract })));
    expect(markdown).toContain("- [ ] `POSTGRES_PASSWORD` configuré");
    expect(markdown).toMatch(/`POSTGRES_PASSWORD` *\| ❌ manquante/);
    expect(markdown).toMatch(/\*\*PostgreSQL\*\* .*❌ Incomplète/);
  });

  it("are left out for services that do not run with the current variables", () => {
    const { render } = statusWith();
    if (render.state === "unchecked") throw new Error("no services");
    const services = render.services.map((service) => ({
      ...service,
      state: "warning" as const,
      liveWithCurrentVariables: "no" as const,
    }));
    const document = recap(statusWith({}, { render: { ...render, state: "warning", services } }));
    expect(checklistOf(document, "services")).toEqual([true, false]);
  });
});

/** A database with other facts. */
function changed<S extends Status["databases"]["mongodb" | "postgres" | "redis"]>(
  status: S,
  facts: Partial<S["facts"]>,
): S {
  return { ...status, facts: { ...status.facts, ...facts } };
}
