/** A tick means that somebody saw it. */
import { beforeAll, describe, expect, it } from "vitest";
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
} from "../../tests/helpers/recap.ts";
import type { Status } from "../status/model.ts";
import { type Document, markdownOf, recapOf } from "./document.ts";
import type { Planned } from "./facts.ts";
import { htmlOf } from "./html.ts";
import { marks } from "./seen.ts";

let production: Planned;
let withoutRedis: Planned;
beforeAll(async () => {
  production = await plannedProduction();
  withoutRedis = await plannedProduction({ redis: { provider: "none" } });
});

const recap = (status?: Status, planned = production, language: "fr" | "en" = "fr") =>
  recapOf(factsOf(planned, status), language);

/** Every mark and tick of a document, wherever it stands. */
const marksIn = (document: Document): string[] =>
  markdownOf(document).match(new RegExp(`${Object.values(marks).join("|")}|\\[[x ]\\]`, "gu")) ?? [];

/** The ticks of one list of the checklist, which stand in the order of the parts. */
function checklistOf(document: Document, name: "mongodb" | "postgres" | "redis" | "services"): boolean[] {
  const lists = document.parts.checklist.split(/^### .*$/m).slice(1);
  const list = lists[["mongodb", "postgres", "redis", "services"].indexOf(name)] ?? "";
  return (list.match(/^- \[[x ]\]/gm) ?? []).map((box) => box === "- [x]");
}

describe("ticks", () => {
  it("are nowhere when nothing was checked, in either language and form", () => {
    for (const planned of [production, withoutRedis])
      for (const language of ["fr", "en"] as const) {
        const document = recap(undefined, planned, language);
        const found = marksIn(document);
        expect(found).not.toContain(marks.good);
        expect(found).not.toContain("[x]");
        expect(found.filter((mark) => mark === "[ ]").length).toBeGreaterThan(20);
        expect(markdownOf(document)).not.toMatch(/✅|\[x\]/);
        expect(htmlOf(document)).not.toMatch(/<use href="#mark-(good|ticked)"/);
      }
  });

  it("are everywhere when everything is well", () => {
    const found = marksIn(recap(statusWith()));
    expect(found).toContain("[x]");
    expect(found).not.toContain("[ ]");
    expect(found).not.toContain(marks.bad);
    expect(found).not.toContain(marks.unchecked);
  });

  it("stand only where the check came", () => {
    const document = recap(statusWith({ mongodb: mongodbDown }));
    // Five variables are set; then: no connection, and nothing behind it was seen.
    expect(checklistOf(document, "mongodb")).toEqual([...Array(5).fill(true), ...Array(6).fill(false)]);
    expect(markdownOf(document)).toContain("- [ ] Connexion réussie\n- [ ] Index créés - non vérifié");
    expect(checklistOf(document, "postgres")).not.toContain(false);
  });

  it.each<[string, Partial<Status["databases"]>, "mongodb" | "postgres" | "redis", RegExp]>([
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
