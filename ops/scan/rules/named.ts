/** Values under the names of secrets, in the grammars of the files in which people leave them. */
import path from "node:path";
import type { Rule } from "./rule.ts";
import { isPasswordAt, isPlaceholder, strength } from "./values.ts";

/** `POSTGRES_PASSWORD`, `apiSecret`, `REDISCLI_AUTH`, `MYSQL_PWD`, `requirepass`, `Mot de passe`, … */
const name =
  "(?:pass(?:word|wd|phrase)?|pwd|mot[ _-]?de[ _-]?passe|secret|token|[_-]auth|masterauth|(?:api|access|private|secret)[_-]?key)\\w{0,20}";

/** What may stand between a name and its value. */
const separators = [
  // Shell, .env, Dockerfile, TOML, YAML, JSON, a table of Markdown; in Python with a type in between.
  "[\"'`*\\])]{0,3}(?:[ \\t]*:[ \\t]*[\\w.[\\]]{2,30})?[ \\t]*(?:=>|:=|[:=|])[ \\t]*(?:\\(\\s*)?",
  // A default in Python: os.getenv("NAME", "value"), config("NAME", default="value").
  "(?<=\\(\\s*[\"'][\\w.-]{0,80})[\"'],\\s*(?:default\\s*=\\s*)?(?=[\"'])",
  // A pair of Render's blueprints, Kubernetes and APIs: key and value are two entries.
  "[\"']?,?\\s*[\"']?value[\"']?[ \\t]*[:=][ \\t]*",
  // A block of YAML.
  ":[ \\t]*[|>][+-]?[ \\t]*\\n[ \\t]+",
];

/** What may stand before a value: quotes, of Python with a prefix, in JSON in JSON with a backslash; how a header begins. */
const opening = "(?:[rbuf]{0,2}(?:\\\\?[\"'`*]){1,3})?(?:(?:Bearer|Basic) )?";

const quoted = "(?<=[\"'`])[^\\s\"'`\\\\]{12,200}(?=\\\\?[\"'`])";
const bare = "[A-Za-z0-9+/_.~!@#%^*=?-]{12,}";

/** What announces a password on a command line or in a configuration; also as words of a list: ["redis-server", "--requirepass", …]. */
const flags = [
  `--[\\w-]{0,30}${name}(?:=|["']?,?[ \\t]+)`,
  // Programs that take a password by a letter. `-p` is a port for others.
  "\\b(?:mongo(?:sh|dump|restore|export|import)?|mysql\\w*|mariadb[\\w-]*|redis-cli|sshpass)\\b[^\\n|;&]{0,300}?\\s[\"']?-[pa][\"']?(?:,?[ \\t]+)?",
  // redis.conf, Dockerfile and .netrc have no dashes.
  `(?:^[ \\t]*(?:requirepass|masterauth)|(?:ENV|ARG) \\w{0,60}${name}|\\blogin \\S+\\s+password)[ \\t]+`,
];

export const namedRules: readonly Rule[] = [
  {
    name: "secret-by-name",
    what: "a generated value under the name of a secret",
    needs: /pass|pwd|secret|token|key|auth/i,
    pattern: new RegExp(`${name}(?:${separators.join("|")})${opening}(?<value>${quoted}|${bare})`, "gi"),
    isSecret: ({ value = "" }, { file, before, after }) =>
      // A saved plan has a digest of what a secret is made of in its place (ops/plan/values.ts).
      !(/\$secret": "$/.test(before) && /^[0-9a-f]{16}$/.test(value)) &&
      (looksGenerated(value) || isAtHost(`${before}${after}`, value)) &&
      !/^[({$\\]/.test(after) &&
      // In a program what is not quoted is a name or a call.
      (!isProgram(file) || /["'`]$/.test(before) || isInText(before)),
  },
  {
    name: "secret-by-name",
    what: "a password on a command line or in a configuration",
    needs: /pass|secret|token|auth|\s["']?-[pa]/i,
    pattern: new RegExp(`(?:${flags.join("|")})["']?(?<value>[^\\s"'\`|;&()<>\\\\]{8,})`, "gim"),
    isSecret: ({ value = "" }, { before, after }) =>
      !/^--?[a-z]{2}|:\/\//.test(value) &&
      !isPlaceholder(value) &&
      (strength(value) >= 60 || isAtHost(`${before}${after}`, value)),
  },
];

const isProgram = (file: string) => /^\.(?:[cm]?[jt]sx?|py|go|java|rb)$/.test(path.extname(file));

const looksGenerated = (value: string) =>
  !isPlaceholder(value) &&
  !value.includes("://") &&
  /[A-Za-z]/.test(value) &&
  // One of thirty draws of twenty letters and digits has no digit. Names, paths and URNs have none either.
  (/[0-9]/.test(value) ? strength(value) >= 60 : strength(value) >= 80 && !/[_:/]/.test(value));

/** Whether a quote was opened and not closed, as in `"host=db password=…"`. */
const isInText = (before: string) => [`"`, "'", "`"].some((quote) => before.split(quote).length % 2 === 0);

/** On a command line with a real host everything counts, as in a URL. */
function isAtHost(line: string, value: string): boolean {
  const [, host] = /(?:\s-h|--host)[ =]?["']?([\w.-]+)/.exec(line) ?? [];
  return host !== undefined && isPasswordAt(host, value);
}
