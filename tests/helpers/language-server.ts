/** The YAML language server as an editor runs it: a process, asked in its protocol about files that are open in it. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../ops/bundle.mjs";

/** A red line. Lines count from 1. */
export interface RedLine {
  line: number;
  message: string;
}

/** @see https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/ */
interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

export class LanguageServer {
  private readonly server: ChildProcess;
  private readonly waiting = new Map<string, (message: Message) => void>();
  private received = Buffer.alloc(0);
  private count = 0;

  private constructor() {
    const bin = path.join(root, "node_modules", "yaml-language-server", "bin", "yaml-language-server");
    this.server = spawn(process.execPath, [bin, "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
    this.server.stdout?.on("data", (chunk: Buffer) => this.take(chunk));
  }

  static async start(): Promise<LanguageServer> {
    const started = new LanguageServer();
    await started.ask("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(root).href,
      capabilities: {
        textDocument: { completion: { completionItem: { documentationFormat: ["markdown"] } }, hover: {} },
        workspace: { configuration: true },
      },
    });
    started.send({ method: "initialized", params: {} });
    return started;
  }

  /** What an editor underlines in a text that would lie at this path, whose schema the text itself names. */
  async redLines(file: string, text: string): Promise<RedLine[]> {
    const uri = this.open(file, text);
    const { params } = await this.heard(`diagnostics ${uri}`);
    const { diagnostics } = params as {
      diagnostics: { message: string; range: { start: { line: number } } }[];
    };
    return diagnostics.map(({ message, range }) => ({ line: range.start.line + 1, message }));
  }

  /** The words that an editor offers where the text has a `|`, each with what is said of it. */
  async completions(file: string, text: string): Promise<Map<string, string>> {
    const { uri, position } = this.openAtCursor(file, text);
    const result = await this.ask("textDocument/completion", { textDocument: { uri }, position });
    const { items } = result as { items: { label: string; documentation?: string | { value: string } }[] };
    return new Map(
      items.map(({ label, documentation = "" }) => [
        label,
        typeof documentation === "string" ? documentation : documentation.value,
      ]),
    );
  }

  /** What an editor says of the word behind the `|`. */
  async hover(file: string, text: string): Promise<string> {
    const { uri, position } = this.openAtCursor(file, text);
    const result = await this.ask("textDocument/hover", { textDocument: { uri }, position });
    return (result as { contents: { value: string } } | null)?.contents.value ?? "";
  }

  stop(): void {
    this.server.kill();
  }

  private openAtCursor(file: string, text: string) {
    const [before = "", after = ""] = text.split("|");
    const lines = before.split("\n");
    const uri = this.open(file, before + after);
    return { uri, position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 } };
  }

  /** Each text is a document of its own, beside the others. */
  private open(file: string, text: string): string {
    const uri = pathToFileURL(path.join(path.dirname(file), `${++this.count}-${path.basename(file)}`)).href;
    const textDocument = { uri, languageId: "yaml", version: 1, text };
    this.send({ method: "textDocument/didOpen", params: { textDocument } });
    return uri;
  }

  private async ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.count;
    this.send({ id, method, params });
    const { result, error } = await this.heard(`answer ${id}`);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  private heard(key: string): Promise<Message> {
    return new Promise((resolve) => this.waiting.set(key, resolve));
  }

  private send(message: Message): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.server.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  private take(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const head = this.received.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.received.toString("utf8", 0, head))?.[1]);
      const end = head + 4 + length;
      if (this.received.length < end) return;
      this.got(JSON.parse(this.received.toString("utf8", head + 4, end)) as Message);
      this.received = this.received.subarray(end);
    }
  }

  private got(message: Message): void {
    const { id, method, params } = message;
    if (method === "workspace/configuration")
      this.send({ id, result: (params as { items: unknown[] }).items.map(() => settings) } as Message);
    else if (method !== undefined && id !== undefined) this.send({ id, result: null });
    const key =
      method === "textDocument/publishDiagnostics"
        ? `diagnostics ${(params as { uri: string }).uri}`
        : `answer ${id}`;
    this.waiting.get(key)?.(message);
    this.waiting.delete(key);
  }
}

/** It would ask schemastore.org which schemas there are. */
const settings = { validate: true, completion: true, hover: true, schemaStore: { enable: false } };
