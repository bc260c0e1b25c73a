/** What is no regular file is refused at once, however it is reached; what changes while it is read, too. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FileError, readBytes, readBytesSync, readText, readTextSync, RegularFile } from './index.ts';
import type { FileErrorCode } from './index.ts';
import { fileKinds } from './kinds.ts';
import { inWords } from './sizes.ts';
import { isWindowsDevice } from './windows-devices.ts';

const folder = mkdtempSync(join(tmpdir(), 'nasturtium-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const posix = process.platform !== 'win32';
writeFileSync(at('whole.nas'), 'space a { }\n');
mkdirSync(at('folder.nas'));
if (posix) {
  execFileSync('mkfifo', [at('pipe.nas')]);
  symlinkSync(at('pipe.nas'), at('to-pipe.nas'));
  symlinkSync('/dev/zero', at('zero.nas'));
  symlinkSync(at('whole.nas'), at('to-whole.nas'));
  symlinkSync(at('circle.nas'), at('circle.nas'));
}

async function refusal(path: string, links?: 'refuse'): Promise<FileError> {
  const options = links === undefined ? {} : { links };
  const [sync, later] = [
    await Promise.resolve()
      .then(() => readBytesSync(path, 'space', options))
      .catch((error: unknown) => error),
    await readBytes(path, 'space', options).catch((error: unknown) => error),
  ];
  assert.ok(sync instanceof FileError && later instanceof FileError, path);
  assert.equal(sync.message, later.message);
  return sync;
}

const refused: readonly (readonly [string, FileErrorCode, RegExp])[] = [
  [at('missing.nas'), 'missing', /missing\.nas does not exist\. Check the path\.$/],
  [join(at('whole.nas'), 'x'), 'missing', /a part of the path is a file/],
  [at('a\0b.nas'), 'missing', /cannot be the name of a file/],
  [at('x'.repeat(5000)), 'missing', /is longer than a path may be/],
  [at('folder.nas'), 'folder', /is a folder\. Name a file in it\.$/],
];
const special: typeof refused = [
  [at('pipe.nas'), 'special', /is a pipe, and only regular files are read and written\. Name/],
  [at('to-pipe.nas'), 'special', /is a pipe/],
  [at('zero.nas'), 'special', /is a device/],
  ['/dev/null', 'special', /is a device/],
  [at('circle.nas'), 'link', /leads in a circle/],
];
for (const [path, code, message] of posix ? [...refused, ...special] : refused) {
  test(`refuses ${JSON.stringify(path.slice(-20))}`, async () => {
    const error = await refusal(path);
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });
}

test('follows a link to a regular file unless told not to', { skip: !posix }, async () => {
  assert.equal(readTextSync(at('to-whole.nas'), 'space'), 'space a { }\n');
  assert.equal(await readText(at('to-whole.nas'), 'space'), 'space a { }\n');
  assert.match((await refusal(at('to-whole.nas'), 'refuse')).message, /is a link/);
});

test('refuses a socket', { skip: !posix }, async () => {
  const server = createServer().listen(at('socket.nas'));
  await new Promise((done) => server.once('listening', done));
  assert.match((await refusal(at('socket.nas'))).message, /is a socket/);
  await new Promise((done) => server.close(done));
});

test('refuses what is larger than its kind may be before reading it', async () => {
  writeFileSync(at('large.nas'), '');
  truncateSync(at('large.nas'), 100 * 2 ** 30);
  const error = await refusal(at('large.nas'));
  assert.equal(error.code, 'large');
  assert.match(error.message, /has 100 GB, and a \.nas file may have 8 MB at most\. Name a smaller file\.$/);
});

test('tells when a file changes while it is read', () => {
  for (const change of [() => appendFileSync(at('grows'), 'more'), () => truncateSync(at('grows'), 2)]) {
    writeFileSync(at('grows'), 'as it was');
    const file = RegularFile.open(at('grows'), 'space');
    change();
    assert.throws(() => file.bytes(), { code: 'changing', message: /changes while it is being read/ });
    file.close();
  }
  writeFileSync(at('grows'), 'as it was');
  const journal = RegularFile.open(at('grows'), 'journal');
  appendFileSync(at('grows'), 'more');
  assert.equal(new TextDecoder().decode(journal.bytes()), 'as it was');
  journal.close();
});

test('refuses files that the kernel makes up', { skip: process.platform !== 'linux' }, async () => {
  assert.equal((await refusal('/proc/self/status')).code, 'changing');
});

test('stops when asked to', async () => {
  const aborted = readBytes(at('whole.nas'), 'space', { signal: AbortSignal.abort() });
  await assert.rejects(aborted, { code: 'aborted' });
});

test('knows the names of devices on Windows', () => {
  const devices = [
    'NUL',
    'c:\\a\\con',
    'x/Aux.nas',
    'com1',
    'LPT9.tflite',
    'nul:',
    '\\\\.\\pipe\\x',
    '//./COM12',
  ];
  for (const name of devices) assert.ok(isWindowsDevice(name), name);
  const files = [
    'null',
    'c:\\con\\a.nas',
    'console.nas',
    'com10',
    '\\\\server\\share\\a.nas',
    '\\\\?\\C:\\a.nas',
  ];
  for (const name of files) assert.ok(!isWindowsDevice(name), name);
});

test('sizes are told in the unit that fits', () => {
  assert.deepEqual([1, 812, 8 * 2 ** 20, 1.5 * 2 ** 30].map(inWords), [
    '1 byte',
    '812 bytes',
    '8 MB',
    '1.5 GB',
  ]);
  assert.equal(inWords(fileKinds.array.most), '4 GB');
});
