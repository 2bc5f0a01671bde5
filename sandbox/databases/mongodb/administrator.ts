/** Our own user on a real server, through which the users of Atlas get there. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { MongoClient } from "mongodb";
import type { MongodbOptions } from "./types.ts";

export interface Administrator {
  username: string;
  password: string;
}

const username = "kairos-sandbox-administrator";

/** The same for the same folder. The password is generated and kept there, readable by the owner only. */
export function administrator(folder: string): Administrator {
  return {
    username,
    password: secretFile(path.join(folder, "administrator"), () => randomBytes(24).toString("base64url")),
  };
}

/** What the file says; made by `generate` when it is not there. */
export function secretFile(file: string, generate: () => string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const secret = generate();
  writeFileSync(file, secret, { mode: 0o600 });
  return secret;
}

/** A client for one command after the other, of the server itself and not of its replica set. */
export function adminClient(port: number, { tls }: MongodbOptions, login?: Administrator): MongoClient {
  return new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    maxPoolSize: 1,
    serverSelectionTimeoutMS: 5000,
    ...(tls !== undefined && { tls: true, tlsCAFile: tls.authorityFile }),
    ...(login !== undefined && { auth: login, authSource: "admin", authMechanism: "SCRAM-SHA-256" as const }),
  });
}

/** Runs something with a client, and closes it however that ends. */
export async function withClient<T>(
  client: MongoClient,
  act: (client: MongoClient) => Promise<T>,
): Promise<T> {
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}
