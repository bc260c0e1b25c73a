/** Kinds of spaces that people write: each is checked, searched for a trial that is really trained, and exported. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { writeNpz } from '../../engine/train/data/make/npz-file.ts';
import { invoke } from '../testing/capture.ts';

const samples = 40;
let folder = '';
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-field-'));
  const labels = Uint8Array.from({ length: samples }, (_, i) => i % 2);
  const pixels = Uint8Array.from(
    { length: samples * 30 },
    (_, i) => ((Math.floor(i / 30) % 2) * 128 + i) % 256,
  );
  const arrays = { x: { shape: [samples, 6, 5], values: pixels }, y: { shape: [samples], values: labels } };
  writeNpz(path.join(folder, 'arrays.npz'), new Map(Object.entries(arrays)));
  const lines = Array.from({ length: 60 }, (_, i) => `${(i * 7) % 11},${(i * 5) % 13},${1 + (i % 6)}`);
  writeFileSync(path.join(folder, 'activities.csv'), `a,b,label\n${lines.join('\n')}\n`);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const excite =
  'block SE(r = {2|4}) {\n  identity as x\n  gap from x\n  dense -> in / r, relu\n  dense -> in * r, sigmoid as s\n  mul(x, s)\n}\n';

for (const [what, dataset, text] of [
  [
    'grouped convolutions',
    'npz("./arrays.npz") { input 6x5x1; classes 2 }',
    'space s { conv 3x3 -> 8, relu; conv 3x3 -> {8|16} groups 4, relu; flatten; dense -> classes }',
  ],
  [
    'squeeze and excite in a block',
    'npz("./arrays.npz") { input 6x5x1; classes 2 }',
    `${excite}space s { conv 3x3 -> 16, bn, hswish; SE; conv 1x1 -> 32, bn, hswish; gap; dense -> classes }`,
  ],
  [
    'several sizes of the input',
    'npz("./arrays.npz") { input {6x5x1 | 4x4x1}; classes 2 }',
    'space s { conv 3x3 -> 4, relu; gap; dense -> classes }',
  ],
  [
    'labels from 1 to 6',
    'csv("./activities.csv") { input 2; classes 6 }',
    'space s { dense -> {4|8}, relu; dense -> classes }',
  ],
] as const) {
  test(`${what} are checked, searched and exported`, async () => {
    const file = path.join(folder, 'main.nas');
    writeFileSync(
      file,
      `target "nucleo-f446re"\ndataset ${dataset}\n${text}\nsearch random { trials 1; fidelity 1 epochs; seed 1; workers 1 }\n`,
    );
    const checked = await invoke(['check', file, '--json']);
    assert.equal(checked.code, 0, checked.out);
    const run = path.join(folder, `run of ${what}`);
    const searched = await invoke(['search', file, '--run', run]);
    assert.equal(searched.code, 0, searched.err);
    const out = path.join(folder, `net of ${what}`);
    const exported = await invoke(['export', run, '--trial', 'best', '-o', out, '--c']);
    assert.equal(exported.code, 0, exported.err);
    assert.match(exported.out, /\.tflite\n/);
  });
}
