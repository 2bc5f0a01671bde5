/**
 * MongoDB's wire protocol: messages on a connection, to and from documents.
 * @see https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
import { deflateSync, inflateSync } from "node:zlib";
import { type Document, deserialize, serialize } from "bson";

export const maxMessageBytes = 48_000_000;
const headerBytes = 16;
const opReply = 1;
const opQuery = 2004;
const opCompressed = 2012;
const opMsg = 2013;
const zlibCompressor = 2;
const noCompressor = 0;
const checksumPresent = 1 << 0;
const moreToCome = 1 << 1;

/** A command as it arrived. */
export interface Request {
  id: number;
  /** The command without its sequences of documents. */
  body: Document;
  /** Such as the `documents` of an insert. */
  sequences: Record<string, Document[]>;
  /** The client waits for no answer. */
  silent: boolean;
  /** Came as OP_QUERY, and is answered by OP_REPLY. */
  legacy: boolean;
  compressed: boolean;
}

/** Types are kept: a 64-bit 5 does not come back as a 32-bit one. */
export const parseDocument = (bytes: Uint8Array): Document =>
  deserialize(bytes, { promoteValues: false, promoteLongs: false, bsonRegExp: true });

/** Cuts a stream of bytes into messages. Throws on what cannot be one; the connection is then of no use. */
export class Framing {
  private chunks: Buffer[] = [];
  private size = 0;

  *push(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk);
    this.size += chunk.length;
    while (this.size >= headerBytes) {
      if ((this.chunks[0]?.length ?? 0) < headerBytes) this.join();
      const length = this.chunks[0]?.readInt32LE(0) ?? 0;
      if (length < headerBytes || length > maxMessageBytes) throw new Error("not a message of MongoDB's");
      if (this.size < length) return;
      const bytes = this.join();
      this.chunks = [bytes.subarray(length)];
      this.size -= length;
      yield bytes.subarray(0, length);
    }
  }

  private join(): Buffer {
    const bytes = Buffer.concat(this.chunks);
    this.chunks = [bytes];
    return bytes;
  }
}

export function parseMessage(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  const body = message.subarray(headerBytes);
  if (opCode !== opCompressed) return { ...parseBody(opCode, body), id, compressed: false };
  const size = body.readInt32LE(4);
  const compressor = body.readUInt8(8);
  const packed = body.subarray(9);
  if (compressor !== zlibCompressor && compressor !== noCompressor) throw new Error("unknown compressor");
  const bytes =
    compressor === noCompressor ? packed : inflateSync(packed, { maxOutputLength: maxMessageBytes });
  if (bytes.length !== size) throw new Error("size of a compressed message is not as announced");
  return { ...parseBody(body.readInt32LE(0), bytes), id, compressed: compressor === zlibCompressor };
}

function parseBody(opCode: number, body: Buffer): Omit<Request, "id" | "compressed"> {
  if (opCode === opMsg) return parseOpMsg(body);
  if (opCode !== opQuery) throw new Error(`unknown operation ${opCode}`);
  const end = body.indexOf(0, 4);
  const [db = ""] = body.toString("utf8", 4, end).split(".$cmd");
  const command = parseDocument(take(body, end + 1 + 8));
  // Drivers wrap a command that has a read preference.
  const unwrapped = (command.$query ?? command.query ?? command) as Document;
  return { body: { ...unwrapped, $db: db }, sequences: {}, silent: false, legacy: true };
}

function parseOpMsg(message: Buffer): Omit<Request, "id" | "compressed"> {
  const flags = message.readUInt32LE(0);
  // Of the lower 16 bits every one must be understood; the upper ones are optional.
  if ((flags & 0xffff & ~(checksumPresent | moreToCome)) !== 0) throw new Error("unknown flag");
  const end = message.length - ((flags & checksumPresent) === 0 ? 0 : 4);
  const sequences: Record<string, Document[]> = {};
  let body: Document | undefined;
  let at = 4;
  while (at < end) {
    const kind = message.readUInt8(at);
    const section = take(message, at + 1);
    if (kind === 0 && body === undefined) body = parseDocument(section);
    else if (kind === 1) {
      const nameEnd = section.indexOf(0, 4);
      const documents: Document[] = [];
      for (let next = nameEnd + 1; next < section.length; ) {
        const bytes = take(section, next);
        documents.push(parseDocument(bytes));
        next += bytes.length;
      }
      sequences[section.toString("utf8", 4, nameEnd)] = documents;
    } else throw new Error("unknown section");
    at += 1 + section.length;
  }
  if (body === undefined) throw new Error("message without a command");
  return { body, sequences, silent: (flags & moreToCome) !== 0, legacy: false };
}

/** What starts with its own length, as documents and sections do. */
function take(bytes: Buffer, at: number): Buffer {
  const length = bytes.readInt32LE(at);
  if (length < 5 || at + length > bytes.length) throw new Error("length out of bounds");
  return bytes.subarray(at, at + length);
}

let lastId = 0;

export function encodeReply(request: Request, reply: Document): Buffer {
  const document = Buffer.from(serialize(reply, { ignoreUndefined: true }));
  const prefix = Buffer.alloc(request.legacy ? 20 : 5);
  // OP_REPLY: flags AwaitCapable, no cursor, starting at 0, one document. OP_MSG: flags, section 0.
  if (request.legacy) {
    prefix.writeInt32LE(8, 0);
    prefix.writeInt32LE(1, 16);
  }
  const body = Buffer.concat([prefix, document]);
  const opCode = request.legacy ? opReply : opMsg;
  if (!request.compressed) return message(request.id, opCode, body);
  const details = Buffer.alloc(9);
  details.writeInt32LE(opCode, 0);
  details.writeInt32LE(body.length, 4);
  details.writeUInt8(zlibCompressor, 8);
  return message(request.id, opCompressed, Buffer.concat([details, deflateSync(body)]));
}

function message(responseTo: number, opCode: number, body: Buffer): Buffer {
  lastId = (lastId + 1) & 0x7fffffff;
  const header = Buffer.alloc(headerBytes);
  header.writeInt32LE(headerBytes + body.length, 0);
  header.writeInt32LE(lastId, 4);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(opCode, 12);
  return Buffer.concat([header, body]);
}
