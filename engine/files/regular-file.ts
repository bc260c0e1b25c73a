/**
 * The one way to open a file for reading. Opening never waits and never rouses a device: what is no regular file is
 * refused before it is opened, and again by its handle, since the name may lead elsewhere by then.
 */

import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  read,
  readSync,
  statSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';
import { FileError, fileError, requireRegular } from './file-error.ts';
import { limitsOf, type FileKind } from './kinds.ts';
import { inWords } from './sizes.ts';
import { isWindowsDevice } from './windows-devices.ts';

export interface OpenOptions {
  /** Refuses a link even to a regular file: the files of a run are where they seem to be. */
  readonly links?: 'refuse';
}

const readLater = promisify(read);

/** Without it, opening a pipe waits for a writer. Windows has no such flag (and no such pipes): there it is undefined. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/** A regular file, open for reading, no larger than its kind may be. Whoever opens it closes it. */
export class RegularFile {
  readonly path: string;
  /** Bytes when it was opened. */
  readonly size: number;
  private readonly handle: number;
  private readonly opened: Stats;
  private readonly appended: boolean;
  /** A read that nobody waits for any more; the handle stays open until it has come to its end. */
  private pending: Promise<unknown> | undefined;

  private constructor(path: string, handle: number, opened: Stats, appended: boolean) {
    this.path = path;
    this.handle = handle;
    this.opened = opened;
    this.size = opened.size;
    this.appended = appended;
  }

  /** @throws FileError */
  static open(path: string, kind: FileKind, options: OpenOptions = {}): RegularFile {
    if (process.platform === 'win32' && isWindowsDevice(path)) {
      throw new FileError('special', path, 'is the name of a device on Windows', 'Name a regular file');
    }
    let handle: number | undefined;
    try {
      requireRegular(path, (options.links === 'refuse' ? lstatSync : statSync)(path));
      handle = openSync(path, flags | (options.links === 'refuse' ? constants.O_NOFOLLOW : 0));
      const opened = fstatSync(handle);
      requireRegular(path, opened);
      const { name, most, appended } = limitsOf(kind);
      if (opened.size > most) {
        throw new FileError(
          'large',
          path,
          `has ${inWords(opened.size)}, and ${name} may have ${inWords(most)} at most`,
          'Name a smaller file',
        );
      }
      return new RegularFile(path, handle, opened, appended ?? false);
    } catch (error) {
      if (handle !== undefined) closeSync(handle);
      throw fileError(path, error);
    }
  }

  /**
   * Fills `into` with the bytes from `position` on.
   * @returns how many there were; fewer than asked for only at the end of the file
   * @throws FileError
   */
  read(into: Uint8Array, position: number): number {
    let done = 0;
    try {
      while (done < into.length) {
        const count = Math.min(into.length - done, mostAtOnce);
        const got = readSync(this.handle, into, done, count, position + done);
        if (got === 0) break;
        done += got;
      }
    } catch (error) {
      throw fileError(this.path, error);
    }
    return done;
  }

  /** To be called after the last byte was read. @throws FileError when something wrote to it meanwhile */
  requireUnchanged(): void {
    let now: Stats;
    try {
      now = fstatSync(this.handle);
    } catch (error) {
      throw fileError(this.path, error);
    }
    const isSame = now.size === this.size && now.mtimeMs === this.opened.mtimeMs;
    if (!isSame && !(this.appended && now.size > this.size)) this.refuseChange();
    // Files that the kernel makes up tell no size.
    if (!this.appended && this.read(new Uint8Array(1), this.size) > 0) this.refuseChange();
  }

  /** All bytes. @throws FileError also when the file changes meanwhile */
  bytes(): Uint8Array {
    const bytes = this.room();
    if (this.read(bytes, 0) < bytes.length) this.refuseChange();
    this.requireUnchanged();
    return bytes;
  }

  /** As {@link bytes}, while others run. @throws FileError `aborted`, too */
  async bytesMeanwhile(signal: AbortSignal | undefined): Promise<Uint8Array> {
    const bytes = this.room();
    for (let at = 0; at < bytes.length;) {
      const part = Math.min(mostAtOnce, bytes.length - at);
      this.pending = readLater(this.handle, bytes, at, part, at);
      const got = await this.unlessAborted(this.pending as ReturnType<typeof readLater>, signal);
      this.pending = undefined;
      if (got.bytesRead === 0) this.refuseChange();
      at += got.bytesRead;
    }
    this.requireUnchanged();
    return bytes;
  }

  close(): void {
    const close = (): void => closeSync(this.handle);
    if (this.pending === undefined) close();
    else void this.pending.then(close, close);
  }

  private async unlessAborted<T>(reading: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const done = new AbortController();
    const aborted = new Promise<never>((_, reject) => {
      const refuse = (): void =>
        reject(
          new FileError(
            'aborted',
            this.path,
            'was not read to its end: the reading was stopped',
            'Read it again',
          ),
        );
      if (signal?.aborted === true) refuse();
      else signal?.addEventListener('abort', refuse, { signal: done.signal });
    });
    try {
      return await Promise.race([aborted, reading]);
    } catch (error) {
      throw fileError(this.path, error);
    } finally {
      done.abort();
    }
  }

  private room(): Uint8Array {
    try {
      return new Uint8Array(this.size);
    } catch (error) {
      throw new FileError(
        'large',
        this.path,
        `has ${inWords(this.size)}, which does not fit into memory`,
        'Name a smaller file',
        { cause: error },
      );
    }
  }

  private refuseChange(): never {
    throw new FileError(
      'changing',
      this.path,
      'changes while it is being read',
      'Wait until whatever writes it is done, then try again',
    );
  }
}

/** Bytes of one call of the system: large ones could not be interrupted, and it refuses those of 2 GB. */
const mostAtOnce = 4 * 1024 * 1024;
