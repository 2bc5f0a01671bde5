/** Which line of a stack file a setting stands on: the one place that knows. */
import { type Path, type Placed, placesIn } from "../../engine/yaml.ts";

interface NamedPlace extends Placed {
  /** As `pulumi config set --path` takes it: `kairos:backend[0].plan`. */
  name: string;
}

export class StackLines {
  private readonly places: readonly NamedPlace[];
  /** What says something else than before, and what is gone, where it stood. */
  private readonly changed: readonly NamedPlace[];

  /**
   * @param text of the stack file
   * @param before what it was; undefined where there was none, and nothing in it is a change
   * @throws UserError when it is not YAML
   */
  constructor(text: string, before?: string) {
    this.places = named(text);
    this.changed = before === undefined ? [] : this.differing(named(before));
  }

  /**
   * The line of the first of these settings that there is; where it has entries, of the one that a text speaks of.
   * Without any, the first line.
   *
   * @param mentioned words, such as a block of an access list, that may stand in one of the entries
   */
  of(settings: readonly string[], mentioned = ""): number {
    for (const setting of settings) {
      const own = within(this.places, setting);
      const found = own.find((place) => isSaid(place, mentioned)) ?? own[0] ?? this.gone(setting);
      if (found !== undefined) return found.line;
    }
    return 1;
  }

  /** The same, but what was changed comes first, of whichever of the settings it is. */
  ofChange(settings: readonly string[], mentioned = ""): number {
    const [changed] = settings
      .map((setting) => within(this.changed, setting))
      .filter((found) => found.length > 0);
    if (changed === undefined) return this.of(settings, mentioned);
    return (changed.find((place) => isSaid(place, mentioned)) ?? changed[0])?.line ?? 1;
  }

  /** Names of the services of `kairos:backend`, in its order. */
  get services(): (string | undefined)[] {
    const names = this.places.filter(({ name }) => /^kairos:backend\[\d+\]\.name$/.test(name));
    return names.map(({ source }) => source);
  }

  private gone(setting: string): Placed | undefined {
    return this.changed.find(({ name }) => name === setting);
  }

  private differing(before: readonly NamedPlace[]): NamedPlace[] {
    const was = new Map(before.map(({ name, source }) => [name, source]));
    const is = new Map(this.places.map((place) => [place.name, place]));
    const changed = this.places.filter(({ name, source }) => !was.has(name) || was.get(name) !== source);
    const removed = before
      .filter(({ name }) => !is.has(name))
      .map((place) => ({ ...place, line: this.lineAbove(place.path, is) }));
    return [...changed, ...removed];
  }

  /** Where something stood that is gone: what it stood in. */
  private lineAbove(path: Path, is: ReadonlyMap<string, NamedPlace>): number {
    for (let length = path.length - 1; length > 0; length--) {
      const above = is.get(nameOf(path.slice(0, length)));
      if (above !== undefined) return above.line;
    }
    return 1;
  }
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
