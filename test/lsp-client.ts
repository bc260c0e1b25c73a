/**
 * A small language client for tests and benchmarks, over the standard streams of a process or any others. It knows
 * JSON-RPC framing and the four requests that a server may send; nothing is hidden, and asked again only by
 * {@link LspClient.requestUntilAnswered}.
 */

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: RpcError;
}

/** A failed request, with the code of JSON-RPC or LSP. */
export class RequestError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(error: RpcError) {
    super(error.message);
    this.code = error.code;
    this.data = error.data;
  }

  /** `ServerCancelled` of LSP 3.17, with the wish to be asked again. */
  get asksAgain(): boolean {
    const wish = this.data as { readonly retriggerRequest?: boolean } | null | undefined;
    return this.code === -32802 && wish?.retriggerRequest === true;
  }
}

const headerEnd = '\r\n\r\n';

export class LspClient {
  /** Everything that the server sent unasked, in order. */
  readonly notifications: Message[] = [];
  readonly serverRequests: Message[] = [];
  /** Answers to `workspace/configuration`, by section. */
  readonly configuration = new Map<string, unknown>();
  #nextId = 0;
  #buffer = Buffer.alloc(0);
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Set<(message: Message) => void>();
  readonly #toServer: Writable;

  constructor(toServer: Writable, fromServer: Readable) {
    this.#toServer = toServer;
    fromServer.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A server that dies closes the pipe; requests then fail by their own time limit.
    toServer.on('error', () => undefined);
  }

  /** Sends a request; resolves to its result or throws {@link RequestError}. */
  request(method: string, params: unknown): Promise<unknown> {
    return this.start(method, params).result;
  }

  /** Asks again as long as the server asks for it, as the client of VS Code does with diagnostics. */
  async requestUntilAnswered(method: string, params: unknown): Promise<unknown> {
    for (;;) {
      try {
        return await this.request(method, params);
      } catch (error) {
        if (!(error instanceof RequestError) || !error.asksAgain) throw error;
      }
    }
  }

  /** A request whose id is known, to cancel it. */
  start(method: string, params: unknown): { readonly id: number; readonly result: Promise<unknown> } {
    const id = ++this.#nextId;
    const result = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, (message) => {
        if (message.error !== undefined) reject(new RequestError(message.error));
        else resolve(message.result);
      });
    });
    this.send({ jsonrpc: '2.0', id, method, params });
    return { id, result };
  }

  notify(method: string, params: unknown): void {
    this.send({ jsonrpc: '2.0', method, params });
  }

  send(message: Message): void {
    this.sendRaw(JSON.stringify(message));
  }

  /** A body as it is, to send what is not JSON. */
  sendRaw(body: string): void {
    this.#toServer.write(`Content-Length: ${Buffer.byteLength(body)}${headerEnd}${body}`);
  }

  /** The next notification (or request of the server) that fits. */
  next(method: string, fits: (params: unknown) => boolean = () => true): Promise<unknown> {
    return new Promise((resolve) => {
      const listener = (message: Message): void => {
        if (message.method !== method || !fits(message.params)) return;
        this.#listeners.delete(listener);
        resolve(message.params);
      };
      this.#listeners.add(listener);
    });
  }

  async initialize(capabilities: object = {}, extra: object = {}): Promise<unknown> {
    const result = await this.request('initialize', {
      // A server that watches over its client's process would outlive a test in the same process.
      processId: null,
      rootUri: null,
      workspaceFolders: null,
      capabilities,
      ...extra,
    });
    this.notify('initialized', {});
    return result;
  }

  open(uri: string, text: string, version = 1, languageId = 'nas'): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  change(uri: string, version: number, contentChanges: readonly object[]): void {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  #receive(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf(headerEnd);
      if (end === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.toString('latin1', 0, end))?.[1] ?? 0);
      const start = end + headerEnd.length;
      if (this.#buffer.length < start + length) return;
      const body = this.#buffer.toString('utf8', start, start + length);
      this.#buffer = this.#buffer.subarray(start + length);
      this.#handle(JSON.parse(body) as Message);
    }
  }

  #handle(message: Message): void {
    if (message.method === undefined) {
      const resolve = typeof message.id === 'number' ? this.#waiting.get(message.id) : undefined;
      if (typeof message.id === 'number') this.#waiting.delete(message.id);
      resolve?.(message);
      return;
    }
    if (message.id === undefined) this.notifications.push(message);
    else {
      this.serverRequests.push(message);
      this.send({ jsonrpc: '2.0', id: message.id, result: this.#answer(message) });
    }
    for (const listener of this.#listeners) listener(message);
  }

  #answer(message: Message): unknown {
    if (message.method !== 'workspace/configuration') return null;
    const { items } = message.params as { readonly items: readonly { readonly section?: string }[] };
    return items.map((item) => this.configuration.get(item.section ?? '') ?? null);
  }
}

/** A client of a server process. */
export class ProcessClient extends LspClient {
  readonly process: ChildProcessWithoutNullStreams;
  stderr = '';
  readonly exited: Promise<number | null>;

  /** @param env beside what this process has in its environment */
  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    super(child.stdin, child.stdout);
    this.process = child;
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  }

  /** Ends the server as LSP says; resolves to its exit code. */
  async stop(): Promise<number | null> {
    await this.request('shutdown', undefined);
    this.notify('exit', undefined);
    return this.exited;
  }

  kill(): void {
    this.process.kill();
  }
}
