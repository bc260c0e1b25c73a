import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invoke, violations } from '../testing/capture.ts';

test('boards are listed for a person and for a program', async () => {
  const { code, out } = await invoke(['boards']);
  assert.equal(code, 0);
  assert.match(out, /^nucleo-f446re +\S.* 180 MHz +128 KB +512 KB +tflm \+ cmsis-nn/m);
  assert.deepEqual(violations('boards', JSON.parse((await invoke(['boards', '--json'])).out)), []);
});
