import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { formatLine, readJournal } from './journal.ts';
import { storageError } from './storage.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-storage-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

describe('failures of the file system', () => {
  for (const [code, words] of [
    ['ENOSPC', /the disk is full\. Free some space, then resume/],
    ['EROFS', /read-only file system/],
    ['EACCES', /not permitted/],
    ['EXYZ', /failed \(what the system said\)/],
  ] as const) {
    it(`says what ${code} means and what to do`, () => {
      const error = Object.assign(new Error('what the system said'), { code });
      assert.match(storageError('/somewhere/journal.jsonl', error).message, words);
    });
  }

  it(
    'loses nothing that was recorded when a record does not fit on the disk any more',
    { skip: process.platform === 'win32' },
    () => {
      const path = join(scratch, 'journal.jsonl');
      const line = formatLine({ kind: 'finished', reason: 'trials', elapsed: 1 });
      writeFileSync(path, line.repeat(3));
      // A limit on the size of files stands in for a full disk: the write breaks off in the middle of the record.
      const script = `import { Journal } from ${JSON.stringify(join(import.meta.dirname, 'journal.ts'))};
        process.on('SIGXFSZ', () => {});
        const { journal } = Journal.open(${JSON.stringify(path)});
        const big = { kind: 'stage', stage: 1, epochs: 3, trials: Array.from({ length: 4000 }, (_, i) => i), explored: 1, elapsed: 2 };
        try { journal.append(big); } catch (error) { console.log(error.name, error.message); }`;
      const said = execFileSync(
        'bash',
        ['-c', 'ulimit -f 4; exec "$0" --input-type=module-typescript -e "$1"', process.execPath, script],
        {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      assert.match(said, /SearchError Writing .*journal\.jsonl failed/);
      const { records, torn } = readJournal(path);
      assert.equal(records.length, 3);
      assert.equal(torn, undefined);
    },
  );
});
