/**
 * Changes credentials while the backend keeps working: the new one is made beside the old one, the environment moves,
 * and the old one goes only when `npx kairos rotate` has seen that every service runs with the new one.
 */
import type * as pulumi from "@pulumi/pulumi";
import { type Existing, stashed } from "../state.ts";
import {
  type CredentialRecord,
  initial,
  keepRecord,
  next,
  type Request,
  type Rotatable,
  recordOf,
  rotatable,
} from "./record.ts";
import { requestIn } from "./request.ts";

/** Where the rotation of one database stands in this run. */
export class Rotation {
  readonly record: CredentialRecord;
  /** Number of the newest one before this run. */
  readonly newest: number;
  /** The one that this run ends at the vendor. */
  readonly ending: number | undefined;
  private readonly database: Rotatable;
  private readonly existing: Existing;
  private kept: pulumi.Resource | undefined;

  constructor(database: Rotatable, existing: Existing = [], request?: Request) {
    const before = recordOf(existing, database);
    this.database = database;
    this.existing = existing;
    this.newest = before.last;
    this.record = next(before, request?.database === database ? request : undefined);
    this.ending = this.record.retiring === undefined ? before.retiring : undefined;
  }

  /** Whether the database still has the credential that it was created with, and no other. */
  get neverRotated(): boolean {
    return this.record === initial;
  }

  /** Numbers of the credentials that have to exist, the current one first. */
  get numbers(): number[] {
    const { current, retiring } = this.record;
    return retiring === undefined ? [current] : [current, retiring];
  }

  /**
   * Writes the record, which everything that it announces depends on.
   *
   * @param endAtVendor ends a credential before the record says that it is gone
   */
  keep(endAtVendor: pulumi.ResourceHook[] = []): pulumi.Resource | undefined {
    this.kept ??= keepRecord(this.database, this.record, endAtVendor);
    return this.kept;
  }

  /**
   * What the state holds of the login that the vendor issued as this credential; see login.ts.
   *
   * @param of the restored database that it is for
   */
  issued(number: number, of?: string): { user?: string } | undefined {
    const name = loginName(this.database, number, of);
    const logins = stashed<{ login: string; user?: string }>(this.existing, "login");
    return logins.find(({ login }) => login === name);
  }
}

/** Logical name of the resource that keeps an issued login. */
export const loginName = (database: Rotatable, number: number, of?: string) =>
  `${database}-login-${number}${of === undefined ? "" : `-${of}`}`;

/** A name that belongs to one credential only; the first one keeps the name of the settings. */
export const numbered = (name: string, number: number, separator = "-") =>
  number === 1 ? name : `${name}${separator}${number}`;

/** The rotation of each database. */
export type Rotations = Readonly<Record<Rotatable, Rotation>>;

/** @throws OperatorError when a step is asked for that does not fit */
export const rotations = (existing: Existing): Rotations =>
  each((database) => new Rotation(database, existing, requestIn()));

/** Of databases that were never rotated, where there is no state that could say otherwise. */
export const noRotations = (): Rotations => each((database) => new Rotation(database));

const each = (rotation: (database: Rotatable) => Rotation) =>
  Object.fromEntries(rotatable.map((database) => [database, rotation(database)])) as Rotations;
