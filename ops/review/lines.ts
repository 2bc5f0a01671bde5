/** Which line of a stack file a setting stands on: the one place that knows. */
import { type Path, type Placed, placesIn } from "../../engine/yaml.ts";

interface NamedPlace extends Placed {
  /** As `pulumi config set --path` takes it: `kairos:backend[0].plan`. */
  name: string;
}

export class StackLines {
  private readonly places: readonly NamedPlace[];
  /** What says something else than before. */
  private readonly changed: readonly NamedPlace[];
  /** What is gone, where it stood. */
  private readonly removed: readonly NamedPlace[];

  /**
   * @param text of the stack file
   * @param before what it was; undefined where there was none, and nothing in it is a change
   * @throws UserError when it is not YAML
   */
  constructor(text: string, before?: string) {
    this.places = named(text);
    const known = before === undefined ? this.places : named(before);
    const was = new Map(known.map(({ name, source }) => [name, source]));
    const is = new Map(this.places.map((place) => [place.name, place]));
    this.changed = this.places.filter(({ name, source }) => !was.has(name) || was.get(name) !== source);
    this.removed = known
      .filter(({ name }) => !is.has(name))
      .map((place) => ({ ...place, line: lineAbove(place.path, is) }));
  }

  /**
   * The line of the first of these settings that there is, or was; where it has entries, of the one that a text speaks
   * of. Without any, the first line.
   *
   * @param mentioned words, such as a block of an access list, that may stand in one of the entries
   */
  of(settings: readonly string[], mentioned = ""): number {
    return first([...this.places, ...this.removed], settings, mentioned)?.line ?? 1;
  }

  /** The same, but what was changed comes first, of whichever of the settings it is. */
  ofChange(settings: readonly string[], mentioned = ""): number {
    const found = first([...this.changed, ...this.removed], settings, mentioned);
    return found?.line ?? this.of(settings, mentioned);
  }

  /** Names of the services of `kairos:backend`, in its order. */
  get services(): (string | undefined)[] {
    const names = this.places.filter(({ name }) => /^kairos:backend\[\d+\]\.name$/.test(name));
    return names.map(({ source }) => source);
  }
}

function first(
  places: readonly NamedPlace[],
  settings: readonly string[],
  mentioned: string,
): NamedPlace | undefined {
  const found = settings.map((setting) => within(places, setting)).find((own) => own.length > 0) ?? [];
  return found.find((place) => isSaid(place, mentioned)) ?? found[0];
}

/** Where something stood that is gone: what it stood in. */
function lineAbove(path: Path, is: ReadonlyMap<string, NamedPlace>): number {
  const above = path.map((_, end) => is.get(nameOf(path.slice(0, end)))?.line);
  return above.findLast((line) => line !== undefined) ?? 1;
}

function named(text: string): NamedPlace[] {
  const all = placesIn(text, "the stack file").filter(({ path: [top] }) => top === "config");
  return all.map((place) => ({ ...place, name: nameOf(place.path) }));
}

const nameOf = ([, ...path]: Path) =>
  path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join("");

const within = (places: readonly NamedPlace[], setting: string) =>
  places.filter(({ name }) => name.startsWith(setting) && /^([.[]|$)/.test(name.slice(setting.length)));

/** Whether a text speaks of an entry: of its value, or of its name where that is a variable's. */
function isSaid({ path, source = "" }: NamedPlace, text: string): boolean {
  const name = String(path.at(-1));
  return (
    (source.length > 2 && text.includes(source)) || (/^[A-Z][A-Z\d_]+$/.test(name) && text.includes(name))
  );
}
