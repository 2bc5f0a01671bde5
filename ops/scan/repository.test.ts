/** The command in a real repository: every place, the hook, what may not be printed. */
import { createHash, randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { canary, leaks } from "../../tests/canaries.ts";
import { TestRepository } from "../../tests/helpers/repository.ts";

let repository: TestRepository;
beforeAll(async () => {
  repository = await TestRepository.create();
});
afterAll(() => repository?.remove());
beforeEach(() => repository.reset());

/** Thirty-two digits that look generated in every draw. */
const password = () => createHash("sha256").update(randomBytes(16)).digest("hex").slice(0, 32);
const url = (secret: string) => `mongodb+srv://kairos:${secret}@cluster0.ab1cd.mongodb.net/x\n`;

describe("places", () => {
  it("is clean without a secret", async () => {
    expect((await repository.findings()).found).toEqual([]);
  });

  it("the working tree, tracked and new; what git ignores is nobody's business", async () => {
    const [tracked, fresh, ignored] = [password(), password(), password()];
    await repository.write("a.md", "x\n");
    await repository.commit("A");
    await repository.write("a.md", `x\n${url(tracked)}`);
    await repository.write("sub folder/ñ.md", url(fresh));
    await repository.write("node.ignored.yaml", url(ignored));
    const { found, all } = await repository.findings();
    expect(found).toEqual(["url-with-password a.md:2", "url-with-password sub folder/ñ.md:1"]);
    expect(leaks(all, [tracked, fresh, ignored])).toEqual([]);
  });

  it("history: deleted later, on another branch, stashed, and what no commit has any more", async () => {
    const secrets = [password(), password(), password(), password()];
    const [deleted = "", branch = "", stashed = "", dangling = ""] = secrets;
    await repository.write("deleted.md", url(deleted));
    await repository.commit("With");
    const commit = await repository.git("rev-parse", "HEAD");
    await rm(path.join(repository.folder, "deleted.md"));
    await repository.commit("Without");
    await repository.git("checkout", "--quiet", "-b", "side");
    await repository.write("side.md", url(branch));
    await repository.commit("Side");
    await repository.git("checkout", "--quiet", "main");
    await repository.write("package.json", `{}\n${url(stashed)}`);
    await repository.git("stash");
    await repository.write("staged.md", url(dangling));
    await repository.git("add", "staged.md");
    await repository.git("rm", "--quiet", "--force", "--cached", "staged.md");
    await rm(path.join(repository.folder, "staged.md"));
    const { found, report, all } = await repository.findings(["--history"]);
    expect(found.sort()).toEqual([
      "url-with-password deleted.md:1",
      expect.stringMatching(/^url-with-password object [0-9a-f]{12}:1$/),
      "url-with-password package.json:2",
      "url-with-password side.md:1",
    ]);
    const one = report.findings.find(({ file }) => file === "deleted.md");
    expect(one).toMatchObject({ kind: "history", commit });
    expect(await repository.git("cat-file", "-p", one?.object ?? "")).toContain(deleted);
    expect(leaks(all, secrets)).toEqual([]);
    await repository.git("branch", "-D", "side");
    await repository.git("stash", "drop");
  });

  it("messages of commits", async () => {
    const secret = password();
    await repository.commit(`Use ${url(secret)}`);
    const { found, all } = await repository.findings();
    expect(found).toEqual([expect.stringMatching(/^url-with-password commit [0-9a-f]{12}:\d+$/)]);
    expect(leaks(all, [secret])).toEqual([]);
  });

  it("stack files that git ignores, documents, and state in files", async () => {
    const secrets = [password(), password(), password()];
    const [setting = "", document = "", state = ""] = secrets;
    await repository.write("Pulumi.x.ignored.yaml", `config:\n  render:apiKey: ${setting}\n`);
    await repository.write(".kairos/recap.md", `| \`POSTGRES_PASSWORD\` | \`${document}\` |\n`);
    await repository.write(
      ".state/.pulumi/stacks/kairos/prod.json",
      JSON.stringify({ password: state }, null, 1),
    );
    const environment = { PULUMI_BACKEND_URL: `file://${path.join(repository.folder, ".state")}` };
    const { found, all } = await repository.findings([], environment);
    expect(found).toEqual([
      "secret-by-name .kairos/recap.md:1",
      "secret-by-name .state/.pulumi/stacks/kairos/prod.json:2",
      "stack-file-in-clear Pulumi.x.ignored.yaml:2",
    ]);
    expect(leaks(all, secrets)).toEqual([]);
  });

  it("the files that are named, and only these", async () => {
    const secret = password();
    await repository.write("a.md", url(secret));
    await repository.write("docs/b.md", url(secret));
    expect((await repository.findings(["--paths", "docs"])).found).toEqual(["url-with-password docs/b.md:1"]);
    const { all, exitCode } = await repository.scan(["--paths", "nowhere"]);
    expect([all, exitCode]).toEqual([
      "error: --paths: got nowhere; expected a file or a folder with files",
      1,
    ]);
  });

  it("credentials of the shell that have no form", async () => {
    const secret = canary();
    await repository.write("a.md", `\n${encodeURIComponent(secret)}\n`);
    const { found, all } = await repository.findings([], { UPSTASH_API_KEY: secret });
    expect(found).toEqual(["known-secret a.md:2"]);
    expect(all).toContain("UPSTASH_API_KEY of this shell");
    expect(leaks(all, [secret])).toEqual([]);
    expect((await repository.findings()).found).toEqual([]);
  });
});

describe("allowances", () => {
  it("need a reason, and are named when they allow nothing", async () => {
    const line = url(password()).trim();
    const mark = "secrets:scan allows:";
    await repository.write("a.md", `${line} (${mark} the server is gone)\n${line} (${mark} x)\n`);
    await repository.write("b.md", `# ${mark} nothing is here\n\n# ${mark} <reason>\n`);
    const { found, report } = await repository.findings();
    expect(found).toEqual(["url-with-password a.md:2"]);
    expect(report.unused).toEqual(["b.md:1"]);
  });

  it("of the history name the object; none covers a known secret", async () => {
    const secret = password();
    await repository.write("a.md", url(secret));
    await repository.commit("With");
    const object = await repository.git("rev-parse", "HEAD:a.md");
    await rm(path.join(repository.folder, "a.md"));
    const entry = `- { object: ${object}, rule: url-with-password, reason: rotated on the first day }\n`;
    await repository.write(".secrets-allow.yaml", entry);
    await repository.commit("Without");
    expect((await repository.findings()).found).toEqual([]);
    const { found } = await repository.findings([], { RENDER_API_KEY: secret });
    expect(found).toEqual(["known-secret a.md:1"]);
    const other = "0".repeat(40);
    await repository.write(".secrets-allow.yaml", `${entry}${entry.replace(object, other)}`);
    expect((await repository.findings()).report.unused).toEqual([
      ".secrets-allow.yaml: url-with-password in 000000000000",
    ]);
  });
});

describe("the hook", () => {
  const hook = () => path.join(repository.folder, ".git", "hooks", "pre-commit");

  it("refuses a commit for what is staged, whatever the working tree says, and lets others through", async () => {
    expect(await repository.scan(["--install-hook"])).toMatchObject({ exitCode: 0 });
    const secret = password();
    await repository.write("a.md", url(secret));
    await repository.git("add", "a.md");
    await repository.write("a.md", "nothing\n");
    const refused = await repository.run("git", ["commit", "-m", "A"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.all).toContain("a.md:1 (staged)");
    expect(leaks(refused.all, [secret])).toEqual([]);
    // The other way round: the working tree has it, the commit does not.
    await repository.git("add", "a.md");
    await repository.write("a.md", url(secret));
    const started = Date.now();
    expect(await repository.run("git", ["commit", "-m", "A"])).toMatchObject({ exitCode: 0 });
    // Seconds on a busy machine; not the minutes that a search of everything, or of an engine, may take.
    expect(Date.now() - started).toBeLessThan(20_000);
    // `commit --all` has an index of its own.
    expect(await repository.run("git", ["commit", "--all", "-m", "A"])).toMatchObject({ exitCode: 1 });
    expect(await repository.scan(["--uninstall-hook"])).toMatchObject({ exitCode: 0 });
    expect(await repository.run("git", ["commit", "--all", "-m", "A"])).toMatchObject({ exitCode: 0 });
  });

  it("leaves another hook, and the hooks of another tool, as they are", async () => {
    await writeFile(hook(), "#!/bin/sh\nexit 0\n");
    const { all, exitCode } = await repository.scan(["--install-hook"]);
    expect(exitCode).toBe(1);
    expect(all).toContain("add to it: node ops/kairos.mjs secrets:scan --staged || exit 1");
    expect(await repository.scan(["--uninstall-hook"])).toMatchObject({ exitCode: 1 });
    expect(await readFile(hook(), "utf8")).toBe("#!/bin/sh\nexit 0\n");
    await rm(hook());
    await repository.git("config", "core.hooksPath", ".husky");
    expect((await repository.scan(["--install-hook"])).all).toContain("core.hooksPath: got");
    await repository.git("config", "--unset", "core.hooksPath");
  });
});
