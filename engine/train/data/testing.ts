/** What several tests of datasets share. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatasetSetting } from '../../space/types.ts';
import type { Dataset } from './dataset.ts';
import { openDataset } from './open.ts';

/** The declaration of a dataset, as meaning hands it on. */
export function setting(name: string, path?: string, rest: Partial<DatasetSetting> = {}): DatasetSetting {
  return {
    name,
    path,
    input: undefined,
    classes: undefined,
    calibrate: undefined,
    options: {},
    source: { file: 'a.nas', line: 0, start: 0, end: 0 },
    ...rest,
  };
}

export function refuses(opened: Promise<Dataset>, message: RegExp): Promise<void> {
  return assert.rejects(opened, { name: 'DatasetError', message });
}

/** An IDX file of bytes. */
export function idx(shape: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = 8;
  header[3] = shape.length;
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, values]);
}

/** A new folder with `files` by path. It is for the caller to remove. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'nasturtium-data-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export interface Opened {
  readonly dataset: Dataset;
  /** What the person is told on the way. */
  readonly told: string;
}

/** Opens a dataset that consists of `files` and removes them. */
export async function openFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  name: string,
  path: string,
  rest: Partial<DatasetSetting> = {},
): Promise<Opened> {
  const folder = folderWith(files);
  const told: string[] = [];
  try {
    const dataset = await openDataset(setting(name, path, rest), folder, {
      onMessage: (text) => told.push(text),
    });
    return { dataset, told: told.join('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A .npy file; `shape` as Python writes a tuple, without its brackets. */
export function npy(descr: string, shape: string, content: Uint8Array, fortran = false): Uint8Array {
  const text = `{'descr': ${descr}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape}), }`;
  const padded = text.padEnd(117) + '\n';
  const header = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([header, Buffer.from(padded, 'latin1'), content]);
}
