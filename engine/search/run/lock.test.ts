import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { isLockedRun, lockRun } from './lock.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-lock-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const never = (): void => assert.fail('The lock was lost.');

describe('the lock of a run folder', () => {
  it('lets in one search at a time and says who holds it', async () => {
    const release = await lockRun(scratch, never);
    assert.ok(isLockedRun(scratch));
    await assert.rejects(lockRun(scratch, never), {
      code: 'locked',
      message: new RegExp(`Another search is working in .*process ${process.pid} on .*Stop it first`),
    });
    await release();
    assert.ok(!isLockedRun(scratch));
    await (
      await lockRun(scratch, never)
    )();
  });

  it('takes over at once from a process that was killed', async () => {
    const folder = join(scratch, 'killed');
    mkdirSync(folder);
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module-typescript',
        '-e',
        `import { lockRun } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
         await lockRun(${JSON.stringify(folder)}, () => {}); console.log('locked'); setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    assert.ok(isLockedRun(folder));
    await assert.rejects(lockRun(folder, never), { code: 'locked' });
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    assert.ok(existsSync(join(folder, 'lock')));
    assert.ok(!isLockedRun(folder));
    await (
      await lockRun(folder, never)
    )();
  });

  it('lets one search at a time take over, and is not kept waiting by one that was killed in doing so', async () => {
    const folder = join(scratch, 'inherited');
    mkdirSync(join(folder, 'lock'), { recursive: true });
    const since = '2026-01-01T00:00:00.000Z';
    // Above the greatest process number of Linux.
    const dead = { pid: 2 ** 22 + 1, host: hostname(), since };
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(dead));
    const heir = join(folder, `heir-${dead.pid}-${Date.parse(since)}`);
    mkdirSync(heir);
    await assert.rejects(lockRun(folder, never), { code: 'locked' });
    assert.ok(existsSync(join(folder, 'lock')));
    const before = new Date(Date.now() - 60_000);
    utimesSync(heir, before, before);
    const release = await lockRun(folder, never);
    assert.deepEqual(readdirSync(folder).sort(), ['lock', 'owner.json']);
    await release();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('waits for a lock without a name until it is stale, or until somebody puts a name to it', async () => {
    const folder = join(scratch, 'nameless');
    const lock = join(folder, 'lock');
    mkdirSync(lock, { recursive: true });
    const almost = new Date(Date.now() - 14_500);
    utimesSync(lock, almost, almost);
    await (
      await lockRun(folder, never)
    )();
    mkdirSync(lock);
    const owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    setTimeout(() => writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner)), 100);
    await assert.rejects(lockRun(folder, never), { code: 'locked' });
  });

  it('leaves the lock to a search that took over while this one was halted', async () => {
    const folder = join(scratch, 'halted');
    mkdirSync(folder);
    let lost = 0;
    const release = await lockRun(folder, () => lost++, 2000);
    const [lock, file] = [join(folder, 'lock'), join(folder, 'owner.json')];
    const other = JSON.stringify({ pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00.000Z' });
    rmSync(lock, { recursive: true });
    mkdirSync(lock);
    // Not the time of the first lock, as it may be when both are made within one tick of the file system's clock.
    const later = new Date(Date.now() + 500);
    utimesSync(lock, later, later);
    writeFileSync(file, other);
    await release();
    assert.deepEqual([lost, readFileSync(file, 'utf8'), existsSync(lock)], [1, other, true]);
  });

  it('says what to do when the folder cannot be written', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    await assert.rejects(lockRun(file, never), { code: 'storage', message: /a part of that path is a file/ });
  });
});
