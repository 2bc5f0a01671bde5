/**
 * What an SDK says of its provider's properties, as values: the types that the program compiles against follow from
 * them, the constructors in bridge.ts read them, and a test holds them against the provider's own schema.
 */
import type * as pulumi from "@pulumi/pulumi";

/** What a property holds, without what Pulumi wraps around it. */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly object: Members };

/** A shape that may be left out. */
export interface Optional {
  readonly optional: Shape;
}

/** Properties by name. */
export type Members = { readonly [name: string]: Shape | Optional };

/** Values as a provider reports them. */
export type Plain<S> = S extends "string"
  ? string
  : S extends "number"
    ? number
    : S extends "boolean"
      ? boolean
      : S extends { readonly list: infer Item }
        ? Plain<Item>[]
        : S extends { readonly map: infer Item }
          ? { [key: string]: Plain<Item> }
          : S extends { readonly object: infer M }
            ? { readonly [K in keyof M]: PlainMember<M[K]> }
            : never;
type PlainMember<S> = S extends { readonly optional: infer Given } ? Plain<Given> | undefined : Plain<S>;

/** Values as a program gives them: at any depth an output will do. */
type Given<S> = S extends { readonly list: infer Item }
  ? pulumi.Input<Given<Item>>[]
  : S extends { readonly map: infer Item }
    ? { [key: string]: pulumi.Input<Given<Item>> }
    : S extends { readonly object: infer M }
      ? Args<M>
      : Plain<S>;

// Keys are filtered, never renamed: an editor then still shows the comments of the table.
type Mandatory<M> = {
  [K in keyof M as M[K] extends Optional ? never : K]: pulumi.Input<Given<M[K]>>;
};
type Voluntary<M> = {
  [K in keyof M as M[K] extends Optional ? K : never]?: M[K] extends { readonly optional: infer S }
    ? pulumi.Input<Given<S> | undefined>
    : never;
};
type Flat<T> = { [K in keyof T]: T[K] };

/** The arguments of a resource or function with these inputs. */
export type Args<M> = Flat<Mandatory<M> & Voluntary<M>>;

/** What a resource with these outputs has as fields. */
export type Outputs<M> = { readonly [K in keyof M]: pulumi.Output<PlainMember<M[K]>> };
