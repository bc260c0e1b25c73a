import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsOf, layerLabel, shortLabel } from './layer-label.ts';

const labels = (...names: string[]): string[] => names.map(labelsOf(names));

test('what all layers of a model begin with is left out, and what only some begin with is not', () => {
  assert.deepEqual(labels('m/a/Relu;m/a/Conv2D', 'm/b/Relu', 'm/c/add', 'StatefulPartitionedCall:0'), [
    ...['a/Relu', 'b/Relu', 'c/add', 'StatefulPartitionedCall:0'],
  ]);
  const ours = ['conv.1', 'DS.1/dwconv.1', 'DS.1/conv.1', 'DS.1/conv.2', 'gap.1', 'dense.1'];
  assert.deepEqual(labels(...ours), ours);
  assert.deepEqual(labels('m/a', 'm/b'), ['m/a', 'm/b']);
  assert.deepEqual(labels(), []);
  assert.equal(layerLabel(';x'), ';x');
});

test('a path is shortened from its front, and its last part in the middle', () => {
  const path = 'functional_1/block_3/batch_normalization_12';
  const cases: readonly (readonly [number, string])[] = [
    [43, path],
    [42, '…/block_3/batch_normalization_12'],
    [31, '…/batch_normalization_12'],
    [23, 'batch_normalization_12'],
    [15, 'batch_n…tion_12'],
    [5, 'ba…12'],
    [4, ''],
  ];
  for (const [characters, short] of cases) {
    assert.equal(shortLabel(path, characters), short);
    assert.ok(short.length <= characters);
  }
});
