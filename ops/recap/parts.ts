/** What is built the same way in every language, of its own words: what every database has, and what depends on the checks. */
import path from "node:path";
import { contract } from "../../infra/contract.ts";
import { backupWords } from "../backups/words.ts";
import { causesAdvice, failureText, mistakeText, remarkAdvice } from "../status/advice/index.ts";
import { bytes, tlsText, topologyText } from "../status/facts.ts";
import type { Problem, Remark, TableName, TlsFacts } from "../status/model.ts";
import { usesWith } from "../status/verdict/redis.ts";
import { wordsIn as statusWordsIn } from "../status/words.ts";
import { decimalFr, plural, pluralFr } from "../terminal/amounts.ts";
import type { Database } from "./database.ts";
import {
  blocks,
  type Content,
  code,
  codes,
  fenced,
  linked,
  type Markdown,
  md,
  numbered,
  table,
} from "./markdown.ts";
import { differing, type Model, type SeenIn } from "./model.ts";
import { applying } from "./options.ts";
import { marks, type Seen } from "./seen.ts";
import { chosenIn, type Words } from "./words.ts";

/** The parts, in the seed's order. Their names are a page's anchors: the same in every language. */
export const partNames = [
  "overview",
  "mongodb",
  "postgres",
  "redis",
  "services",
  "checklist",
  "errors",
  "summary",
  "steps",
  "documentation",
] as const;
export type PartName = (typeof partNames)[number];

type Backend = Model["backend"];
type Service = Backend["services"][number];

export const stackFile = ({ stack }: Pick<Model, "stack">): Markdown => code(`Pulumi.${stack}.yaml`);
export const statusCommand = ({ stack }: Pick<Model, "stack">): Markdown =>
  code(`npx kairos status --stack ${stack}`);
export const upCommand = ({ stack }: Pick<Model, "stack">): Markdown => code(`pulumi up --stack ${stack}`);

export function partsIn(words: Words) {
  const { language } = words;
  const status = statusWordsIn(language);
  const saved = backupWords(language);
  const { colon } = status;
  const t = chosenIn(language);

  const decimal = (value: number | string) => (language === "fr" ? decimalFr(value) : String(value));
  const some = (count: number, en: [string, string?], fr: [string, string?]): string =>
    language === "fr" ? pluralFr(count, ...fr) : plural(count, ...en);
  const seconds = (ms: number): string => {
    const count = ms / 1000;
    return some(count, ["second"], ["seconde"]).replace(String(count), decimal(count));
  };

  /** `- ✅ **label** : value`; what nobody looked at says so, and of what is off there is nothing. */
  function point<T extends object>(label: string, seen: Seen<T>, say: (seen: T) => Content): Markdown {
    if (seen === "off") return md``;
    const [mark, value] =
      seen === "not checked" ? [marks.unchecked, words.notChecked] : [seen.mark, say(seen)];
    return md`- ${mark} **${label}**${colon}${value}`;
  }

  /** `- [x] text`: somebody saw it, and it is well. Whatever else is known, no tick. */
  function tick(seen: Seen, text: Content): Markdown {
    const good = typeof seen === "object" && seen.mark === marks.good;
    return md`- [${good ? "x" : " "}] ${text}${seen === "not checked" && ` - ${words.notChecked}`}`;
  }

  const state = ({ mark, state }: Database): string => `${mark} ${words.states[state]}`;

  /** Where the facts come from. */
  function source({ checked }: Model): Content {
    const { source } = checked ?? {};
    if (source?.kind === "stack")
      return t(
        md`the variables that the stack ${code(source.stack)} put out`,
        md`les variables que la stack ${code(source.stack)} a produites`,
      );
    if (source?.kind !== "file")
      return t("the variables of the process' environment", "les variables de l'environnement du processus");
    // Not the folder: it is a machine's, the document is everybody's.
    const file = code(path.basename(source.file));
    return t(md`the variables in the file ${file}`, md`les variables du fichier ${file}`);
  }

  /** The lead, what the checks said line by line, what the stack would have. */
  const howItStands = ({ stack }: Model, of: Database, planned: Content): Markdown => md`
${words.lead.is(of.checked ? words.lead.checked : words.lead.settings, of.title, lead(of))}

${fenced("", log(of))}

${
  planned
    ? t(
        md`Planned by the stack ${code(stack)}: ${planned}.`,
        md`Prévu par la stack ${code(stack)} : ${planned}.`,
      )
    : t(
        md`The stack ${code(stack)} does not plan ${of.title}.`,
        md`La stack ${code(stack)} ne prévoit pas ${of.title}.`,
      )
}

${
  of.checked &&
  of.planned &&
  of.off &&
  t(
    `The stack plans ${of.title}, but the checked environment lacks its variables.`,
    `La stack prévoit ${of.title}, mais l'environnement vérifié n'en a pas les variables.`,
  )
}

${
  of.checked &&
  !of.planned &&
  !of.off &&
  t(
    `The checked environment has ${of.title}, but the stack does not plan it: its variables come from elsewhere.`,
    `L'environnement vérifié a ${of.title}, mais la stack ne le prévoit pas : ses variables viennent d'ailleurs.`,
  )
}
`;

  function lead({ state, mandatory, checked }: Database): Markdown {
    const { lead } = words;
    if (state === "well" && mandatory) return lead.mandatoryWell;
    const conflict = checked?.remarks.some(({ kind }) => kind === "type-conflict");
    return state === "warning" && conflict ? lead.conflict : lead[state];
  }

  const offLog = {
    mongodb: t("MongoDB not configured", "MongoDB non configuré"),
    postgres: t(
      "PostgreSQL not configured - MongoDB is enough (optional)",
      "PostgreSQL non configuré - MongoDB suffit (optionnel)",
    ),
    redis: t(
      "Redis not configured - no cache (optional)",
      "Redis non configuré - Cache désactivé (optionnel)",
    ),
  };

  function log({ name, title, off, checked, backups }: Database): string[] {
    if (off) return [`${marks.note} ${offLog[name]}`];
    if (checked === undefined) return [`${marks.unchecked} ${title} ${words.notChecked}`];
    const { problem, remarks } = checked;
    const { connected, version, latency } = checked.facts;
    const succeeded = t(`Connection to ${title} succeeded`, `Connexion ${title} réussie`);
    const number = version === undefined ? "" : ` - ${t("version", "Version")}: ${title} ${version}`;
    const ping = t(`${title} answered a ping`, `${title} ping réussi`);
    const median = t("median of", "médiane de");
    const tries = latency && some(latency.tries, ["try", "tries"], ["essai"]);
    // Nobody tries to connect with variables that are no good.
    const failed =
      connected || problem?.stage === "variables"
        ? t(`${title} cannot be used`, `${title} inutilisable`)
        : t(`Connection to ${title} failed`, `Connexion ${title} échouée`);
    return [
      connected && `${marks.good} ${succeeded}${number}`,
      latency && `${marks.good} ${ping} - ${decimal(latency.median)} ms (${median} ${tries})`,
      problem && `${marks.bad} ${failed} - ${problemText(problem)}`,
      ...remarks.map(
        (remark) =>
          `${remark.severity === "warning" ? marks.warning : marks.note} ${remarkAdvice(remark, language).says}`,
      ),
      backups && `${backups.mark} ${saved.title}${colon}${saved.has(backups)}`,
      backups?.drill &&
        `${backups.drill.ok ? marks.good : marks.warning} ${saved.title}${colon}${saved.drilled(backups.drill)}`,
      ...(backups ? saved.remarks(backups) : []).map(
        ({ severity, says }) => `${severity === "warning" ? marks.warning : marks.note} ${says}`,
      ),
    ].filter((line) => typeof line === "string");
  }

  /** What failed, in one line; of a variable only what is wrong with it. */
  const problemText = (problem: Problem): string =>
    [
      failureText(problem, language),
      ...(problem.mistakes ?? []).map((mistake) => mistakeText(mistake, language)),
    ].join(status.semicolon);

  /** What stands in place of a value. */
  const shown = {
    secret: code("[secret]"),
    host: code(words.host),
    "known-after-up": t(md`known after ${code("pulumi up")}`, md`connu après ${code("pulumi up")}`),
    unset: t("not set", "non défini"),
    missing: t("❌ missing", "❌ manquante"),
    invalid: t("❌ invalid", "❌ invalide"),
    hidden: t(
      md`❌ ${code("[hidden]")} (a whole URL in the place of one of its parts)`,
      md`❌ ${code("[masqué]")} (une URL entière à la place d'une de ses parties)`,
    ),
  };

  /** Every variable of the contract that is this database's. */
  function variables({ backend }: Model, { title, off, variables }: Database): Markdown {
    const rows = variables.map(({ name, shown: of }) => {
      // What it would look like, where there is none yet.
      const example = off && name === "REDIS_URL" && `redis://${words.host}:[port]/[db]`;
      const value = of.kind === "value" ? code(of.text) : example ? code(example) : shown[of.kind];
      return [code(name), value, contract[name].description[language]];
    });
    const lead = off
      ? t(
          md`Once ${title} is activated, the stack gives these variables to your backend service on Render:`,
          md`Une fois ${title} activé, la stack donne ces variables à votre service backend Render :`,
        )
      : t(
          md`The stack gives these variables to your backend service on Render (${codes(backend.planned)}):`,
          md`La stack donne ces variables à votre service backend Render (${codes(backend.planned)}) :`,
        );
    const value = off ? t("Value", "Valeur") : t("Current value", "Valeur Actuelle");
    return blocks([lead, table(["Variable", value, "Description"], rows)]);
  }

  const connected = (label: string, { connected, off, mandatory }: Database): Markdown =>
    point(label, connected, ({ yes }) =>
      yes ? words.yes : off && !mandatory ? t("No (optional)", "Non (optionnel)") : words.no,
    );

  const encryption = ({ tls }: { tls: TlsFacts }): string => tlsText(tls, status);

  const topology = ({ primary, ...seen }: SeenIn<"mongodb", "topology">): Content =>
    topologyText({ ...seen, ...(primary && { primary: primary.host ?? words.host }) }, status);

  const rights = ({ user, enough, beyond }: SeenIn<"mongodb", "rights">): Content =>
    status.facts.rightsAre(user, enough, beyond);

  const role = ({ name, superuser }: SeenIn<"postgres", "role">): Content =>
    md`${code(name)}, ${status.facts.superuser(superuser)}`;

  /** As Python writes it. */
  function retries({ mongodb: { driver } }: Model): Markdown {
    const python = (on: boolean) => (on ? "True" : "False");
    return codes([`retryWrites=${python(driver.retryWrites)}`, `retryReads=${python(driver.retryReads)}`]);
  }

  /** One of the backend's tables. */
  function tableLine({ postgres }: Model, name: TableName, what: string): Markdown {
    const seen = postgres.table(name);
    if (typeof seen === "string") return md`- ${code(name)}${colon}${what}`;
    const there = seen.mark === marks.good ? t("there", "présente") : t("missing", "manquante");
    return md`- ${seen.mark} ${code(name)}${colon}${what} - ${there}`;
  }

  /** Whether the policy that was seen lets Redis be used for it. */
  function policy({ redis: { memory } }: Model, use: "cache" | "rateLimit" | "sessions"): Content {
    if (typeof memory === "string" || memory.policy === undefined) return undefined;
    return md` (${t("policy", "politique")} ${code(memory.policy)}${colon}${status.facts.suitability[usesWith(memory.policy)[use]]})`;
  }

  const onlyApply = ({ stack }: Model, { title }: Database): Markdown =>
    blocks([
      t(
        `${title} is in the stack's settings already. What is left is to apply them:`,
        `${title} est déjà dans les réglages de la stack. Il reste à les appliquer :`,
      ),
      fenced("sh", applying(stack)),
    ]);

  function servicesLead({ unasked, problem }: Backend): string {
    if (problem)
      return t(
        `Render said nothing of the services: ${problemText(problem)}`,
        `Render n'a rien dit des services : ${problemText(problem)}`,
      );
    if (unasked === undefined)
      return t(
        "What Render says of the services that get these variables:",
        "Ce que Render dit des services qui reçoivent ces variables :",
      );
    const unchecked = t(
      "The services that get these variables are not checked:",
      "Les services qui reçoivent ces variables ne sont pas vérifiés :",
    );
    return unasked === "unchecked" ? unchecked : `${unchecked} ${status.render.unchecked[unasked]}.`;
  }

  const serviceStates = {
    well: t("Live", "En service"),
    warning: t("To be looked at", "À vérifier"),
    failed: t("Failed", "En échec"),
    off: t("Suspended", "Suspendu"),
    unchecked: t("Not checked", "Non vérifié"),
  };

  /** A row: its name, how it is, its last deploy, its variables. */
  function service({ name, mark, state, suspended, problem, lastDeploy: last, ...of }: Service): Content[] {
    const none = problem || state === "unchecked" ? words.notChecked : status.render.noDeploy;
    const at = last && `${last.createdAt.slice(0, 10)} ${last.createdAt.slice(11, 16)}`;
    return [
      code(name),
      `${mark} ${problem ? problemText(problem) : serviceStates[suspended ? "off" : state]}`,
      last === undefined ? none : md`${code(last.status)}, ${at}`,
      ofContract(of),
    ];
  }

  function ofContract({ variables, liveWithCurrentVariables: live }: Partial<Service>): string {
    if (variables === undefined) return words.notChecked;
    const ways = differing(variables).map((way) => status.render[way](variables[way]));
    const differences =
      ways.length === 0 ? t("equal to the contract", "égales au contrat") : ways.join(status.semicolon);
    return live === undefined ? differences : `${differences}, ${status.render.current[live]}`;
  }

  /** A part for each: what, why, what to do. */
  const errors = ({ errors }: Model): Markdown =>
    blocks(errors.map((one) => ("problem" in one ? problemPart(one) : remarkPart(one))));

  function problemPart({ title, problem }: { title: string; problem: Problem }): Markdown {
    const { errors } = words;
    const what = problemText(problem);
    const causes = causesAdvice(problem, language).map(
      ({ says, next }) => md`**${says}**${colon}${linked(next)}`,
    );
    return md`
### ${title}${colon}${what} ${marks.bad}

**${errors.problem}**${colon}${what} (${errors.evidence}${colon}${code(problem.evidence)})

**${errors.causes}**${colon.trimEnd()}

${numbered(causes)}

${marks.bad} **${errors.statement}**${colon}${errors.standing[marks.bad]}
`;
  }

  function remarkPart({ title, remark }: { title: string; remark: Remark }): Markdown {
    const { errors } = words;
    const { says, next } = remarkAdvice(remark, language);
    return md`
### ${title}${colon}${says} ${marks.warning}

${next && md`**${errors.solution}**${colon}${linked(next)}`}

${remark.sql && fenced("sql", remark.sql)}

${marks.warning} **${errors.statement}**${colon}${errors.standing[marks.warning]}
`;
  }

  function configuration({ off, mandatory, complete, checked }: Database): string {
    const { configuration: say } = words;
    if (off) return mandatory ? say.incomplete : say.optional;
    if (checked === undefined) return say.planned;
    return complete ? say.complete : say.incomplete;
  }

  function nextStep(m: Model, database: Database, whenOff: string): Markdown {
    return md`${database.mark} **${database.title}**${colon}${nextOf(m, database, whenOff)}`;
  }

  function nextOf(m: Model, { state, planned, mandatory }: Database, whenOff: string): Content {
    const { next } = words;
    if (state === "off") return planned ? next.apply(upCommand(m)) : whenOff;
    if (state === "unchecked") return next.unchecked(statusCommand(m));
    return state === "well" && mandatory ? next.mandatoryWell : next[state];
  }

  /** First of all: passwords that the document of before gave away, until somebody has seen that they are others now. */
  function disclosed({ stack, disclosed: { names, known } }: Model): Content {
    if (names.length === 0) return undefined;
    const rotate = code(`npx kairos rotate all --stack ${stack} --leaked`);
    const whose = names.join(", ");
    return known
      ? t(
          md`${marks.bad} **Passwords**: rotate those that were disclosed and never changed since (${whose}): ${rotate}`,
          md`${marks.bad} **Mots de passe** : renouveler ceux qui ont été divulgués et jamais changés depuis (${whose}) : ${rotate}`,
        )
      : t(
          md`${marks.unchecked} **Passwords**: rotate those that were disclosed (${whose}), unless that is done: by hand at Atlas and Render today, with ${rotate} once the stack has taken the databases over`,
          md`${marks.unchecked} **Mots de passe** : renouveler ceux qui ont été divulgués (${whose}), si ce n'est déjà fait : à la main chez Atlas et Render dès aujourd'hui, avec ${rotate} une fois les bases reprises par la stack`,
        );
  }

  /** The variables of a database in the checklist. */
  const set = ({ variables, mandatory }: Database): Markdown[] =>
    variables.map(({ name, set }) => {
      const optional = variables.length === 1 && !mandatory ? t(" (optional)", " (optionnel)") : "";
      return tick(set, md`${code(name)} ${t("set", "configuré")}${optional}`);
    });

  return {
    bytes: (count: number) => bytes(count, status),
    colon,
    configuration,
    connected,
    disclosed,
    encryption,
    errors,
    howItStands,
    nextStep,
    onlyApply,
    point,
    policy,
    retries,
    rights,
    role,
    seconds,
    service,
    servicesLead,
    set,
    some,
    source,
    state,
    table: tableLine,
    tick,
    topology,
    variables,
  };
}
