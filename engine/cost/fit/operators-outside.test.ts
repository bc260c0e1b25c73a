import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cmsisNnProfiles, priorPull, pullOf } from './boards.ts';
import type { Observation } from './least-squares.ts';
import type { OperatorResidual } from './operator-residuals.ts';
import { foldsOf, groupErrors, residualsOfGroups } from './operators-outside.ts';
import { priorFrom } from './priors.ts';

const residual = (network: string, ratio: number): OperatorResidual => ({
  profile: 'file id',
  family: 'conv',
  evidence: 'core',
  network,
  ratio,
});

test('errors of networks go into the file and come back as they were', () => {
  const residuals = [residual('a', 1.1), residual('b', 0.9)];
  const groups = groupErrors(residuals, false);
  assert.equal(groups.length, 1);
  assert.deepEqual(residualsOfGroups(groups), residuals);
});

test('of many layers twenty quantiles go into the file, each for itself, and nothing else', () => {
  const residuals = Array.from({ length: 500 }, (_, at) => residual(`width ${at % 7}`, 1 + at / 1000));
  const [group] = groupErrors(residuals, true);
  assert.ok(group !== undefined);
  assert.equal(group.operators, 500);
  assert.equal(group.networks, undefined);
  assert.equal(group.ratios.length, 20);
  assert.ok(Math.abs((group.ratios[0] ?? 0) - 1.0125) < 0.005 && (group.ratios[19] ?? 0) > 1.48);
  assert.equal(new Set(residualsOfGroups([group]).map(({ network }) => network)).size, 20);
});

test('a fold leaves whole output widths out', () => {
  const layers = Array.from({ length: 30 }, (_, at): Observation => {
    const amount = 1 + at;
    return {
      terms: { 'conv.macs': amount },
      cycles: 3 * amount,
      extents: {},
      network: `width ${at % 6}`,
      board: '',
      kind: 'layer',
      label: '',
    };
  });
  const folds = foldsOf(layers);
  assert.equal(folds.length, 5);
  assert.equal(folds.flatMap(({ left }) => left).length, layers.length);
  for (const { left, fit } of folds) {
    assert.ok(new Set(left.map(({ network }) => network)).size <= 2);
    assert.ok(Math.abs((fit['conv.macs'] ?? 0) - 3) < 1e-6);
  }
});

test('long rows of weights cost what other convolutions do where flash keeps few lines, and little with a cache', () => {
  const single = { 'conv.macs': 2.7, 'conv-1x1.macs': 2.1 };
  assert.ok(Math.abs((priorFrom('cortex-m4', single)['conv-1x1.deepMacs'] ?? 0) - 0.6) < 1e-9);
  for (const core of ['cortex-m7', 'cortex-m0plus']) {
    assert.ok((priorFrom(core, single)['conv-1x1.deepMacs'] ?? 1) < 0.05, core);
  }
});

test('the single layers of the very board hold harder than those of another, and than what no layer says', () => {
  const spec = cmsisNnProfiles.find(({ id }) => id === 'cortex-m4-f446re');
  assert.ok(spec !== undefined);
  const own = pullOf(spec, 'NUCLEO-F446RE');
  assert.ok(typeof own === 'function');
  assert.ok(own('conv.macs') > 5 * priorPull);
  assert.equal(own('depthwise.innerMacs'), priorPull);
  const other = pullOf(spec, 'Arduino Nicla Sense ME');
  assert.ok(typeof other === 'function');
  assert.ok(other('conv.macs') < own('conv.macs') && other('conv.macs') > priorPull);
  assert.equal(pullOf(spec, undefined), priorPull);
});
