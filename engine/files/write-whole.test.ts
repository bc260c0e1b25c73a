import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { writeWhole } from './write-whole.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-whole-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const posix = { skip: process.platform === 'win32' };

describe('a file', () => {
  it('is new or as it was when the disk takes only a part of it', posix, () => {
    const path = join(scratch, 'space.nas');
    writeFileSync(path, 'what somebody wrote');
    // A limit on the size of files stands in for a full disk: the first write takes a part, the next one fails.
    const script = `import { writeWhole } from ${JSON.stringify(join(import.meta.dirname, 'write-whole.ts'))};
      process.on('SIGXFSZ', () => {});
      try { writeWhole(${JSON.stringify(path)}, Buffer.alloc(20000)); } catch (error) { console.log(error.code); }`;
    const said = execFileSync(
      'bash',
      ['-c', 'ulimit -f 4; exec "$0" --input-type=module-typescript -e "$1"', process.execPath, script],
      { encoding: 'utf8' },
    );
    assert.equal(said, 'EFBIG\n');
    assert.equal(readFileSync(path, 'utf8'), 'what somebody wrote');
    assert.deepEqual(readdirSync(scratch), ['space.nas']);
  });

  it('keeps its permissions and the links to it', posix, () => {
    const [path, link] = [join(scratch, 'private'), join(scratch, 'link')];
    writeFileSync(path, 'old');
    chmodSync(path, 0o600);
    symlinkSync('private', link);
    writeWhole(link, 'new');
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.deepEqual([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['new', 0o600]);
  });

  it('that is none is refused, or written to and not replaced', posix, () => {
    assert.throws(() => writeWhole('/dev/null', 'gone'), { code: 'special', message: /is a device/ });
    writeWhole('/dev/null', 'gone', { special: 'write' });
    assert.ok(statSync('/dev/null').isCharacterDevice());
  });

  it('says what the file system says', () => {
    assert.throws(() => writeWhole(join(scratch, 'no', 'folder'), ''), { code: 'ENOENT' });
  });
});
