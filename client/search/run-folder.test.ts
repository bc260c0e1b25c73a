import { strict as assert } from 'node:assert';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { runFolderFor } from './run-folder.ts';

const file = resolve('spaces', 'clothes.nas');
const now = new Date('2026-05-03T14:12:09Z');

test('the default place is left to the command line', () => {
  assert.equal(runFolderFor(file, 'runs', now), undefined);
  assert.equal(runFolderFor(file, ' ', now), undefined);
});

test('a name is a folder beside the file, an absolute path is itself', () => {
  assert.equal(runFolderFor(file, 'out', now), join(resolve('spaces'), 'out', 'clothes-20260503-141209'));
  assert.equal(
    runFolderFor(file, resolve('elsewhere'), now),
    join(resolve('elsewhere'), 'clothes-20260503-141209'),
  );
});
