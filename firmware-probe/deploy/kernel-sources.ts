/** The C of the kernels: what their header says of them, and the files that some of them need. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { KernelName } from '../firmware/index.ts';

export const HEADER = 'nas_kernels.h';

/** The C of the firmware, where this runs from source. */
export const shippedFirmware = path.join(import.meta.dirname, '../firmware');

export interface Signature {
  /** Of its layer. */
  readonly struct: string;
  readonly inputs: number;
  readonly hasScratch: boolean;
}

const comments = /\/\*[^]*?\*\//g;
/** A declaration, which begins a line and says nothing of what is called. */
const declarations = /^\w[\w *]*\bnas_\w+\([^;{]*\);/gm;
const names = /\bnas_\w+/g;
/** What begins a line and has a body, or is a label of assembler. */
const definitions = /^(?:(?!static\b)(?:\w+[ *]+)+(nas_\w+)\([^;{]*\)\s*\{|(nas_\w+):)/gm;
const includes = /^#include "(\w+\.h)"/gm;

const firsts = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].flatMap(([, first, second]) => first ?? second ?? []);

export class KernelSources {
  /** By name. */
  readonly #texts: ReadonlyMap<string, string>;

  /** @param firmware as {@link shippedFirmware}. Throws what reading throws */
  constructor(firmware: string) {
    const folder = path.join(firmware, 'kernels');
    const files = readdirSync(folder)
      .filter((file) => /\.[chS]$/.test(file))
      .sort();
    this.#texts = new Map(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
  }

  signatureOf(kernel: KernelName): Signature {
    const found = new RegExp(`void nas_${kernel}_s8\\(const (\\w+) \\*layer([^)]*)\\)`).exec(this.#header);
    const [, struct, rest] = found ?? [];
    if (struct === undefined || rest === undefined) throw new Error(`${HEADER} has no kernel ${kernel}.`);
    return {
      struct,
      inputs: rest.split('const int8_t').length - 1,
      hasScratch: rest.includes('void *scratch'),
    };
  }

  /** Type of the values that a pointer in a struct leads to. */
  pointedType(struct: string, member: string): string {
    const [, body = ''] = new RegExp(`typedef struct \\{([^}]*)\\} ${struct};`).exec(this.#header) ?? [];
    const [, type] = new RegExp(`const (\\w+) [^;]*\\*${member}\\b`).exec(body) ?? [];
    if (type === undefined) throw new Error(`${struct} of ${HEADER} has no pointer ${member}.`);
    return type;
  }

  /** The files that these kernels need, with their text. */
  filesOf(kernels: Iterable<KernelName>): ReadonlyMap<string, string> {
    const needed = new Map<string, string>([[HEADER, this.#texts.get(HEADER) ?? '']]);
    const asked = Array.from(kernels, (kernel) => `nas_${kernel}_s8`);
    const seen = new Set<string>();
    for (let name = asked.pop(); name !== undefined; name = asked.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const [file, { defines, uses, includes: included }] of this.#parts) {
        if (!defines.has(name) || needed.has(file)) continue;
        for (const part of [file, ...included]) needed.set(part, this.#texts.get(part) ?? '');
        asked.push(...uses);
      }
    }
    return new Map([...needed].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  get #header(): string {
    return (this.#texts.get(HEADER) ?? '').replace(comments, '');
  }

  /** Of each file that is compiled: what it defines, what it and its headers call, and those headers. */
  get #parts(): ReadonlyMap<
    string,
    { defines: Set<string>; uses: readonly string[]; includes: readonly string[] }
  > {
    const compiled = [...this.#texts].filter(([file]) => !file.endsWith('.h'));
    return new Map(
      compiled.map(([file, text]) => {
        const headers = this.#headersOf(text);
        const all = [text, ...headers.map((header) => this.#texts.get(header) ?? '')]
          .join('\n')
          .replace(comments, '')
          .replace(declarations, '');
        return [
          file,
          { defines: new Set(firsts(text, definitions)), uses: all.match(names) ?? [], includes: headers },
        ];
      }),
    );
  }

  #headersOf(text: string): readonly string[] {
    const found = new Set<string>();
    const open = [...firsts(text, includes)];
    for (let header = open.pop(); header !== undefined; header = open.pop()) {
      if (found.has(header)) continue;
      found.add(header);
      open.push(...firsts(this.#texts.get(header) ?? '', includes));
    }
    return [...found];
  }
}
