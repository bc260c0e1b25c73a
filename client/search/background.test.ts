import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { test } from 'node:test';
import { giveWay } from './background.ts';

test('a process that gives way lets its own children give way', async () => {
  const program = `
    process.stdin.once('data', () => {
      const { execFileSync } = require('node:child_process');
      process.stdout.write(execFileSync(process.execPath, ['-p', 'os.getPriority()']));
      process.exit(0);
    });`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  assert.ok(child.pid !== undefined);
  giveWay(child.pid);
  const wanted = Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL);
  assert.equal(getPriority(child.pid), wanted);
  child.stdin.end('go\n');
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  assert.equal(Number(output.toString()), wanted);
});

test('a process that is gone is no fault', () => {
  giveWay(undefined);
  giveWay(2 ** 22 - 1);
});
