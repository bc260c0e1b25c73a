import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { WorkerPool } from './pool.ts';
import type { WorkerJob } from './protocol.ts';

const module = join(import.meta.dirname, 'testing', 'obedient-evaluator.ts');
const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-pool-'));
const pools: WorkerPool[] = [];
after(() => {
  for (const pool of pools) pool.stop();
  rmSync(scratch, { recursive: true, force: true });
});

function poolOf(workers: number, context: unknown = null): WorkerPool {
  const pool = new WorkerPool({ workers, context, module });
  pools.push(pool);
  return pool;
}

function job(trial: number, decisions: Record<string, number> = {}): WorkerJob {
  return { trial, decisions, epochs: 2, seed: trial, final: false, saveTo: join(scratch, String(trial)) };
}

const ignore = (): void => undefined;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('worker pool', () => {
  it('evaluates in separate processes at the same time and reports epochs', async () => {
    const pool = poolOf(2);
    assert.deepEqual(await pool.start(), { backend: 'obedient', dataFingerprint: 'none' });
    const epochs: number[] = [];
    const outcomes = await Promise.all([
      pool.evaluate(job(1, { wait: 200 }), (epoch) => epochs.push(epoch)),
      pool.evaluate(job(2, { wait: 200 }), (epoch) => epochs.push(epoch)),
    ]);
    const processes = outcomes.map((outcome) =>
      outcome.status === 'done' ? outcome.result.validation.int8 : -1,
    );
    assert.equal(new Set([...processes, process.pid, -1]).size, 4);
    assert.deepEqual(epochs, [1, 1]);
  });

  it('counts a trial that throws as failed and gives the next one a new process', async () => {
    const pool = poolOf(1);
    const first = await pool.evaluate(job(20), ignore);
    assert.deepEqual(await pool.evaluate(job(3, { fail: 1 }), ignore), {
      status: 'failed',
      error: 'It was told to fail.',
    });
    const next = await pool.evaluate(job(4), ignore);
    assert.ok(first.status === 'done' && next.status === 'done');
    assert.notEqual(next.result.validation.int8, first.result.validation.int8);
  });

  it('ends the run, and not the trial, when the disk is full', async () => {
    const pool = poolOf(1);
    await assert.rejects(pool.evaluate(job(21, { diskFull: 1 }), ignore), {
      name: 'SearchError',
      code: 'storage',
      message: 'The disk is full. Free some space.',
    });
  });

  it('costs no trial when idle processes are ended from outside', async () => {
    const pool = poolOf(2);
    const outcomes = await Promise.all([
      pool.evaluate(job(22, { wait: 100 }), ignore),
      pool.evaluate(job(23, { wait: 100 }), ignore),
    ]);
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'done');
      process.kill(outcome.result.validation.int8, 'SIGKILL');
      while (isAlive(outcome.result.validation.int8)) await sleep(10);
    }
    await sleep(50);
    assert.equal((await pool.evaluate(job(24), ignore)).status, 'done');
  });

  it('starts another process when one is ended before it can work', async () => {
    const file = join(scratch, 'mortal');
    writeFileSync(file, 'die once');
    assert.equal((await poolOf(1, file).start()).dataFingerprint, 'none');
  });

  it('refuses a process that finds other data than the first', async () => {
    const file = join(scratch, 'data');
    writeFileSync(file, 'as it was');
    const pool = poolOf(2, file);
    await pool.start();
    writeFileSync(file, 'changed');
    const busy = pool.evaluate(job(25, { wait: 300 }), ignore);
    await assert.rejects(pool.evaluate(job(26), ignore), { code: 'dataset', message: /has changed while/ });
    assert.equal((await busy).status, 'done');
  });

  it('stops when one trial after the other takes its process along', async () => {
    const pool = poolOf(1);
    assert.equal((await pool.evaluate(job(27, { crash: 1 }), ignore)).status, 'failed');
    assert.equal((await pool.evaluate(job(28, { crash: 1 }), ignore)).status, 'failed');
    await assert.rejects(pool.evaluate(job(29, { crash: 1 }), ignore), {
      code: 'workers',
      message: /3 trials in a row .* by signal SIGKILL during training\..* fewer workers/,
    });
  });

  it('tries a trial whose process died once more, then counts it as failed and goes on', async () => {
    const pool = poolOf(1);
    assert.equal((await pool.evaluate(job(5, { crashOnce: 1 }), ignore)).status, 'done');
    const dead = await pool.evaluate(job(6, { crash: 1 }), ignore);
    assert.ok(dead.status === 'failed' && dead.error.includes('SIGKILL'));
    assert.equal((await pool.evaluate(job(7), ignore)).status, 'done');
  });

  it('ends a worker that hangs, tries its trial once more, then counts it as failed and goes on', async () => {
    const pool = new WorkerPool({ workers: 1, context: null, module, silenceSeconds: 0.4 });
    pools.push(pool);
    assert.equal((await pool.evaluate(job(8, { hangOnce: 1 }), ignore)).status, 'done');
    const hung = await pool.evaluate(job(9, { hang: 1 }), ignore);
    assert.ok(
      hung.status === 'failed' && hung.error.includes('no sign of life for 0.4 seconds'),
      hung.status,
    );
    assert.equal((await pool.evaluate(job(10), ignore)).status, 'done');
  });

  it('waits for a worker that is slow but tells of itself', async () => {
    const pool = new WorkerPool({ workers: 1, context: null, module, silenceSeconds: 0.8 });
    pools.push(pool);
    assert.equal((await pool.evaluate(job(11, { slow: 1200 }), ignore)).status, 'done');
  });

  it('passes on why no worker can work', async () => {
    await assert.rejects(poolOf(1, 'no dataset').start(), { name: 'SearchError', code: 'dataset' });
  });

  it('says so when the process cannot be started at all', async () => {
    const pool = new WorkerPool({ workers: 1, context: null, entry: join(scratch, 'nowhere.js') });
    pools.push(pool);
    await assert.rejects(pool.start(), { name: 'SearchError', code: 'workers' });
  });

  it('leaves no process behind when its parent is killed', async () => {
    const parent = fork(join(import.meta.dirname, 'testing', 'doomed-parent.ts'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const worker = await new Promise<number>((resolve) =>
      parent.once('message', (pid) => resolve(Number(pid))),
    );
    assert.ok(isAlive(worker));
    parent.kill('SIGKILL');
    for (let i = 0; i < 500 && isAlive(worker); i++) await sleep(20);
    assert.ok(!isAlive(worker));
  });
});
