import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { withoutSaturation } from './saturation.ts';
import { NetworkBuilder } from './testing.ts';

const wide = { low: -5000, high: 3 };

describe('a range', () => {
  it('ends where sigmoid and tanh have levelled off', () => {
    const sigmoid = new NetworkBuilder([4, 4, 1]).conv([1, 1], 2).op('logistic').network();
    assert.deepEqual(withoutSaturation(sigmoid, 1, wide), { low: -8, high: 3 });
    const tanh = new NetworkBuilder([4, 4, 1]).conv([1, 1], 2).op('tanh').network();
    assert.deepEqual(withoutSaturation(tanh, 1, wide), { low: -4, high: 3 });
    // To half a step of the output the functions are there what they are beyond.
    assert.ok(1 / (1 + Math.exp(-8)) > 1 - 1 / 512 && Math.tanh(4) > 1 - 1 / 256);
  });

  it('begins where the kernels that read it do', () => {
    const builder = new NetworkBuilder([4, 4, 1]).conv([1, 1], 2).op('rsqrt');
    assert.deepEqual(withoutSaturation(builder.network(), 1, wide), { low: 0, high: 3 });
  });

  it('stays whole for whatever else reads the tensor, or where it leaves the network', () => {
    const builder = new NetworkBuilder([4, 4, 1]).conv([1, 1], 2);
    const before = builder.at;
    builder.op('logistic').op('mul', {}, [before, builder.at]);
    assert.deepEqual(withoutSaturation(builder.network(), before, wide), wide);
    const network = builder.network();
    assert.deepEqual(withoutSaturation({ ...network, outputs: [1, 3] }, 1, wide), wide);
    assert.deepEqual(withoutSaturation(network, 3, wide), wide);
  });
});
