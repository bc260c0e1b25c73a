/**
 * What guards every row of an operator. Its examples are layers like any other; each attribute does something that a
 * person can see; and nobody but the rows tells one kind from another.
 */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { exportTflite, readTflite } from '../engine/model/index.ts';
import { attributesOf, operatorKinds, rowOf, templateFrom, valuesOf } from '../engine/operators/catalogue.ts';
import type { Attribute } from '../engine/operators/attribute.ts';
import type { OpTemplate } from '../engine/operators/catalogue.ts';
import { Misfit } from '../engine/operators/misfit.ts';
import { elementsOf } from '../engine/operators/tensors.ts';
import { measureQuantities } from '../engine/cost/quantities.ts';
import { outputsOf } from '../engine/space/index.ts';
import type { Network, Op, Tensor } from '../engine/space/index.ts';
import { initBackend } from '../engine/train/backend.ts';
import { runFloat } from '../engine/train/evaluate.ts';
import { createInt8Interpreter } from '../engine/train/int8/interpreter.ts';
import { quantize } from '../engine/train/quantize.ts';
import { random } from '../engine/train/random.ts';
import { isWeighted } from '../engine/train/operators/catalogue.ts';
import { learnsBias } from '../engine/train/operators/weighted.ts';
import { fold, initialState } from '../engine/train/state.ts';
import { exampleNetworks, isTrainable, trainableExamples } from '../engine/train/testing.ts';

const root = path.resolve(import.meta.dirname, '..');

// ------------------------------------------------------------------ nobody else tells kinds apart

/** Words that mean other things as well: only a comparison with a kind shows that an operator is meant. */
const asKind = new RegExp(
  `\\bkind\\b\\)? ?(?:===|!==) '(?:${operatorKinds.filter((kind) => kind !== 'other' && kind !== 'quantize').join('|')})'`,
);
/** Names that mean nothing else. */
const asName = new RegExp(
  `['"](?:${operatorKinds.filter((kind) => kind.includes('_')).join('|')})['"]|\\b(?:${operatorKinds.filter((kind) => kind.includes('_')).join('|')}):`,
);

/**
 * Tests and what they share; the two folders; and which kernels of a library run which operator, by which profiles are made
 * on a developer's machine.
 */
const exempt =
  /\.test\.ts$|(^|\/)testing(\/|\.ts$)|^engine\/operators\/|^engine\/train\/operators\/|^engine\/cost\/fit\/kernels\//;

test('no file but the rows and the kernels tells one kind of operator from another', () => {
  const files = ['grammar', 'engine', 'server', 'client', 'cli']
    .flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: root }))
    .filter((file) => !exempt.test(file));
  assert.ok(files.length > 300);
  const found = files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        !/^\s*(\/?\*|\/\/)/.test(line) && (asKind.test(line) || asName.test(line))
          ? [`${file}:${at + 1}: ${line.trim()}`]
          : [],
      ),
  );
  assert.deepEqual(found, []);
});

// ------------------------------------------------------------------ every attribute does something

await initBackend();

interface Standing {
  readonly network: Network;
  readonly op: Op;
}

/** Of operators that no word of the language says. */
const fromFile = readTflite(
  new Uint8Array(readFileSync(path.join(root, 'test/fixtures/tflite/field/svdf3.tflite'))),
  'svdf3.tflite',
).network;

/** The networks in which an operator of the kind stands: the examples, and one of a file. */
function standing(kind: Op['kind']): readonly Standing[] {
  return [...exampleNetworks('8x8x4').values(), fromFile ?? assert.fail()].flatMap((network) =>
    network.ops.filter((op) => op.kind === kind).map((op) => ({ network, op })),
  );
}

const specsOf = ({ network, op }: Standing, ids: readonly number[] = op.inputs): Tensor[] =>
  ids.map((id) => network.tensors.find((tensor) => tensor.id === id) ?? assert.fail());

/** Shapes and counts, as text. */
function seen(at: Standing, op: OpTemplate): string {
  const inputs = specsOf(at);
  const { outputs } = rowOf(op.kind).outputs(op, inputs);
  const states = rowOf(op.kind).states(op, inputs);
  const shapes = inputs.map(({ shape }) => shape);
  const formats = { input: inputs[0]?.dtype ?? 'int8', output: outputs[0]?.dtype ?? 'int8' } as const;
  return JSON.stringify([outputs, states, measureQuantities(op, shapes, outputs[0]?.shape ?? [], formats)]);
}

/** What comes out in floats and in 8 bits. */
function numbers({ network, op }: Standing, changed: OpTemplate) {
  const other: Network = {
    ...network,
    ops: network.ops.map((each) => (each === op ? { ...op, ...changed } : each)),
  };
  const state = initialState(other, 7);
  for (const each of other.ops)
    if (isWeighted(each) && learnsBias(each)) state.get(each.index)?.bias.fill(0.3);
  const trained = fold(other, state);
  const size = elementsOf(other.tensors[0]?.shape ?? []);
  const source = random(7, 'images');
  const images = Float32Array.from({ length: 4 * size }, () => 2 * source.unit() - 1);
  const quantized = quantize(trained, images);
  const bytes = Int8Array.from({ length: size }, () => source.int(256) - 128);
  return {
    float: runFloat(trained, images, 4).join(),
    int8: createInt8Interpreter(quantized).run(bytes).join(),
  };
}

/** Whether a file has given an operator back. Normalisation is folded, and biases that are off are zeros. */
function isSame(left: OpTemplate, right: OpTemplate): boolean {
  const [a, b] = [valuesOf(left), valuesOf(right)];
  const hasBias = (values: typeof a): boolean => values['bias'] !== 'absent';
  return (
    left.kind === right.kind &&
    hasBias(a) === hasBias(b) &&
    attributesOf(left.kind).every(
      ([name, attribute]) => name === 'batchNorm' || name === 'bias' || attribute.isSame(a[name], b[name]),
    )
  );
}

/** The same layer with another value, where that fits. */
function changes(at: Standing, name: string, attribute: Attribute<unknown>): readonly OpTemplate[] {
  return attribute.others(valuesOf(at.op)[name]).flatMap((value) => {
    const changed = templateFrom(at.op.kind, { ...valuesOf(at.op), [name]: value });
    try {
      rowOf(changed.kind).outputs(changed, specsOf(at));
      return [changed];
    } catch (error) {
      if (error instanceof Misfit) return [];
      throw error;
    }
  });
}

/** Whether shapes or counts show the change, or else what comes out in floats and in 8 bits. */
function reacts(at: Standing, changed: OpTemplate): boolean {
  if (seen(at, at.op) !== seen(at, changed)) return true;
  if (!isTrainable(at.network)) return false;
  const [first, second] = [numbers(at, at.op), numbers(at, changed)];
  return first.float !== second.float && first.int8 !== second.int8;
}

for (const kind of operatorKinds) {
  const row = rowOf(kind);
  test(`${kind}: its examples are layers, and each attribute does something`, () => {
    const all = standing(kind);
    assert.ok(all.length >= row.examples.length, `${row.examples.join(' / ')} are layers of ${kind}`);
    for (const [name, attribute] of attributesOf(kind)) {
      if (row.inert.some((each) => each === name)) continue;
      const changed = all.flatMap((at) => changes(at, name, attribute).map((op) => ({ at, op })));
      assert.ok(changed.length > 0, `no other ${name} fits in any example of ${kind}`);
      // In one example another attribute may hide it, as normalisation hides a bias.
      assert.ok(
        changed.filter(({ at, op }) => reacts(at, op)).length > 0,
        `${name} of ${kind} changes nothing that is seen`,
      );
    }
  });
}

test('what an exported network holds is what is read back', () => {
  for (const [name, network] of trainableExamples('8x8x4')) {
    const source = random(3, name);
    const size = elementsOf(network.tensors[0]?.shape ?? []);
    const images = Float32Array.from({ length: 2 * size }, () => source.unit());
    const quantized = quantize(fold(network, initialState(network, 3)), images);
    const [read] = readTflite(exportTflite(quantized), 'test.tflite').subgraphs;
    const written = quantized.network.ops;
    for (const op of written) {
      const same = read?.network.ops.some(
        (other) => isSame(other, op) && outputsOf(other).length === outputsOf(op).length,
      );
      assert.ok(same, `${name}: ${op.kind}`);
    }
  }
});
