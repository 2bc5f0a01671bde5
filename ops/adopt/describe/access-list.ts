/** Who may connect, as the settings say it. */
import { isPlaceholder, opensToTheWorld } from "../../../infra/settings/kinds.ts";
import type { RenderAccess } from "../../../vendors/render.ts";
import type { Difference } from "../report.ts";

export interface AccessEntry {
  cidr: string;
  comment: string;
}

/** Entries as Render has them. */
export const renderEntries = (list?: readonly RenderAccess[] | null): AccessEntry[] =>
  (list ?? []).map(({ cidrBlock, description = "" }) => ({ cidr: cidrBlock, comment: description }));

/** Entries as settings; one that lets everyone in has to say so. */
export const accessEntries = (list: readonly AccessEntry[]) =>
  list.map(({ cidr, comment }) => ({
    cidr,
    comment,
    ...(opensToTheWorld(cidr) && { allowFromAnywhere: true }),
  }));

/** What is to be decided about entries that are as wide as the world. */
export const wideEntries = (list: readonly AccessEntry[], what: string, setting: string): Difference[] =>
  list
    .filter(({ cidr }) => opensToTheWorld(cidr))
    .map(({ cidr }) => ({
      what: `${what}: access list`,
      is: `${cidr} lets (nearly) everyone in`,
      wouldBe: "refused by the rules of the settings",
      keptBy: `allowFromAnywhere: true in kairos:${setting}.accessList`,
    }));

/** Entries of the file that the vendor does not have: they would be created. */
export function onlyInFile(section: unknown, list: readonly AccessEntry[], setting: string): Difference[] {
  const entries = Array.isArray(section) ? (section as { cidr?: unknown }[]) : [];
  const there = new Set(list.map(({ cidr }) => cidr));
  return entries
    .map(({ cidr }) => String(cidr))
    .filter((cidr) => !there.has(cidr) && !isPlaceholder(cidr))
    .map((cidr) => ({
      what: `kairos:${setting}.accessList`,
      is: `${cidr} is only in the stack file`,
      wouldBe: "created",
      keptBy: "it is taken out; put it back after pulumi up",
    }));
}
