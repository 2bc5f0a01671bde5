/** What all databases behind the stand-ins have in common. */
import type { KeyPair } from "../clouds/certificates.ts";

/** A database server that runs on loopback. */
export interface DatabaseServer {
  /** What runs, for people: for example `PostgreSQL 18.4` or `stand-in for MongoDB 8.0`. */
  readonly software: string;
  /** What it does not do, where it is not what the vendor runs. */
  readonly note?: string;
  /** Whether it is the real software and not a stand-in. */
  readonly real: boolean;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** How many sessions a user has now, where somebody asks for it. */
  sessions?(user: string): Promise<number>;
  /** Since when it can be recovered, in milliseconds since 1970, where it can. */
  recoverableSince?(): number | undefined;
  /** Makes every moment before now one that it can be recovered to. */
  goOn?(): Promise<void>;
  /** Stops it and waits until it is gone; what it stored stays in its folder. */
  close(): Promise<void>;
}

/** A server's key and certificate, and where the authority's certificate that signed it can be read. */
export type ServerTls = KeyPair & { authorityFile: string };
