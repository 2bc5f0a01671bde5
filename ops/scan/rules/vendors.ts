/** The credentials of these vendors that have a form of their own. What has none is found by its name or its digest. */
import type { Rule } from "./rule.ts";
import { isPasswordAt, strength } from "./values.ts";

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

export const vendorRules: readonly Rule[] = [
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
    // `pulumi stack export --show-secrets`, whatever the secret is. The marker's source: see values.ts.
    name: "decrypted-state",
    what: "a secret of Pulumi's state, decrypted (--show-secrets)",
    needs: /"plaintext"/,
    pattern: /"1b47061264138c4ac30d75fd1eb44270",\s*"plaintext":\s*"(?<value>(?:[^"\\]|\\.)+)/g,
    isSecret: () => true,
  },
  {
    // `pulumi config --show-secrets --json`; without the flag there is no value.
    name: "decrypted-state",
    what: "a secret setting, decrypted (--show-secrets)",
    needs: /"secret": ?true/,
    pattern: /"value":\s*"(?<value>(?:[^"\\]|\\.)+)",\s*(?:"objectValue":[^}]*\},\s*)?"secret":\s*true/g,
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
    // With the driver that SQLAlchemy and others want named. The last @ before the path ends the password: people
    // forget to encode theirs.
    name: "url-with-password",
    what: "a database URL with its password",
    needs: /(?:mongodb|redis|rediss|valkey|postgres|postgresql|mysql|mariadb|amqps?)(?:\+\w+)?:\/\//,
    pattern:
      /(?:mongodb|rediss?|valkeys?|postgres(?:ql)?|mysql|mariadb|amqps?)(?:\+\w+)?:\/\/(?<user>[^\s:/@"'`|\\]*):(?<value>[^\s/"'`|\\]+)@(?<host>[A-Za-z0-9.\-_${}<>[\]:]*)/g,
    isSecret: ({ value = "", host = "" }) => isPasswordAt(host, value),
  },
  {
    // A line of .pgpass. Source: https://www.postgresql.org/docs/current/libpq-pgpass.html
    name: "pgpass-line",
    what: "a line of .pgpass with its password",
    needs: /:(?:\d{4,5}|\*):/,
    pattern: /^(?<host>[\w.*-]+):(?:\d{4,5}|\*):[\w*-]+:[\w*-]+:(?<value>[^\s:]{8,})$/gm,
    isSecret: ({ value = "", host = "" }) => isPasswordAt(host, value),
  },
];
