import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { StackFile } from "./stack-file.ts";

const text = `# yaml-language-server: $schema=docs/reference/stack-file.schema.json
# the head
encryptionsalt: v1:salt
config:
  # where it runs
  kairos:region: oregon
  kairos:mongodb:
    # which one
    name: cluster0 # as always
    old: true
    accessList:
      # from Render
      - cidr: <render-outbound-cidr>
        comment: Render
      - cidr: 192.0.2.0/24 # the office
        comment: office
  kairos:backend:
    # the first
    - name: kairos-backend
      link: <render-service-id>
    - name: kairos-jobs
      link: srv-01234567890123456789
      variables: { A: "1" }
  other:key: "true"

# the foot
`;

describe("StackFile", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-file-"));
    file = path.join(folder, "Pulumi.prod.yaml");
    await writeFile(file, text, { mode: 0o640 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = () => StackFile.open(folder, "prod");
  const config = (stackFile: StackFile) => parse(stackFile.toString()).config;

  it("gives back what it was when nothing is changed", async () => {
    expect((await open()).toString()).toBe(text);
  });

  it("lays nothing out anew that it does not change", async () => {
    const odd = "config:\n    a:b:   1\n\n\n    c:d: {x:  1,y: 2}\n# foot\n";
    await writeFile(file, odd);
    const stackFile = await open();
    stackFile.set("kairos:region", "oregon");
    stackFile.set("kairos:region", undefined);
    expect(stackFile.toString()).toBe(odd);
  });

  it("sets, adds and takes out settings, and leaves the others and every comment", async () => {
    const stackFile = await open();
    stackFile.set("kairos:mongodb", {
      name: "cluster1",
      old: undefined,
      tier: "M10",
      password: { secure: "v1:6" },
      driver: { timeout: "5s" },
    });
    expect(config(stackFile)["kairos:mongodb"]).toMatchObject({
      name: "cluster1",
      tier: "M10",
      password: { secure: "v1:6" },
      driver: { timeout: "5s" },
    });
    expect(config(stackFile)["kairos:mongodb"]).not.toHaveProperty("old");
    expect(config(stackFile)["kairos:mongodb"].accessList).toHaveLength(2);
    for (const comment of text.match(/#.*/g) ?? []) expect(stackFile.toString()).toContain(comment);
    expect(stackFile.toString()).toContain("name: cluster1 # as always");
    expect(stackFile.toString().startsWith("# yaml-language-server: ")).toBe(true);
  });

  it("takes out what is not mentioned of a section that becomes another kind of thing", async () => {
    const stackFile = await open();
    stackFile.set("kairos:mongodb", { provider: "none" }, true);
    expect(config(stackFile)["kairos:mongodb"]).toEqual({ provider: "none" });
  });

  it("knows entries of an access list by their block, and fills a placeholder in", async () => {
    const stackFile = await open();
    const accessList = [
      { cidr: "198.51.100.0/24", comment: "new" },
      { cidr: "192.0.2.0/24", comment: "office" },
      { cidr: "203.0.113.0/24", comment: "more" },
    ];
    stackFile.set("kairos:mongodb", { accessList });
    expect(config(stackFile)["kairos:mongodb"].accessList).toEqual(accessList);
    expect(stackFile.toString()).toMatch(/# from Render\n\s+- cidr: 198/);
    expect(stackFile.toString()).toContain("cidr: 192.0.2.0/24 # the office");
  });

  it("fills a placeholder of a service in, keeps what is there, adds the others", async () => {
    const stackFile = await open();
    stackFile.setServices([
      { name: "api", link: "srv-aaaaaaaaaaaaaaaaaaaa" },
      { name: "jobs", link: "srv-01234567890123456789" },
      { name: "mails", link: "srv-bbbbbbbbbbbbbbbbbbbb" },
    ]);
    expect(config(stackFile)["kairos:backend"]).toEqual([
      { name: "kairos-backend", link: "srv-aaaaaaaaaaaaaaaaaaaa", untouched: true },
      { name: "kairos-jobs", link: "srv-01234567890123456789", variables: { A: "1" } },
      { name: "mails", link: "srv-bbbbbbbbbbbbbbbbbbbb", untouched: true },
    ]);
  });

  it("comes to the same text when the same is done again", async () => {
    const change = (stackFile: StackFile) => {
      stackFile.set("kairos:mongodb", { tier: "M10", leave: ["backup"], accessList: [] });
      stackFile.set("kairos:import", { postgres: "dpg-1-a" }, true);
      stackFile.comment("kairos:import", "for once");
      stackFile.setServices([{ name: "api", link: "srv-aaaaaaaaaaaaaaaaaaaa" }]);
    };
    const first = await open();
    change(first);
    await first.save();
    const second = await open();
    change(second);
    expect(second.toString()).toBe(await readFile(file, "utf8"));
    expect(second.toString().match(/# for once/g)).toHaveLength(1);
    second.set("kairos:import", undefined);
    expect(second.toString()).not.toMatch(/import|for once/);
  });

  it("keeps the file's permissions", async () => {
    const stackFile = await open();
    stackFile.set("kairos:region", "ohio");
    await stackFile.save();
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readFile(file, "utf8")).toBe(text.replace("oregon", "ohio"));
  });

  it("says which stack there is no file of, and what is wrong with one", async () => {
    await expect(StackFile.open(folder, "nope")).rejects.toThrow(
      '--stack: got "nope"; there is no Pulumi.nope.yaml here',
    );
    await writeFile(file, "config: [");
    await expect(open()).rejects.toThrow(/^Pulumi\.prod\.yaml: .+/);
  });
});
