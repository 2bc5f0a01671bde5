/** Who may do what in a Valkey or Redis here, however it runs. */
import { createHash } from "node:crypto";

/** A user beside the customer's: it has all rights, and its password is in this process only. */
export const admin = "kairos-sandbox";

/**
 * The customer may do everything but administer the server: vendors keep that to themselves.
 * https://redis.io/docs/latest/operate/rs/references/compatibility/commands/server/
 */
const rights = "~* &* +@all -@admin -debug -migrate +config|get +client|list +client|kill";

/**
 * Each user's name and rules, as a configuration and ACL SETUSER take them; the customer last.
 *
 * @param refused names of more commands that the customer may not run
 */
export const users = (secret: string, password: string | undefined, refused: readonly string[] = []) => [
  `${admin} reset on ${hashed(secret)} ~* &* +@all`,
  ["default reset on", password === undefined ? "nopass" : hashed(password), rights]
    .concat(refused.map((name) => `-${name}`))
    .join(" "),
];

/** The commands that bring a vendor's change to a server that runs. */
export const changing = (change: { password?: string; maxmemoryPolicy?: string }): string[][] => [
  ...(change.password === undefined
    ? []
    : [["ACL", "SETUSER", "default", "resetpass", hashed(change.password)]]),
  ...(change.maxmemoryPolicy === undefined
    ? []
    : [["CONFIG", "SET", "maxmemory-policy", change.maxmemoryPolicy]]),
];

/** A password as an access list takes it, without saying it. */
const hashed = (password: string) => `#${createHash("sha256").update(password).digest("hex")}`;
