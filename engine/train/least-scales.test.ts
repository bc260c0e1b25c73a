import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import type { Network } from '../space/network.ts';
import { initBackend } from './backend.ts';
import { quantize } from './quantize.ts';
import { fold, initialState, type OpState } from './state.ts';
import { NetworkBuilder } from './testing.ts';

/** Scale of every tensor of a network whose weights `change` has changed. */
function scalesOf(network: Network, change: (state: OpState) => void): (tensor: number) => number {
  const state = initialState(network, 3);
  for (const own of state.values()) change(own);
  const images = Float32Array.from({ length: 4 * 64 }, (_, i) => (i % 7) / 7);
  const { activations } = quantize(fold(network, state), images);
  return (tensor) => activations.get(tensor)?.scale[0] ?? NaN;
}

describe('scales', () => {
  before(() => initBackend({ prefer: 'wasm' }));

  it('are fine enough for hard swish of what is all negative, and coarse enough for its kernel', () => {
    const network = new NetworkBuilder([8, 8, 1]).conv([1, 1], 2).op('hard_swish').network();
    const scale = scalesOf(network, ({ weights, bias }) => {
      weights.fill(0);
      bias.fill(-100);
    });
    assert.ok(scale(2) > scale(1) / 128, `${scale(1)} to ${scale(2)}`);
    assert.ok(scale(1) > scale(2) / 512);
  });

  it('are coarse enough for the difference of a tensor and itself', () => {
    const builder = new NetworkBuilder([8, 8, 1]).conv([1, 1], 2);
    const network = builder.op('sub', {}, [1, 1]).network();
    const scale = scalesOf(network, () => undefined);
    assert.ok(scale(2) > scale(1) * 2 ** -19, `${scale(1)} to ${scale(2)}`);
  });

  it('are coarse enough for the softmax of a network that has learnt nothing', () => {
    const network = new NetworkBuilder([8, 8, 1]).dense(3).op('softmax').network();
    const scale = scalesOf(network, ({ weights }) => weights.fill(0));
    assert.ok(scale(1) > 2 ** -26, String(scale(1)));
  });

  it('leave room for sums that an activation cuts off', () => {
    const network = new NetworkBuilder([8, 8, 1]).dense(3, { activation: 'relu' }).network();
    const scale = scalesOf(network, ({ bias }) => bias.fill(-1e4));
    assert.ok(1e4 / scale(1) < 2 ** 31, String(scale(1)));
  });

  it('of a network that is well stay as they are measured', () => {
    const builder = new NetworkBuilder([8, 8, 1]).conv([1, 1], 1, { activation: 'relu' });
    const scale = scalesOf(builder.op('hard_swish').network(), ({ weights }) => weights.fill(2));
    // The brightest pixel is 6/7; hard swish of x is x (x + 3) / 6 here.
    const most = 12 / 7;
    assert.ok(Math.abs(scale(1) - most / 255) < 1e-6, String(scale(1)));
    assert.ok(Math.abs(scale(2) - (most * (most + 3)) / 6 / 255) < 1e-6, String(scale(2)));
  });
});
