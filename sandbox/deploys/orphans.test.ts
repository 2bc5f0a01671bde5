/** What is left when the process that booted is killed: nothing. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alive, elsewhere, until } from "../../tests/helpers/processes.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kairos-orphans-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a booted process", () => {
  // A process that starts another one and does not listen to SIGTERM: the hardest to get rid of.
  const stubborn = `process.on("SIGTERM", () => {});
    const child = require("node:child_process").spawn("sleep", ["60"]);
    require("node:http").createServer((_, response) => response.end(process.pid + " " + child.pid))
      .listen(process.env.PORT, "127.0.0.1")`;

  it.each(["SIGKILL", "SIGTERM"] as const)(
    "and all that it started end after a %s of its booter",
    async (signal) => {
      const booter = await elsewhere(
        `const { Deploys } = await load("deploys/index.ts");
         const { deployOf, serviceOf } = await load("../tests/helpers/deploys.ts");
         const command = ["node", "-e", process.env.STUBBORN];
         const deploys = new Deploys({ folder: process.env.FOLDER, command });
         const service = serviceOf();
         await deploys.boot(service, deployOf(service));
         const { url, pid } = deploys.running(service.id);
         console.log(await (await fetch(url)).text(), pid);
         setInterval(() => {}, 1000);`,
        { STUBBORN: stubborn, FOLDER: folder },
      );
      const [pid, child, told] = booter.said.split(" ").map(Number);
      expect(told).toBe(pid);
      expect([pid, child].map((one) => alive(Number(one)))).toEqual([true, true]);
      booter.kill(signal);
      await until(() => !alive(Number(pid)) && !alive(Number(child)));
    },
  );
});
