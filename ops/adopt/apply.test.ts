import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { apply } from "./apply.ts";
import { Secret } from "./section.ts";
import { standing } from "./settings.ts";
import { StackFile } from "./stack-file.ts";

let folder: string;
afterEach(() => rm(folder, { recursive: true }));

it("encrypts what the file does not hold yet, and leaves the ciphertext of what it does", async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-apply-"));
  const text = "config:\n  kairos:mongodb:\n    password: # from Atlas\n      secure: v1:old\n";
  await writeFile(path.join(folder, "Pulumi.prod.yaml"), text);
  const file = await StackFile.open(folder, "prod");
  const found = standing(file, "prod", { "kairos:mongodb": '{"password":"known"}' }, []);
  const encrypt = vi.fn(async (_: object, __: string) => ({
    secure: "v1:new0",
    header: { encryptionsalt: "v1:salt" },
  }));
  const described = (settings: { [name: string]: Secret | string }) => ({
    settings,
    imports: {},
    differences: [],
  });
  await apply(
    {
      mongodb: described({ password: new Secret("known"), name: "cluster0" }),
      redis: described({ provider: "external", url: new Secret("unknown") }),
    },
    { services: [], region: "oregon", imports: {} },
    found,
    encrypt,
  );
  expect(encrypt).toHaveBeenCalledExactlyOnceWith({}, "unknown");
  expect(parse(file.toString())).toMatchObject({
    config: {
      "kairos:region": "oregon",
      "kairos:mongodb": { password: { secure: "v1:old" }, name: "cluster0" },
      "kairos:redis": { provider: "external", url: { secure: "v1:new0" } },
    },
    encryptionsalt: "v1:salt",
  });
  expect(file.toString()).toContain("# from Atlas");
  expect(file.toString()).not.toMatch(/unknown|known/);
});
