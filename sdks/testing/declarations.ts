/** Reads an SDK's types back from its source, in a form that a provider's schema can be compared with. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A type without what TypeScript and Pulumi each wrap around it. */
export type Shape = "string" | "number" | "boolean" | { list: Shape } | { map: Shape } | Members;
/** Members by name; an optional one has a question mark at its end. */
export type Members = { [name: string]: Shape };

/** Spells the members out, so that a difference in necessity shows as one in name. */
export function members(entries: [name: string, required: boolean, shape: Shape][]): Members {
  return Object.fromEntries(entries.map(([name, required, shape]) => [required ? name : `${name}?`, shape]));
}

/** What TypeScript makes of an SDK: the same shapes, from the declarations that its users compile against. */
export class Declarations {
  readonly #checker: ts.TypeChecker;
  readonly #exports: ReadonlyMap<string, ts.Symbol>;

  constructor(folder: string) {
    const path = fileURLToPath(new URL("../../tsconfig.json", import.meta.url));
    const { config } = ts.readConfigFile(path, ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, join(path, ".."));
    const index = fileURLToPath(new URL(`../${folder}/index.ts`, import.meta.url));
    const program = ts.createProgram([index], options);
    this.#checker = program.getTypeChecker();
    const source = program.getSourceFile(index) as ts.SourceFile;
    this.#exports = this.#exported(this.#checker.getSymbolAtLocation(source) as ts.Symbol);
  }

  /** An exported interface: arguments, or a function's result. */
  object(name: string): Members {
    return this.#members(this.#checker.getDeclaredTypeOfSymbol(this.#export(name)));
  }

  /** The outputs a class declares, those every resource has apart. */
  outputs(name: string): Members {
    const found = this.#checker.getDeclaredTypeOfSymbol(this.#export(name)).getProperties();
    return members(
      found.flatMap((property): [string, boolean, Shape][] => {
        const value = this.#outputOf(this.#checker.getTypeOfSymbol(property));
        if (value === undefined || property.name === "id" || property.name === "urn") return [];
        return [[property.name, !parts(value).some(isUndefined), this.#shapeOf(value)]];
      }),
    );
  }

  /** Type of a function's first argument, and of what it gives in the end. */
  call(name: string): { args: Members; result: Members } {
    const [signature] = this.#checker.getTypeOfSymbol(this.#export(name)).getCallSignatures();
    const [args] = signature?.getParameters() ?? [];
    if (signature === undefined || args === undefined) {
      throw new Error(`${name} is no function of one argument`);
    }
    const returned = signature.getReturnType();
    const result = this.#outputOf(returned) ?? this.#checker.getAwaitedType(returned);
    return {
      args: this.#shapeOf(this.#checker.getTypeOfSymbol(args)) as Members,
      result: this.#shapeOf(result as ts.Type) as Members,
    };
  }

  /** The nested types, by the names under which `types.input` and `types.output` publish them. */
  nested(side: "in" | "out"): Map<string, Members> {
    const types = this.#exported(this.#export("types"));
    const published = this.#exported(
      this.#resolve(types.get(side === "in" ? "input" : "output") as ts.Symbol),
    );
    return new Map(
      [...published].map(([name, symbol]) => [
        name,
        this.#members(this.#checker.getDeclaredTypeOfSymbol(symbol)),
      ]),
    );
  }

  /** T, if the type is pulumi.Output<T>: OutputInstance<T>, mostly joined with the members of T it lifts. */
  #outputOf(type: ts.Type): ts.Type | undefined {
    const candidates = parts(type).flatMap((part) => (part.isIntersection() ? part.types : [part]));
    const output = candidates.find((candidate) => candidate.symbol?.name === "OutputInstance");
    return output && this.#checker.getTypeArguments(output as ts.TypeReference)[0];
  }

  #members(type: ts.Type): Members {
    return members(
      type.getProperties().map((property) => {
        const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
        return [property.name, !optional, this.#shapeOf(this.#checker.getTypeOfSymbol(property))];
      }),
    );
  }

  #shapeOf(type: ts.Type): Shape {
    // pulumi.Input<T> is T, a promise of T or an output of T: only the first says what T is.
    const wraps = (part: ts.Type) => ["Promise", "OutputInstance"].includes(part.symbol?.name ?? "");
    const plain = parts(type).filter((part) => !isUndefined(part) && !wraps(part));
    const all = (flag: ts.TypeFlags) => plain.length > 0 && plain.every((part) => (part.flags & flag) !== 0);
    if (all(ts.TypeFlags.StringLike)) return "string";
    if (all(ts.TypeFlags.NumberLike)) return "number";
    if (all(ts.TypeFlags.BooleanLike)) return "boolean";
    const [only] = plain;
    if (only === undefined || plain.length > 1 || (only.flags & ts.TypeFlags.Object) === 0) {
      throw new Error(`no schema could say ${this.#checker.typeToString(type)}`);
    }
    const element = this.#checker.getIndexTypeOfType(only, ts.IndexKind.Number);
    if (this.#checker.isArrayType(only)) return { list: this.#shapeOf(element as ts.Type) };
    const value = this.#checker.getIndexTypeOfType(only, ts.IndexKind.String);
    return value === undefined ? this.#members(only) : { map: this.#shapeOf(value) };
  }

  #exported(module: ts.Symbol): Map<string, ts.Symbol> {
    return new Map(
      this.#checker.getExportsOfModule(module).map((symbol) => [symbol.name, this.#resolve(symbol)]),
    );
  }

  #export(name: string): ts.Symbol {
    const symbol = this.#exports.get(name);
    if (symbol === undefined) throw new Error(`the SDK exports no ${name}`);
    return symbol;
  }

  #resolve(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }
}

const parts = (type: ts.Type): ts.Type[] => (type.isUnion() ? type.types : [type]);
const isUndefined = (type: ts.Type): boolean => (type.flags & ts.TypeFlags.Undefined) !== 0;
