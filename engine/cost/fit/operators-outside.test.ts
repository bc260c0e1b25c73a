import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperatorResidual } from './operator-residuals.ts';
import { groupErrors, residualsOfGroups } from './operators-outside.ts';

const residual = (network: string, ratio: number): OperatorResidual => ({
  profile: 'file id',
  family: 'conv',
  evidence: 'core',
  network,
  ratio,
});

test('errors of networks go into the file and come back as they were', () => {
  const residuals = [residual('a', 1.1), residual('b', 0.9)];
  const groups = groupErrors(residuals);
  assert.equal(groups.length, 1);
  assert.deepEqual(residualsOfGroups(groups), residuals);
});
