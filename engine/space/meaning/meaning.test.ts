/** The engine's reading of a space against a second one, and against counts found by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Network } from '../network.ts';
import { analyseText, smallProgram } from '../testing.ts';
import { readAll } from '../testing/brute-force.ts';
import { programs } from '../testing/programs.ts';

/** The operators of a network that the second reading writes down, in the same words. */
function written(network: Network): string {
  return network.ops
    .flatMap((op) => {
      const shape = network.tensors[op.output]?.shape.join('x') ?? '';
      // Free or not, an activation is written behind the layer.
      const after = 'activation' in op && op.activation !== 'none' ? [op.activation] : [];
      switch (op.kind) {
        case 'conv_2d':
          return [`conv ${op.kernel.join('x')}/${op.stride.join('x')} -> ${shape}`, ...after];
        case 'depthwise_conv_2d':
          return [`dwconv ${op.kernel.join('x')}/${op.stride.join('x')} -> ${shape}`, ...after];
        case 'max_pool_2d':
          return [`maxpool ${op.kernel.join('x')}/${op.stride.join('x')} -> ${shape}`, ...after];
        case 'fully_connected':
          return [`dense -> ${shape}`, ...after];
        case 'hard_swish':
          return ['hswish'];
        case 'leaky_relu':
          return [`leaky ${op.slope}`];
        case 'relu':
        case 'relu6':
          return [op.kind];
        default:
          return after;
      }
    })
    .join('; ');
}

function agree(text: string): number | undefined {
  const analysis = analyseText(text);
  if (analysis.problems.some(({ severity }) => severity === 'error')) return undefined;
  const [space] = analysis.spaces;
  assert.ok(space !== undefined, text);
  const expected = readAll(text);
  assert.deepEqual(space.size(), { count: BigInt(expected.length), exact: true }, text);
  const built = [...space.enumerate()].map((decisions) => written(space.lower(decisions))).sort();
  assert.deepEqual(built, expected, text);
  return expected.length;
}

for (const [what, count, text] of programs) {
  test(`${what}: ${count}`, () => {
    assert.equal(agree(text), count);
  });
}

test('both readings of any small program give the same architectures', () => {
  let compared = 0;
  fc.assert(
    fc.property(smallProgram, (text) => {
      if (agree(text) !== undefined) compared++;
    }),
    { numRuns: 120, seed: 5 },
  );
  assert.ok(compared > 60, `Only ${compared} programs had no error.`);
});
