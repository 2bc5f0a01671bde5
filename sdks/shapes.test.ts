import * as pulumi from "@pulumi/pulumi";
import { expectTypeOf, test } from "vitest";
import type { Args, Outputs } from "./shapes.ts";

/** What is said of types here, the compiler holds: `npm run check`. */
const members = {
  name: "string",
  size: { optional: "number" },
  list: { optional: { list: { object: { cidr: "string", note: { optional: "string" } } } } },
  labels: { map: "boolean" },
} as const;
type M = typeof members;

test("arguments may be outputs at any depth, and only the optional ones are left out", () => {
  const text = pulumi.output("text");
  const fine: Args<M>[] = [
    { name: text, labels: {} },
    { name: "a", size: undefined, list: [{ cidr: text }], labels: { b: pulumi.output(true) } },
    { name: "a", list: pulumi.output([{ cidr: "c", note: "n" }]), labels: pulumi.output({ b: true }) },
  ];
  const wrong: Args<M>[] = [
    // @ts-expect-error the name is missing
    { labels: {} },
    // @ts-expect-error a size is no text
    { name: "a", labels: {}, size: "1" },
    // @ts-expect-error an entry has a block
    { name: "a", labels: {}, list: [{ note: "n" }] },
    // @ts-expect-error there is no colour
    { name: "a", labels: {}, colour: "red" },
  ];
  expectTypeOf([...fine, ...wrong]).toEqualTypeOf<Args<M>[]>();
});

test("outputs are plain values, of which the optional ones may be undefined", () => {
  expectTypeOf<Outputs<M>["name"]>().toEqualTypeOf<pulumi.Output<string>>();
  expectTypeOf<Outputs<M>["size"]>().toEqualTypeOf<pulumi.Output<number | undefined>>();
  expectTypeOf<Outputs<M>["list"]>().toEqualTypeOf<
    pulumi.Output<{ readonly cidr: string; readonly note: string | undefined }[] | undefined>
  >();
  expectTypeOf<Outputs<M>["labels"]>().toEqualTypeOf<pulumi.Output<{ [key: string]: boolean }>>();
});
