/** Hours of typing leave nothing behind. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const script = path.resolve(import.meta.dirname, '../testing/many-edits.ts');

/** Bytes; the hints of this small file take three times as much. */
const mostLeft = 500;

test('5,000 edits leave no more in memory than 1,000', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    '--no-flush-bytecode',
    script,
  ]);
  const { usual, leaky } = JSON.parse(stdout) as { usual: number; leaky: number };
  assert.ok(usual < mostLeft, `each edit leaves ${usual.toFixed(0)} bytes`);
  assert.ok(leaky > 2 * mostLeft, `what is kept of each edit is seen as ${leaky.toFixed(0)} bytes`);
});
