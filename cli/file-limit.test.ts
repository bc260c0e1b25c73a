/** A limit of the shell on the size of files: the system would end the process without a word. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readRun } from '../engine/search/index.ts';
import { invoke } from './testing/capture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-limit-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test(
  'a search says that a file may not grow, and can be resumed',
  { skip: process.platform === 'win32' },
  async () => {
    const [file, run] = [path.join(folder, 'space.nas'), path.join(folder, 'run')];
    writeFileSync(
      file,
      `target "pico"
     dataset fashion-mnist
     space a { conv {3 | 5 | 7} -> {8 | 12 | 16 | 20} stride 2, relu; gap; dense -> classes }
     search random { trials 12; fidelity 1..1 epochs; seed 3 }\n`,
    );
    const evaluator = path.join(
      import.meta.dirname,
      '../engine/search/workers/testing/imagined-evaluator.ts',
    );
    const common = ['--workers', '1', '--evaluator-module', evaluator];
    // In units of 1,024 bytes: run.json has fewer, twelve trials more.
    const { status, stderr } = spawnSync(
      'bash',
      [
        ...[
          '-c',
          'ulimit -f 2; exec "$@"',
          'bash',
          process.execPath,
          path.join(import.meta.dirname, 'main.ts'),
        ],
        ...['search', file, '--run', run, ...common],
      ],
      { encoding: 'utf8' },
    );
    assert.equal(status, 3, stderr);
    assert.match(
      stderr,
      /Writing .*journal\.jsonl failed because a file may not grow so large here\. Raise the limit .*then resume the run: every trial recorded so far is kept/,
    );
    const before = readRun(run).trials.length;
    assert.ok(before >= 1 && before < 12);
    const { code, err } = await invoke(['resume', run, ...common]);
    assert.equal(code, 0, err);
    assert.equal(readRun(run).trials.length, 12);
  },
);
