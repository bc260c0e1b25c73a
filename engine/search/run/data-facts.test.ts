import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import type { DataFacts } from '../../space/data-facts.ts';
import { readDataFacts, writeDataFacts } from './data-facts.ts';

const facts: DataFacts = {
  classNames: ['left', 'right'],
  shape: [2],
  values: 'numbers',
  normalization: { scale: 1, offset: 0 },
  columns: [
    { name: 'a', mean: 1.5, deviation: 0.25 },
    { name: 'b', mean: -3, deviation: 1 },
  ],
  samples: { train: 7, validation: 2, test: 1 },
};

test('a run keeps how its networks are fed, and nothing that no search wrote', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nasturtium-facts-'));
  const file = join(folder, 'data.json');
  try {
    assert.equal(readDataFacts(folder), undefined, 'earlier versions wrote none');
    writeDataFacts(folder, facts);
    const { columns, classNames } = readDataFacts(folder) ?? {};
    assert.deepEqual({ columns, classNames }, { columns: facts.columns, classNames: facts.classNames });

    const stored = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const forged = [
      { ...stored, columns: [{ name: 'a', mean: 'system()', deviation: 1 }] },
      { ...stored, columns: [{ name: 'a', mean: 0, deviation: 0 }] },
      { ...stored, classNames: [7] },
      { ...stored, normalization: null },
      null,
    ];
    for (const value of forged) {
      writeFileSync(file, JSON.stringify(value));
      assert.throws(
        () => readDataFacts(folder),
        /data\.json is not as a search writes it\..*Remove it to export/,
      );
    }
    rmSync(file);
    writeFileSync(join(folder, 'elsewhere'), JSON.stringify(stored));
    symlinkSync('elsewhere', file);
    assert.throws(() => readDataFacts(folder), { name: 'SearchError', code: 'folder' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
