import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { isLockedRun, lockRun } from './lock.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-lock-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Above the greatest process number of Linux. */
const gone = { pid: 2 ** 22 + 1, host: hostname(), since: '2026-01-01T00:00:00.000Z' };
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

  it('takes over at once from any number of processes that were killed in taking over', async () => {
    const folder = join(scratch, 'inherited');
    const lock = join(folder, 'lock');
    mkdirSync(lock, { recursive: true });
    // As an older version left it, with what it left when it was killed in taking over.
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(gone));
    mkdirSync(join(folder, `heir-${gone.pid}-${Date.parse(gone.since)}`));
    let before = 'nobody';
    for (let killed = 0; killed < 150; killed++) {
      const id = randomUUID();
      const place = killed === 0 ? join(lock, 'after-nobody') : join(lock, `after-${before}`);
      mkdirSync(place);
      writeFileSync(join(place, 'owner.json'), JSON.stringify({ ...gone, id }));
      before = id;
    }
    // One was killed before it had the lock, one while it gave it back.
    mkdirSync(join(folder, `lock.${randomUUID()}.tmp`));
    mkdirSync(join(folder, `lock.${randomUUID()}.tmp.old`));
    assert.ok(!isLockedRun(folder));
    const release = await lockRun(folder, never);
    assert.ok(isLockedRun(folder));
    assert.deepEqual(readdirSync(folder).sort(), ['lock', 'owner.json']);
    await assert.rejects(lockRun(folder, never), { code: 'locked' });
    await release();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('lets in one of many that find the owner gone at the same time', async () => {
    const folder = join(scratch, 'many');
    mkdirSync(join(folder, 'lock'), { recursive: true });
    writeFileSync(join(folder, 'lock', 'owner.json'), JSON.stringify({ ...gone, id: randomUUID() }));
    const script = `import { lockRun } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
      process.stdin.once('data', () => lockRun(${JSON.stringify(folder)}, () => {}).then(
        () => { console.log('in'); setInterval(() => {}, 1000); },
        (error) => { console.log(error.code); process.exit(); }));
      console.log('ready');`;
    const rivals = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    const says = (rival: (typeof rivals)[number]) =>
      new Promise<string>((done) =>
        rival.stdout.once('data', (text: Buffer) => done(text.toString().trim())),
      );
    await Promise.all(rivals.map(says));
    const answers = rivals.map(says);
    for (const rival of rivals) rival.stdin.write('go');
    assert.deepEqual((await Promise.all(answers)).sort(), ['in', 'locked', 'locked', 'locked']);
    for (const rival of rivals) rival.kill('SIGKILL');
  });

  it('judges an owner that it cannot see by its signs of life, wherever the clocks stand', async () => {
    for (const hours of [-1000, 0.01, 1000]) {
      const folder = join(scratch, `elsewhere${hours}`);
      const lock = join(folder, 'lock');
      mkdirSync(lock, { recursive: true });
      const owner = { ...gone, pid: process.pid, host: 'elsewhere', id: randomUUID() };
      writeFileSync(join(lock, 'owner.json'), JSON.stringify(owner));
      const alive = join(lock, 'alive');
      const sign = (count: number): void => {
        writeFileSync(alive, String(count));
        const time = new Date(Date.now() + hours * 3_600_000);
        utimesSync(alive, time, time);
      };
      sign(0);
      let count = 0;
      const signs = setInterval(() => sign(++count), 100);
      await assert.rejects(lockRun(folder, never, 1000), { code: 'locked', message: /on elsewhere/ });
      clearInterval(signs);
      const release = await lockRun(folder, never, 1000);
      await release();
    }
  });

  it('follows no link, and no name out of the run', async () => {
    const [folder, victim] = [join(scratch, 'forged'), join(scratch, 'victim')];
    mkdirSync(join(folder, 'lock'), { recursive: true });
    mkdirSync(victim);
    writeFileSync(join(victim, 'kept'), '');
    const forged = { ...gone, pid: 'x/../../victim' };
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(forged));
    writeFileSync(join(folder, 'lock', 'owner.json'), JSON.stringify({ ...gone, id: '../../../victim' }));
    await (
      await lockRun(folder, never, 300)
    )();
    symlinkSync(victim, join(folder, 'lock'));
    await assert.rejects(lockRun(folder, never, 300), { code: 'folder', message: /lock is a link/ });
    rmSync(join(folder, 'lock'));
    symlinkSync(join(victim, 'kept'), join(folder, 'owner.json'));
    await assert.rejects(lockRun(folder, never, 300), { code: 'folder', message: /owner\.json is a link/ });
    assert.deepEqual([readdirSync(victim), readFileSync(join(victim, 'kept'), 'utf8')], [['kept'], '']);
  });

  it('waits for a lock without a name until it is stale, or until somebody puts a name to it', async () => {
    const folder = join(scratch, 'nameless');
    const lock = join(folder, 'lock');
    mkdirSync(lock, { recursive: true });
    await (
      await lockRun(folder, never, 500)
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
