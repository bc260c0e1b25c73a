import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { findRuns, readRun } from './run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-runs-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const recorded = join(import.meta.dirname, '../../test/fixtures/runs/version-0.1');

test('runs are listed, and what is none or was edited is left out', async () => {
  const whole = JSON.parse(readFileSync(join(recorded, 'run.json'), 'utf8')) as Record<string, unknown>;
  const add = (name: string, text: string): void => {
    mkdirSync(join(scratch, 'runs', name), { recursive: true });
    writeFileSync(join(scratch, 'runs', name, 'run.json'), text);
  };
  cpSync(recorded, join(scratch, 'runs', 'whole'), { recursive: true });
  for (const name of ['created', 'space', 'strategy', 'program', 'schema', 'objectives']) {
    for (const [i, value] of [undefined, null, 1, {}, []].entries())
      if (!(name === 'schema' && value === 1) && !(name === 'objectives' && Array.isArray(value)))
        add(`${name}-${i}`, JSON.stringify({ ...whole, [name]: value }));
  }
  for (const [i, text] of ['', 'null', '[]', '1', '{', '"text"'].entries()) add(`text-${i}`, text);
  if (process.platform !== 'win32') symlinkSync(join(recorded), join(scratch, 'runs', 'link'));
  const found = await findRuns([scratch], 'runs');
  assert.deepEqual(
    found.map(({ folder, finished }) => [folder, finished]),
    [[join(scratch, 'runs', 'whole'), true]],
  );
});

test('a run whose journal cannot be read has not come to its end', async () => {
  const folder = join(scratch, 'torn');
  mkdirSync(join(folder, 'journal.jsonl'), { recursive: true });
  cpSync(join(recorded, 'run.json'), join(folder, 'run.json'));
  assert.equal((await readRun(folder))?.finished, false);
});
