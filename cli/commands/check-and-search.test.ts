/** What `check` calls an error stops `search`, in the same words, and nothing else does. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { invoke } from '../testing/capture.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-check-search-'));
  mkdirSync(path.join(folder, 'pictures'));
  writeFileSync(path.join(folder, 'table.csv'), 'a,b,label\n1,2,0\n3,4,1\n');
});
after(() => rmSync(folder, { recursive: true, force: true }));

const target = 'target "nucleo-f446re"\n';
const csv = 'dataset csv("./table.csv") { input 2; classes 2 }\n';
const space = 'space s { dense -> classes }\n';
const search = 'search random { trials 1 }\n';

for (const [what, text, code] of [
  [
    'a syntax error',
    `${target}${csv}${space}search random { population 12 trials 1 }`,
    'syntax/missing-token',
  ],
  ['an unknown setting', `${target}${csv}${space}search random { trails 1 }`, 'setting/unknown'],
  ['a setting without value', `target "pico" { runtime }\n${csv}${space}${search}`, 'setting/missing'],
  [
    'outputs that are not the classes',
    `${target}${csv}space s { dense -> 12 }\n${search}`,
    'training/classes',
  ],
  ['one sigmoid output', `${target}${csv}space s { dense -> 1, sigmoid }\n${search}`, 'training/classes'],
  [
    'two heads',
    `${target}${csv}space s { dense -> 4 as f; dense -> 2 from f as a; dense -> 1 from f as b; output(a, b) }\n${search}`,
    'training/outputs',
  ],
  [
    'an operator that is only priced',
    `${target}${csv}space s { other("ABS"); dense -> 2 }\n${search}`,
    'training/operator',
  ],
  [
    'an empty space',
    `${target}${csv}space s { tie a = {2 | 3}; require a > 4; dense -> a; dense -> 2 }\n${search}`,
    'space/empty',
  ],
  [
    'a file that is not there',
    `${target}dataset csv("./nope.csv") { input 2; classes 2 }\n${space}${search}`,
    'data/missing',
  ],
  [
    'a folder for a file',
    `${target}dataset csv("./pictures") { input 2; classes 2 }\n${space}${search}`,
    'data/wrong-kind',
  ],
  [
    'a file for a folder',
    `${target}dataset images("./table.csv") { input 8x8x1; classes 2 }\n${space}${search}`,
    'data/wrong-kind',
  ],
  [
    'recordings',
    `${target}dataset speech("./pictures") { input 49x10x1; classes 2 }\n${space}${search}`,
    'later/data',
  ],
  [
    'a format that is not read',
    `${target}dataset csv("./table.parquet") { input 2; classes 2 }\n${space}${search}`,
    'later/data',
  ],
  ['a strategy that does not run', `${target}${csv}${space}search darts { epochs 3 }`, 'later/strategy'],
  ['a number format', `${target}${csv}${space}quantize int16x8\n${search}`, 'later/number-format'],
  ['sparsity', `${target}${csv}${space}sparsity 2:4\n${search}`, 'later/sparsity'],
  ['no dataset', `${target}space s { input 2; dense -> 2 }\n${search}`, 'setting/missing'],
  ['no target', `${csv}${space}${search}`, 'setting/missing'],
  ['an unknown board', `target "nucelo-f446re"\n${csv}${space}${search}`, 'target/unknown'],
  [
    'a limit that nothing meets',
    `${target}${csv}${space}constraints { ram < 1 B }\n${search}`,
    'constraint/impossible',
  ],
  [
    'an operator that the runtime lacks',
    `target "nucleo-f446re" { runtime x-cube-ai }\n${csv}space s { input 2x2x1; resize 4x4 mode bilinear; flatten; dense -> 2 }\n${search}`,
    undefined,
  ],
  [
    'an error in another space',
    `${target}${csv}${space}space other { dense -> 12 }\n${search}`,
    'training/classes',
  ],
] as const) {
  test(`${what}: check and search agree`, async () => {
    const file = path.join(folder, 'main.nas');
    writeFileSync(file, text);
    const checked = await invoke(['check', file, '--json']);
    const { problems } = JSON.parse(checked.out) as {
      readonly problems: readonly {
        code: string;
        severity: string;
        message: string;
        line: number;
        column: number;
      }[];
    };
    const errors = problems.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    if (code === undefined && first === undefined) return;
    assert.equal(checked.code, 1);
    if (code !== undefined)
      assert.ok(
        errors.some((each) => each.code === code),
        JSON.stringify(errors),
      );
    const out = path.join(folder, 'run');
    const searched = await invoke(['search', file, '--trials', '1', '--run', out]);
    assert.equal(searched.code, 4, searched.err);
    assert.ok(first !== undefined);
    assert.ok(
      searched.err.includes(`${file}:${first.line}:${first.column}: ${first.message}`),
      `${searched.err} has not ${first.message}`,
    );
  });
}

test('what is without errors starts', async () => {
  const file = path.join(folder, 'right.nas');
  writeFileSync(file, `${target}${csv}${space}${search}`);
  assert.equal((await invoke(['check', file])).code, 0);
  const evaluator = path.resolve(
    import.meta.dirname,
    '../../engine/search/workers/testing/imagined-evaluator.ts',
  );
  const searched = await invoke([
    ...['search', file, '--trials', '1', '--run', path.join(folder, 'right')],
    ...['--evaluator-module', evaluator],
  ]);
  assert.equal(searched.code, 0, searched.err);
});

test('a file of prices is without errors, and a search of it says what it lacks', async () => {
  const file = path.join(folder, 'prices.nas');
  writeFileSync(file, `${target}space s { input 8x8x1; gap; dense -> 12 }\n`);
  assert.equal((await invoke(['check', file])).code, 0);
  const searched = await invoke(['search', file, '--trials', '1']);
  assert.equal(searched.code, 4);
  assert.match(searched.err, /prices\.nas:2:7: A search has no dataset to train on/);
});
