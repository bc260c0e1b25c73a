/** Layers that join more than two tensors, and that take tensors apart. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printArchitecture } from './print.ts';
import { spaceOf } from './testing.ts';
import type { Network } from './network.ts';

function lowered(...lines: readonly string[]): Network {
  const space = spaceOf(`space s {\n  input 8x8x4\n  ${lines.join('\n  ')}\n}\n`);
  return space.lower(space.extreme('min'));
}

const wiring = ({ ops }: Network): readonly string[] =>
  ops.map(
    ({ kind, inputs, output, moreOutputs }) => `${kind} ${inputs.join()}>${[output, ...moreOutputs].join()}`,
  );

const linesOf = (network: Network): readonly string[] =>
  printArchitecture(network)
    .split('\n')
    .slice(2, -2)
    .map((line) => line.trim());

test('more than two tensors are added one after the other, and the activation follows the last', () => {
  const network = lowered(...['a', 'b', 'c'].map((name) => `conv 1x1 -> 4 as ${name}`), 'add(a, b, c), relu');
  assert.deepEqual(wiring(network).slice(3), ['add 1,2>4', 'add 4,3>5']);
  assert.deepEqual(linesOf(network).slice(-2), ['add(t1, t2) as t4', 'add(t4, t3), relu']);
});

test('a slice from the first of every axis says so as if nothing were written', () => {
  assert.deepEqual(linesOf(lowered('slice begin 0x0x0 -> 4x4x2', 'slice begin 1x0x0 -> 2x4x2')), [
    'slice -> 4x4x2',
    'slice -> 2x4x2 begin 1x0x0',
  ]);
});
