import { ReadableStream, WritableStream } from 'node:stream/web';

/** The part of a port of Web Serial that `esptool-js` uses. */
export interface WebSerialPort {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  /** It vanished while it was open. */
  readonly lost: boolean;
  open(options: { readonly baudRate: number }): Promise<void>;
  close(): Promise<void>;
  setSignals(signals: {
    readonly dataTerminalReady?: boolean;
    readonly requestToSend?: boolean;
    readonly break?: boolean;
  }): Promise<void>;
  getInfo(): { readonly usbVendorId?: number; readonly usbProductId?: number };
}

type Done = (error?: Error | null) => void;

/** What of `serialport` is used; its own mock has the same. */
export interface Port {
  readonly isOpen: boolean;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'close' | 'error', listener: Done): unknown;
  open(done: Done): void;
  close(done: Done): void;
  write(chunk: Uint8Array, encoding: undefined, done: Done): unknown;
  drain(done: Done): void;
  set(lines: { readonly dtr?: boolean; readonly rts?: boolean; readonly brk: boolean }, done: Done): void;
}

const settled = (start: (done: Done) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    start((error) => {
      if (error) reject(error);
      else resolve();
    });
  });

/** A port of this machine behind the interface of Web Serial. */
export class SystemSerialPort implements WebSerialPort {
  readonly #make: (baudRate: number) => Port;
  readonly #ids: { readonly usbVendorId?: number; readonly usbProductId?: number };
  #port: Port | undefined;
  #lines: { dtr?: boolean; rts?: boolean } = {};
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  lost = false;

  /** @param make a port that is not open yet */
  constructor(
    make: (baudRate: number) => Port,
    ids: { readonly usbVendorId?: number; readonly usbProductId?: number },
  ) {
    this.#make = make;
    this.#ids = ids;
  }

  getInfo(): { readonly usbVendorId?: number; readonly usbProductId?: number } {
    return this.#ids;
  }

  async open({ baudRate }: { readonly baudRate: number }): Promise<void> {
    const port = this.#make(baudRate);
    await settled((done) => port.open(done));
    this.#port = port;
    let open = true;
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const end = (error?: Error | null) => {
          // `serialport` says why only where nobody asked it to close.
          if (error) this.lost = true;
          if (open) controller.close();
          open = false;
        };
        port.on('data', (chunk) => {
          if (open) controller.enqueue(new Uint8Array(chunk));
        });
        port.on('close', end);
        port.on('error', end);
      },
      cancel: () => void (open = false),
    });
    this.writable = new WritableStream<Uint8Array>({
      // After a write that fails, `esptool-js` would keep the stream locked and wait for ever for it to be free. It finds out
      // that nobody answers.
      write: async (chunk) => {
        try {
          await settled((done) => port.write(chunk, undefined, done));
          await settled((done) => port.drain(done));
        } catch {
          this.lost = true;
        }
      },
    });
  }

  async close(): Promise<void> {
    const port = this.#port;
    [this.#port, this.readable, this.writable] = [undefined, null, null];
    if (port?.isOpen === true) await settled((done) => port.close(done));
  }

  /** Lines that are not named stay as they are: `serialport` would set them. */
  async setSignals({
    dataTerminalReady,
    requestToSend,
    break: brk = false,
  }: Parameters<WebSerialPort['setSignals']>[0]): Promise<void> {
    if (dataTerminalReady !== undefined) this.#lines.dtr = dataTerminalReady;
    if (requestToSend !== undefined) this.#lines.rts = requestToSend;
    const port = this.#port;
    if (port !== undefined) await settled((done) => port.set({ ...this.#lines, brk }, done));
  }
}
