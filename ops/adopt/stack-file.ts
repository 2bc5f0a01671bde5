/** The stack file as people wrote it: settings are changed in place, comments and everything else stay. */
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Document, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from "yaml";
import { UserError } from "../../engine/errors.ts";
import { documentOf } from "../../engine/yaml.ts";
import { isPlaceholder } from "../../infra/settings/kinds.ts";

/** A value of a setting: what is undefined is taken out, what is not mentioned stays. */
export type Setting = string | number | boolean | undefined | Setting[] | Group;
export type Group = { [name: string]: Setting };

export class StackFile {
  private constructor(
    readonly file: string,
    readonly before: string,
    private readonly document: Document,
  ) {}

  /** @throws UserError when there is none, or it is not YAML */
  static async open(folder: string, stack: string): Promise<StackFile> {
    const file = path.join(folder, `Pulumi.${stack}.yaml`);
    const text = await readFile(file, "utf8").catch(() => {
      throw new UserError(`--stack: got "${stack}"; there is no ${path.basename(file)} here`);
    });
    return new StackFile(file, text, documentOf(text, path.basename(file)));
  }

  get name(): string {
    return path.basename(this.file);
  }

  /** A value below `config:`; a section that was set by path is an object. */
  get(key: string): unknown {
    const node = this.document.getIn(["config", key]);
    return isMap(node) || isSeq(node) ? node.toJS(this.document) : node;
  }

  /** What stands beside `config:`: how the engine encrypts. */
  header(): Record<string, unknown> {
    const { config: _, ...header } = (this.document.toJS() ?? {}) as Record<string, unknown>;
    return header;
  }

  /** Adds what the engine made up for encrypting. */
  setHeader(header: Record<string, unknown>): void {
    for (const [key, value] of Object.entries(header))
      if (!this.document.has(key)) this.document.set(key, value);
  }

  /**
   * Changes a setting, or the settings of a section, in place; undefined takes it out.
   *
   * @param exclusive takes out of the section what is not mentioned
   */
  set(key: string, value: Setting, exclusive = false): void {
    const section = this.document.getIn(["config", key]);
    if (exclusive && isMap(section) && isGroup(value))
      for (const name of section.items.map((pair) => String(pair.key)))
        if (!(name in value)) section.delete(name);
    this.merge(this.config(), { [key]: value });
  }

  /** Says above a section what it is; one that has a comment keeps it. */
  comment(key: string, text: string): void {
    const pair = this.config().items.find((one) => String(one.key) === key);
    if (pair === undefined) return;
    const name = isScalar(pair.key) ? pair.key : this.document.createNode(key);
    pair.key = name;
    if (isScalar(name) && !name.commentBefore) {
      name.commentBefore = ` ${text}`;
      name.spaceBefore = true;
    }
  }

  /**
   * The services: one that is there keeps all of its settings; a placeholder is filled in; others are added.
   *
   * @param wanted each with its id in `link`
   */
  setServices(wanted: readonly { name: string; link: string }[]): void {
    const key = ["config", "kairos:backend"];
    if (!isSeq(this.document.getIn(key))) this.document.setIn(key, this.document.createNode([]));
    const list = this.document.getIn(key) as YAMLSeq;
    list.flow = false;
    for (const { name, link } of wanted) {
      const entries = list.items.filter(isMap);
      if (entries.some((entry) => entry.get("link") === link)) continue;
      const open = entries.find((entry) => isPlaceholder(entry.get("link")));
      if (open === undefined) list.add(this.document.createNode({ name, link, untouched: true }));
      else this.merge(open, { link, untouched: true });
    }
    // Placeholders that stand for nothing that was chosen.
    list.items = list.items.filter((entry) => !(isMap(entry) && isPlaceholder(entry.get("link"))));
  }

  /** The text; exactly the one that was there while nothing has been changed, however it is laid out. */
  toString(): string {
    const text = laidOut(this.document);
    return text === laidOut(documentOf(this.before, this.name)) ? this.before : text;
  }

  /** Replaces the file, whole or not at all; its permissions stay. */
  async save(): Promise<void> {
    const { mode } = await stat(this.file);
    await writeFile(`${this.file}.new`, this.toString(), { mode });
    await rename(`${this.file}.new`, this.file);
  }

  private config(): YAMLMap {
    if (!isMap(this.document.get("config"))) this.document.set("config", this.document.createNode({}));
    return this.document.get("config") as YAMLMap;
  }

  private merge(map: YAMLMap, value: Group): void {
    for (const [name, wanted] of Object.entries(value)) {
      const node = map.get(name, true);
      if (wanted === undefined) map.delete(name);
      else if (isMap(node) && isGroup(wanted)) this.merge(node, wanted);
      else if (isSeq(node) && Array.isArray(wanted)) this.mergeList(node, wanted);
      else if (isScalar(node) && typeof wanted !== "object") node.value = wanted;
      else map.set(map.has(name) ? name : this.document.createNode(name), this.document.createNode(wanted));
    }
  }

  /** Entries of an access list are known by their block; a placeholder, with the comment above it, takes a new one. */
  private mergeList(list: YAMLSeq, wanted: Setting[]): void {
    const same = JSON.stringify(list.toJS(this.document)) === JSON.stringify(wanted);
    if (same) return;
    const old = [...list.items];
    const take = (test: (cidr: unknown) => boolean) => {
      const index = old.findIndex((one) => isMap(one) && test(one.get("cidr")));
      return index < 0 ? undefined : (old.splice(index, 1)[0] as YAMLMap);
    };
    const kept = wanted.map((entry) => (isGroup(entry) ? take((cidr) => cidr === entry.cidr) : undefined));
    list.items = wanted.map((entry, index) => {
      const node = kept[index] ?? (isGroup(entry) ? take(isPlaceholder) : undefined);
      if (node === undefined || !isGroup(entry)) return this.document.createNode(entry);
      this.merge(node, entry);
      return node;
    });
  }
}

const laidOut = (document: Document) => document.toString({ lineWidth: 0 });

const isGroup = (value: Setting): value is Group =>
  typeof value === "object" && value !== null && !Array.isArray(value);
