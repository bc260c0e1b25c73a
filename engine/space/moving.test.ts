/** Layers that join more than two tensors, and that take tensors apart. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printArchitecture } from './print.ts';
import { analyseText, spaceOf } from './testing.ts';
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

test('the parts of a split are tensors of their own, and printing names them again', () => {
  const network = lowered('conv 1x1 -> 8', 'split(p, q)', 'conv 1x1 -> 4 from q as r', 'concat(p, r)');
  assert.deepEqual(wiring(network), ['conv_2d 0>1', 'split 1>2,3', 'conv_2d 3>4', 'concatenation 2,4>5']);
  assert.deepEqual(linesOf(network).slice(1), [
    'split(t1, t2)',
    'conv 1x1 -> 4 from t2 as t3',
    'concat(t1, t3)',
  ]);
  assert.deepEqual(wiring(spaceOf(printArchitecture(network)).lower({})), wiring(network));
});

test('a word that stands for several operators is printed as it was written', () => {
  const lines = ['conv 3x3 -> 4', 'silu', 'conv 1x1 -> 4 as t1', 'conv 1x1 -> 4', 'add(t1)'];
  const network = lowered(...lines);
  assert.deepEqual(linesOf(network), [...lines.slice(0, 3), 'conv 1x1 -> 4 as t2', 'add(t2, t1)']);
  assert.deepEqual(wiring(spaceOf(printArchitecture(network)).lower({})), wiring(network));
  // Of what looks like one, a part is read elsewhere.
  const taken = lowered('identity as x', 'sigmoid as s', 'mul(x, s)', 'add(s)');
  assert.deepEqual(linesOf(taken)[1], 'sigmoid as t2');
  assert.deepEqual(wiring(spaceOf(printArchitecture(taken)).lower({})), wiring(taken));
});

test('an activation is free behind whatever writes its output, a follower or a layer', () => {
  const fused = (...lines: readonly string[]) =>
    lowered(...lines).ops.map((op) => ('activation' in op ? `${op.kind} ${op.activation}` : op.kind));
  assert.deepEqual(fused('conv 1x1 -> 4, silu, relu'), ['conv_2d none', 'logistic', 'mul relu']);
  assert.deepEqual(fused('silu, relu6'), ['logistic', 'mul relu6']);
  assert.deepEqual(fused('conv 1x1 -> 4, elu, relu'), ['conv_2d none', 'elu', 'relu']);
});

test('operators of one layer have names of their own', () => {
  const names = lowered('conv 1x1 -> 4, elu, silu, elu, silu').ops.map(({ name }) => name);
  assert.deepEqual(names, [
    'conv.1',
    ...['/elu', '/silu', '/silu/mul', '/elu.2', '/silu.2', '/silu/mul.2'].map((suffix) => `conv.1${suffix}`),
  ]);
});

test('what follows a split goes on with its first part', () => {
  assert.deepEqual(wiring(lowered('split(p, q) axis 0', 'conv 1x1 -> 4')), ['split 0>1,2', 'conv_2d 1>3']);
});

const problemsOf = (...lines: readonly string[]): readonly string[] =>
  analyseText(`space s {\n  input 8x8x4\n  ${lines.join('\n  ')}\n}\n`).problems.map(({ code }) => code);

test('parts need not be read, as other tensors; a split that does not come out is an error', () => {
  assert.deepEqual(problemsOf('split(p, q)', 'add(p, q)'), []);
  assert.deepEqual(problemsOf('split(p, q)', 'add(p)'), []);
  assert.deepEqual(problemsOf('split(p, q, r)', 'concat(p, q, r)'), ['value/range']);
  assert.deepEqual(problemsOf('split(p)', 'add(p)'), ['operand/missing']);
  assert.deepEqual(problemsOf('split(p, q), relu', 'add(p, q)'), ['follower/unknown']);
  assert.deepEqual(
    problemsOf('{split(p, q) | identity as p}, relu', 'add(p)').includes('follower/unknown'),
    true,
  );
});
