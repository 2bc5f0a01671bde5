/** Which test runs each command and option through ops/kairos.mjs. A new one without a run fails commands.test.ts. */

const noEngine = /^error: there is no Pulumi CLI/;
const noSandbox =
  /^error: no sandbox named "nowhere" is kept; npx kairos sandbox --keep --name nowhere makes one(; there are .*: --name says which)?\n$/;

/** Command lines that are run as they stand, without an engine, an account or a kept sandbox, and what comes of each. */
export const runs: readonly [line: string, code: 0 | 1, output: RegExp][] = [
  ["plan", 0, /^kairos-infrastructure\/prod: \d+ resources/],
  ["plan --stack staging --json", 0, /^\{\n {2}"schema": 1,/],
  ["plan --markdown", 0, /^### kairos-infrastructure\/prod: /],
  ["plan --diagram", 0, /\nflowchart LR\n/],
  ["status --stack prod", 1, noEngine],
  [
    "status --from-env --from backend --strict --json --lang fr --service srv-1 --ca nowhere.pem",
    1,
    /^error: --ca: got nowhere\.pem; expected a readable file/,
  ],
  [
    "status --env-file nowhere.env --markdown",
    1,
    /^error: --env-file: got nowhere\.env, which cannot be read/,
  ],
  ["recap --stack prod --lang en --html --no-status --show-hosts", 0, /^<!doctype html>\n<html lang="en">/],
  ["recap --env-file nowhere.env", 1, /^error: --env-file: got nowhere\.env, which cannot be read/],
  [
    "recap --from-env --service srv-1 --ca nowhere.pem --out nowhere/recap.md",
    1,
    /^error: --ca: got nowhere\.pem; expected a readable file/,
  ],
  [
    "contract --lang dotenv --stack staging",
    0,
    /^# Written by npx kairos contract --lang dotenv --stack staging\n/,
  ],
  [
    "contract --check nowhere.py",
    1,
    /^error: --check: cannot read nowhere\.py \(ENOENT\); expected a file that npx kairos contract --lang python has written/,
  ],
  ["review comment --file nowhere.md", 1, /^error: GITHUB_EVENT_PATH: not set/],
  ["review stacks --since HEAD", 0, /^stacks=\[/],
  ["review preview --stack prod --approved 0 --save-plan nowhere.json --out nowhere.json", 1, noEngine],
  ["review watch --stack prod", 1, noEngine],
  ["review environments --stack pr-1", 1, noEngine],
  ["review tag --stack prod", 1, noEngine],
  ["drift --stack prod --json", 1, noEngine],
  ["drift --markdown", 1, noEngine],
  ["env pr-1 plan --from staging --for 1d --branch main", 0, /^kairos-infrastructure\/pr-1: \d+ resources/],
  ["env pr-1 up --tag 1 --copy-secrets --no-policies --json", 1, noEngine],
  ["env pr-1 down", 1, noEngine],
  ["env list --json", 1, noEngine],
  ["env sweep --dry-run --from staging --json", 1, noEngine],
  [
    "adopt --stack prod --mongodb-project p --cluster c --user u --access-list 203.0.113.0/24 --postgres none --service s --redis none --password-stdin --yes --dry-run --json",
    1,
    noEngine,
  ],
  ["adopt --finish", 1, noEngine],
  ["rotate mongodb --stack prod --grace 1m --leaked --back --yes --json", 1, noEngine],
  ["rotate all --status", 1, noEngine],
  ["backups --stack prod --json", 1, noEngine],
  ["backups drill postgres --stack prod --canary --from here --ca nowhere.pem --yes --json", 1, noEngine],
  [
    "backups restore mongodb --to latest --stack prod --dry-run --from backend --ca nowhere.pem --yes --json",
    1,
    noEngine,
  ],
  ["help backups drill", 0, /^Usage: npx kairos backups drill \[options\]/],
  ["secrets:scan --paths README.md --json", 0, /^\{\n {2}"findings": \[\],/],
  ["secrets:scan --staged", 0, /^(no secret in [1-9]|nothing to search$)/m],
  ["secrets:scan --stack prod --remember", 1, /^error: --remember: got no Pulumi CLI/],
  ["sandbox status --name nowhere --json", 1, noSandbox],
  ["sandbox pulumi --name nowhere preview --diff", 1, noSandbox],
  ["sandbox operate --name nowhere npx kairos plan", 1, noSandbox],
  ["sandbox exec --name nowhere npx kairos plan", 1, noSandbox],
  ["sandbox down --name nowhere", 1, noSandbox],
  ["sandbox reset --name nowhere", 0, /^there is no sandbox "nowhere"/],
];

/** What has to be run in a process or a repository of its own is in these files. */
export const elsewhere: Readonly<Record<string, readonly string[]>> = {
  "tests/sandbox.test.ts": [
    "sandbox --keep",
    "sandbox --name",
    "sandbox --redis",
    "sandbox --wrong",
    "sandbox --backend",
    "sandbox --provisioning",
    "sandbox --rehearse",
    "sandbox --download",
  ],
  "tests/sandbox-command.ts": ["sandbox", "sandbox --json"],
  "tests/plan-command.test.ts": ["plan --against", "plan --exit-code"],
  "tests/review/pull-request.test.ts": ["review plan", "review plan --base", "review plan --out"],
  "tests/status/command.test.ts": ["status --watch"],
  "ops/scan/repository.test.ts": [
    "secrets:scan --history",
    "secrets:scan --install-hook",
    "secrets:scan --uninstall-hook",
  ],
};
