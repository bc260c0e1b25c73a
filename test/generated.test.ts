/** What `scripts/generate.ts` writes is what is committed. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { generated } from '../scripts/generate.ts';

test('every generated part is as the rows say: after a change, run `node scripts/generate.ts`', async () => {
  const files = await generated();
  assert.ok(files.size > 0);
  for (const [file, text] of files) {
    assert.equal(readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8'), text, file);
  }
});
