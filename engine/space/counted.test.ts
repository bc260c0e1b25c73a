import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from './counted.ts';

test('one of something is told as one', () => {
  assert.equal(counted(1, 'layer'), '1 layer');
  assert.equal(counted(0, 'layer'), '0 layers');
  assert.equal(counted(2, 'class', 'classes'), '2 classes');
  assert.equal(counted(1n, 'architecture'), '1 architecture');
  assert.equal(counted(12000n, 'architecture', undefined, '12,000'), '12,000 architectures');
  assert.equal(counted(0.5, 'epoch'), '0.5 epochs');
});
