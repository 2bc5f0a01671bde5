import { describe, expect, it, vi } from "vitest";
import { type Choice, choose, type Prompt } from "./choose.ts";

type Thing = Record<"id" | "name", string>;
const [red, blue, twin]: [Thing, Thing, Thing] = [
  { id: "1", name: "red" },
  { id: "2", name: "blue" },
  { id: "3", name: "blue" },
];
const among = (all: Thing[], more: Partial<Choice<Thing>> = {}): Choice<Thing> => ({
  noun: "colour",
  flag: "--colour",
  all,
  wanted: undefined,
  ...more,
});
const asking = (answer: string): Prompt => ({
  select: vi.fn(async () => answer),
  secret: vi.fn(),
  confirm: vi.fn(),
});

describe("choose", () => {
  it.each<[string, Partial<Choice<Thing>>, Thing, string]>([
    ["a flag by name", { wanted: "red" }, red, "by --colour"],
    ["a flag by id", { wanted: "2" }, blue, "by --colour"],
    ["the settings, by name", { settled: "red" }, red, "by the settings"],
    [
      "the settings before what is used",
      { settled: "1", isUsed: ({ id }) => id === "2" },
      red,
      "by the settings",
    ],
    ["a flag before the settings", { wanted: "2", settled: "1" }, blue, "by --colour"],
    ["what the backend uses", { isUsed: ({ id }) => id === "2" }, blue, "the backend uses it"],
  ])("goes by %s, and asks nobody", async (_, more, thing, why) => {
    const ask = asking("1");
    expect(await choose(among([red, blue], more), ask)).toEqual({ thing, why });
    expect(ask.select).not.toHaveBeenCalled();
  });

  it("takes the only one, and nothing where there is none", async () => {
    expect(await choose(among([red]), undefined)).toEqual({ thing: red, why: "the only one" });
    expect(await choose(among([]), undefined)).toBeUndefined();
  });

  it("asks when it is not clear, with names and ids", async () => {
    const ask = asking("3");
    expect(await choose(among([red, twin]), ask)).toEqual({ thing: twin, why: "chosen" });
    expect(ask.select).toHaveBeenCalledWith("Which colour?", [
      { value: "1", label: "red", hint: "1" },
      { value: "3", label: "blue", hint: "3" },
    ]);
  });

  it("is not led by settings that two things fit", async () => {
    const ask = asking("2");
    expect(await choose(among([blue, twin], { settled: "blue" }), ask)).toEqual({
      thing: blue,
      why: "chosen",
    });
  });

  it.each<[string, Thing[], Partial<Choice<Thing>>, string]>([
    [
      "lists flags where nobody can be asked; an id where a name is not enough",
      [red, blue, twin],
      {},
      "--colour: there are 3 colours, and nothing says which is meant; expected --colour red, or --colour 2, or --colour 3",
    ],
    [
      "quotes what a shell would take apart",
      [red, { id: "9", name: "light grey" }],
      {},
      '--colour: there are 2 colours, and nothing says which is meant; expected --colour red, or --colour "light grey"',
    ],
    [
      "refuses a name of several",
      [blue, twin],
      { wanted: "blue" },
      '--colour: got "blue", a name that 2 colours have; expected an id: 2, 3',
    ],
    [
      "suggests the nearest name",
      [red, blue],
      { wanted: "bleu" },
      '--colour: got "bleu"; expected one of red, blue; did you mean "blue"?',
    ],
    ["says that there is none", [], { wanted: "red" }, '--colour: got "red"; there is no colour'],
  ])("%s", async (_, all, more, message) => {
    await expect(choose(among(all, more), undefined)).rejects.toThrow(message);
  });
});
