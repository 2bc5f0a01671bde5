/** Ids, passwords and times as Render makes them. */
import { randomBytes } from "node:crypto";

/** Prefix and 20 letters and digits. */
export const newId = (prefix: string) => `${prefix}-${randomText(20)}`;

/** 32 letters and digits. */
export const newPassword = () => randomText(32);

export function randomText(length: number): string {
  const letters = "0123456789abcdefghijklmnopqrstuv";
  return [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join("");
}

/** As Render makes up the value of a variable: 32 bytes. */
export const generatedValue = () => randomBytes(32).toString("base64");

/** What everything has when it is made. */
export const made = (prefix: string, suffix = "") => ({
  id: newId(prefix) + suffix,
  createdAt: now(),
  updatedAt: now(),
});

export const now = () => new Date().toISOString();
