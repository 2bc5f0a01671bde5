import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../ops/bundle.mjs";
import { findEngine } from "./find.ts";
import { lackingPlugins, neededPlugins, pluginName } from "./plugins.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-find-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that answers `version`. */
async function pulumi(place: string, version: string): Promise<string> {
  const file = path.join(folder, place, "pulumi");
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho v${version}\n`);
  await chmod(file, 0o755);
  return file;
}

const find = (PATH = "/usr/bin:/bin") => findEngine({ PATH, PULUMI_HOME: path.join(folder, "home") });

describe("the engine", () => {
  it("is not there when it is nowhere", async () => {
    expect(await find(folder)).toBeUndefined();
  });

  it("is taken from the PATH first, then from where the installer puts it, then the newest that npm's wrapper keeps", async () => {
    await pulumi("home/versions/3.99.0/bin", "3.99.0");
    const newest = await pulumi("home/versions/3.255.0/bin", "3.255.0");
    expect(await find(folder)).toEqual({ path: newest, version: "3.255.0" });
    const installed = await pulumi("home/bin", "3.200.0");
    expect(await find(folder)).toEqual({ path: installed, version: "3.200.0" });
    const onPath = await pulumi("bin", "3.100.0");
    expect(await find(path.join(folder, "bin"))).toEqual({ path: onPath, version: "3.100.0" });
  });

  it("is never npm's wrapper itself, which would download one", async () => {
    const wrapper = path.join(folder, "node_modules", "pulumi", "run.js");
    await mkdir(path.dirname(wrapper), { recursive: true });
    await mkdir(path.join(folder, "bin"));
    await writeFile(wrapper, `#!/bin/sh\ntouch ${folder}/it-ran\necho v3.0.0\n`);
    await chmod(wrapper, 0o755);
    await symlink(wrapper, path.join(folder, "bin", "pulumi"));
    expect(await find(path.join(folder, "bin"))).toBeUndefined();
  });
});

describe("plugins", () => {
  it("are what the SDKs say they were made for", async () => {
    const plugins = await neededPlugins(root, ["@pulumi/mongodbatlas", "@pulumi/render", "@upstash/pulumi"]);
    expect(plugins.map(pluginName)).toEqual([
      "mongodbatlas 4.14.0",
      "render 1.9.1 (through terraform-provider 1.1.3)",
      "upstash 0.5.0",
    ]);
    expect(plugins[2]?.server).toMatch(/upstash\/pulumi-upstash$/);
  });

  it("lack where neither they nor their bridge's provider is installed", async () => {
    const plugins = await neededPlugins(root, ["@pulumi/mongodbatlas", "@pulumi/render"]);
    const home = path.join(folder, "home");
    const lacking = async () =>
      (await lackingPlugins(plugins, { PULUMI_HOME: home })).map(({ name }) => name);
    expect(await lacking()).toEqual(["mongodbatlas", "terraform-provider"]);
    /** A program, as a download puts it there. */
    const put = async (...place: string[]) => {
      const file = path.join(home, ...place);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, "");
    };
    await put("plugins", "resource-mongodbatlas-v4.14.0", "pulumi-resource-mongodbatlas");
    await put("plugins", "resource-terraform-provider-v1.1.3", "pulumi-resource-terraform-provider");
    expect(await lacking()).toEqual(["terraform-provider"]);
    const provider = "dynamic_tf_plugins/registry.opentofu.org/render-oss/render/1.9.1/linux_amd64";
    await put(provider, "terraform-provider-render_v1.9.1");
    expect(await lacking()).toEqual([]);
  });

  it("lack where a download broke off and left a folder without its program", async () => {
    const plugins = await neededPlugins(root, ["@pulumi/mongodbatlas", "@pulumi/render"]);
    const home = path.join(folder, "home");
    await mkdir(path.join(home, "plugins", "resource-mongodbatlas-v4.14.0", "docs"), { recursive: true });
    const bridge = path.join(home, "plugins", "resource-terraform-provider-v1.1.3");
    await mkdir(bridge);
    await writeFile(path.join(bridge, "pulumi-resource-terraform-provider"), "");
    const provider = "dynamic_tf_plugins/registry.opentofu.org/render-oss/render/1.9.1/linux_amd64";
    await mkdir(path.join(home, provider), { recursive: true });
    expect(await lackingPlugins(plugins, { PULUMI_HOME: home })).toEqual(plugins);
  });
});
