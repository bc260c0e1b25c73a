/** What several tests of datasets share. */

import assert from 'node:assert/strict';
import type { DatasetSetting } from '../../space/types.ts';
import type { Dataset } from './dataset.ts';

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
