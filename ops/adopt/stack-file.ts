/** The stack file as people wrote it: settings are changed in place, comments and everything else stay. */
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Document, isMap, isPair, isScalar, isSeq, type YAMLMap, type YAMLSeq } from "yaml";
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
   * Changes a section in place.
   *
   * @param exclusive takes out what is not mentioned
   */
  set(key: string, value: Group, exclusive = false): void {
    const section = this.document.getIn(["config", key]);
    if (!isMap(section)) {
      this.document.setIn(["config", key], this.document.createNode(value));
      return;
    }
    if (exclusive)
      for (const name of section.items.map((pair) => String(pair.key)))
        if (!(name in value)) section.delete(name);
    this.merge(section, value);
  }

  setScalar(key: string, value: string): void {
    const node = this.document.getIn(["config", key], true);
    if (isScalar(node)) node.value = value;
    else this.document.setIn(["config", key], value);
  }

  /** Says above a section what it is; one that has a comment keeps it. */
  comment(key: string, text: string): void {
    const config = this.document.get("config");
    const pair = isMap(config) ? config.items.find((one) => String(one.key) === key) : undefined;
    if (pair === undefined) return;
    const name = isScalar(pair.key) ? pair.key : this.document.createNode(key);
    pair.key = name;
    if (isScalar(name) && !name.commentBefore) {
      name.commentBefore = ` ${text}`;
      name.spaceBefore = true;
    }
  }

  delete(key: string): void {
    this.document.deleteIn(["config", key]);
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

  private merge(map: YAMLMap, value: Group): void {
    for (const [name, wanted] of Object.entries(value)) {
      const pair = map.items.find((one) => isPair(one) && String(one.key) === name);
      if (wanted === undefined) map.delete(name);
      else if (pair === undefined) map.set(this.document.createNode(name), this.document.createNode(wanted));
      else if (isMap(pair.value) && isGroup(wanted)) this.merge(pair.value, wanted);
      else if (isSeq(pair.value) && Array.isArray(wanted)) this.mergeList(pair.value, wanted);
      else if (isScalar(pair.value) && typeof wanted !== "object") pair.value.value = wanted;
      else pair.value = this.document.createNode(wanted);
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
