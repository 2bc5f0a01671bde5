/** The credentials of these vendors that have a form of their own. What has none is found by its name or its digest. */
import path from "node:path";
import type { Match } from "../model.ts";
import type { Text } from "../text.ts";
import { isNobodysHost, isPlaceholder } from "./placeholders.ts";
import { strength } from "./strength.ts";

interface Rule {
  name: string;
  what: string;
  /** With a group `value`. */
  pattern: RegExp;
  /** Cheap test of a whole text, without which the pattern is not tried. */
  needs: RegExp;
  /** Whether it is one. Without it everything is that is no placeholder. */
  isSecret?(groups: Readonly<Record<string, string>>, context: Context): boolean;
}

interface Context {
  file: string;
  before: string;
  /** The match with one character before it. */
  whole: string;
  after: string;
}

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

const rules: readonly Rule[] = [
  {
    // Render does not document the form; the dashboard's keys begin so, and public scanners look for it, for example
    // https://docs.rs/crate/keyhog-core/latest/source/detectors/render-api-key.toml
    name: "render-api-key",
    what: "a Render API key",
    needs: /rnd_/,
    pattern: /(?<![A-Za-z0-9])(?<value>rnd_[A-Za-z0-9]{20,})/g,
  },
  {
    // Whoever has the URL can deploy. Source: https://render.com/docs/deploy-hooks
    name: "render-deploy-hook",
    what: "a Render deploy hook",
    needs: /render\.com\/deploy/,
    pattern: /api\.render\.com\/deploy\/srv-[a-z0-9]+\?key=(?<value>[\w-]{8,})/g,
  },
  {
    // Atlas documents the ids, mdb_sa_id_…, alone; the secrets beside them are mdb_sa_sk_…, in some regions with one
    // more part. Source of the ids:
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-MongoDBAtlasServiceAccount.html
    name: "atlas-service-account-secret",
    what: "the secret of a MongoDB Atlas service account",
    needs: /mdb_sa_sk_/,
    pattern: /(?<value>mdb_sa_sk_[\w-]{20,})/g,
  },
  {
    // A UUID is a key only by its name. Source: https://www.mongodb.com/docs/atlas/configure-api-access/
    name: "api-key-uuid",
    what: "an API key (MongoDB Atlas, Upstash) by its name",
    needs: /key/i,
    pattern: new RegExp(
      `(?:private|api|secret)[_-]?(?:api[_-]?)?key["'\`*]{0,2}[ \\t]*(?:[:=|]|=>)[ \\t]*["'\`]{0,2}(?<value>${uuid})`,
      "gi",
    ),
    isSecret: ({ value = "" }) => strength(value) > 60,
  },
  {
    // Source: https://github.com/gitleaks/gitleaks/blob/master/cmd/generate/config/rules/pulumi.go
    name: "pulumi-access-token",
    what: "a Pulumi access token",
    needs: /pul-/,
    pattern: /(?<![A-Za-z0-9])(?<value>pul-[0-9a-f]{40})(?![0-9a-f])/g,
  },
  {
    // The generic scanner knows long keys only; an elliptic curve's has two lines. RFC 7468.
    name: "private-key",
    what: "a private key",
    needs: /PRIVATE KEY-----/,
    pattern:
      /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?<value>(?:[A-Za-z0-9+/=\s]|\\[nr]){40,}?)-----END (?:[A-Z]+ )?PRIVATE KEY-----/g,
  },
  {
    // The last @ before the path ends the password: people forget to encode theirs.
    name: "url-with-password",
    what: "a database URL with its password",
    needs: /(?:mongodb|redis|rediss|postgres|postgresql)(?:\+srv)?:\/\//,
    pattern:
      /(?:mongodb(?:\+srv)?|rediss?|postgres(?:ql)?):\/\/(?<user>[^\s:/@"'`|\\]*):(?<value>[^\s/"'`|\\]+)@(?<host>[A-Za-z0-9.\-_${}<>[\]:]+)/g,
    isSecret: ({ value = "", host = "" }) =>
      // At a host that nobody has, or that is put in later, only what looks generated counts: examples live there.
      !(isNobodysHost(host) || isPlaceholder(host)) || strength(value) >= 60,
  },
  {
    name: "secret-by-name",
    what: "a generated value under the name of a secret",
    needs: /pass|secret|token|key/i,
    pattern:
      /(?:pass(?:word|wd|phrase)?|mot[ _-]?de[ _-]?passe|secret|token|(?:api|access|private|secret)[_-]?key)\w{0,20}["'`*]{0,3}[ \t]*(?:=>?|:=?|\|)[ \t]*["'`*]{0,2}(?<value>[A-Za-z0-9+/_.~!@#%^&*=-]{16,})/gi,
    isSecret: ({ value = "" }, { file, before, after, whole }) =>
      // A saved plan has a digest of what a secret is made of in its place (ops/plan/values.ts).
      !/^\$secret": "[0-9a-f]{16}$/.test(whole) &&
      /[0-9]/.test(value) &&
      /[A-Za-z]/.test(value) &&
      !/^[./~]|:\/\//.test(value) &&
      !/^[({$\\]/.test(after) &&
      // In a program what is not quoted is a name or a call.
      (!isProgram(file) || /["'`]$/.test(before)) &&
      strength(value) >= 60,
  },
];

const isProgram = (file: string) => /^\.(?:[cm]?[jt]sx?|py|go|sh|java|rb)$/.test(path.extname(file));

/** What looks like a credential in a text. */
export function vendorMatches(view: Text, file: string): Match[] {
  const { text } = view;
  return rules.flatMap(({ name, what, pattern, needs, isSecret }) => {
    if (!needs.test(text)) return [];
    return [...text.matchAll(pattern)].flatMap((match) => {
      const groups = match.groups as Record<string, string>;
      const value = groups.value ?? "";
      const at = match.index + match[0].lastIndexOf(value);
      const context = {
        file,
        whole: text.slice(Math.max(0, match.index - 1), at + value.length),
        before: text.slice(Math.max(0, at - 2), at),
        after: text.slice(at + value.length, at + value.length + 2),
      };
      if (isPlaceholder(value) || isSecret?.(groups, context) === false) return [];
      return [{ rule: name, what, line: view.lineAt(match.index), length: value.length }];
    });
  });
}
