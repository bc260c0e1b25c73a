import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { type Owner, readOwner, stateOf, thisProcess } from './owner.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-owner-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const here: Owner = { ...thisProcess(), machine: 'm', boot: 'b', processes: 'p' };

const cases: readonly (readonly [string, Partial<Owner>, ReturnType<typeof stateOf>])[] = [
  ['this process', {}, process.platform === 'linux' ? 'runs' : 'unknown'],
  ['a number that no process has', { pid: 2 ** 22 + 1 }, 'gone'],
  ['a number beyond all that there can be', { pid: Number.MAX_SAFE_INTEGER }, 'gone'],
  ['a machine of another name', { host: 'elsewhere' }, 'unknown'],
  ['another machine of the same name', { machine: 'other', pid: 2 ** 22 + 1 }, 'unknown'],
  ['before the machine was started again', { boot: 'other' }, 'gone'],
  ['before that, on a machine without a number', { boot: 'other', machine: undefined }, 'unknown'],
  ['another container', { processes: 'other', pid: 2 ** 22 + 1 }, 'unknown'],
  ['a version that told less', { started: undefined }, 'unknown'],
];
for (const [name, change, expected] of cases) {
  test(`tells of ${name}: ${expected}`, () => assert.equal(stateOf({ ...here, ...change }, here), expected));
}

test(
  'tells a number that was given again from the process that had it',
  { skip: process.platform !== 'linux' },
  () => assert.equal(stateOf({ ...here, started: '1' }, here), 'gone'),
);

test(
  'counts a killed process that its parent has not asked for as gone',
  { skip: process.platform !== 'linux' },
  async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await new Promise((done) => parent.stdout.once('data', done)));
    while (stateOf({ ...here, pid, started: undefined }, here) !== 'gone') await new Promise(setImmediate);
    process.kill(pid, 0);
    parent.kill('SIGKILL');
  },
);

test('reads nothing that no search writes', () => {
  const path = join(scratch, 'owner.json');
  const whole = { pid: 1, host: 'a', since: '2026-01-01T00:00:00.000Z' };
  const wrong: readonly unknown[] = [
    ...['x/../../victim', '1', -1, 0, 1.5, 1e300, null, {}].map((pid) => ({ ...whole, pid })),
    ...['yesterday', '../..', 1, null, '2026-01-01'].map((since) => ({ ...whole, since })),
    ...[1, null, ['a']].map((host) => ({ ...whole, host })),
    ...['../../victim', '', 1, 'x'.repeat(36)].map((id) => ({ ...whole, id })),
    ...[null, [], 'text', 1, {}],
  ];
  for (const value of wrong) {
    writeFileSync(path, JSON.stringify(value));
    assert.equal(readOwner(path), undefined, JSON.stringify(value));
  }
  writeFileSync(path, JSON.stringify(whole));
  assert.deepEqual(readOwner(path), whole);
});
