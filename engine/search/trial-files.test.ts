import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import type { TrainedNetwork } from '../space/trained.ts';
import { loadWeights } from './testing/weights.ts';
import { saveTrial } from './trial-files.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-trial-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const trained: TrainedNetwork = {
  network: { name: 'n', tensors: [], inputs: [], outputs: [], ops: [] },
  parameters: new Map([
    [0, { weights: Float32Array.of(1, -2, 3.5), weightShape: [3, 1], bias: Float32Array.of(0.5) }],
    [2, { weights: Float32Array.of(1e-9), weightShape: [1, 1], bias: new Float32Array(0) }],
  ]),
};

describe('the files of a trial', () => {
  it('give the weights and the model back, and replace older ones', () => {
    const folder = join(scratch, '7', '3');
    saveTrial(folder, { model: Uint8Array.of(9), trained: { ...trained, parameters: new Map() } });
    saveTrial(folder, { model: Uint8Array.of(1, 2), trained });
    assert.deepEqual(loadWeights(folder), trained.parameters);
    assert.deepEqual([...readFileSync(join(folder, 'model.tflite'))], [1, 2]);
    assert.deepEqual(readdirSync(join(scratch, '7')), ['3']);
  });

  it('say what to do when they cannot be written', () => {
    writeFileSync(join(scratch, 'file'), '');
    assert.throws(() => saveTrial(join(scratch, 'file', '1'), { model: new Uint8Array(0), trained }), {
      code: 'storage',
      message: /then resume the run/,
    });
  });
});
