/**
 * The code that V8 has compiled of a script, kept for the next process: until the first problems of a document are shown
 * a server compiles for as long as it computes. Node keeps code as well, but only of functions that run while a module is
 * loaded.
 */

import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import { writeWhole } from '../../engine/files/index.ts';

const digestBytes = 20;

/** A CommonJS script and the file in which its code is kept. */
export class CachedScript {
  readonly #file: string;
  readonly #place: string;
  readonly #sourceHash: Hash;
  readonly #script: Script;
  /** It was compiled from what had been kept. */
  readonly isKnown: boolean;

  constructor(file: string, place: string) {
    this.#file = file;
    this.#place = place;
    const source = readFileSync(file, 'utf8');
    this.#sourceHash = createHash('sha1').update(source);
    const cachedData = this.#kept();
    this.#script = new Script(Module.wrap(source), { filename: file, cachedData });
    this.isKnown = cachedData !== undefined && this.#script.cachedDataRejected === false;
  }

  /**
   * Stands before the code. V8 compares its version, its flags and the lengths of sources, runs what was made of another
   * source of that length, and ends the process over code that has been damaged.
   */
  #digestWith(code: Buffer): Buffer {
    return this.#sourceHash.copy().update(code).digest();
  }

  #kept(): Buffer | undefined {
    try {
      const kept = readFileSync(this.#place);
      const code = kept.subarray(digestBytes);
      const isWhole = this.#digestWith(code).equals(kept.subarray(0, digestBytes));
      return isWhole ? code : undefined;
    } catch {
      return undefined;
    }
  }

  /** Runs it as `require` does; gives what it exports. */
  run(): unknown {
    const module = { exports: {} };
    const main = this.#script.runInThisContext() as (...names: unknown[]) => void;
    main(module.exports, createRequire(this.#file), module, this.#file, path.dirname(this.#file));
    return module.exports;
  }

  /** Keeps the code of all functions that have run by now. Where nothing can be written, nothing is kept. */
  keep(): void {
    try {
      mkdirSync(path.dirname(this.#place), { recursive: true });
      const code = this.#script.createCachedData();
      writeWhole(this.#place, Buffer.concat([this.#digestWith(code), code]));
    } catch {
      // The next process compiles as this one did.
    }
  }
}
