import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EnergyRow, sessionFigures } from './energy.ts';

const row = (source: string, network: string, milliwatts: number): EnergyRow => ({
  ...{ source, board: 'a', clock_mhz: '100', runtime: 'r', build: 'b', network, model_json: '' },
  ...{ latency_ms: '2', energy_uj: String(2 * milliwatts) },
});

test('within a session powers are alike, and sessions of one board are told apart', () => {
  const { power, factor, autoencoders } = sessionFigures([
    ...[row('one', 'AD (autoencoder)', 9), row('one', 'x', 10), row('one', 'y', 10)],
    ...[row('two', 'AD (autoencoder)', 22), row('two', 'x', 20), row('two', 'y', 20)],
    { ...row('three', 'x', 1000), board: 'b' },
  ]);
  // Beside 9: 10 and 10; beside 10: 9 and 10; beside 22: 20 and 20; beside 20: 22 and 20.
  const errors = [10 / 9 - 1, 0.05, 0.05, 2 / 22, 0.05, 0.05];
  assert.equal(power.predictions, 6);
  assert.ok(Math.abs(power.mean - errors.reduce((a, b) => a + b) / 6) < 1e-3);
  assert.equal(factor, 2);
  const { sessions, ...ratios } = autoencoders;
  assert.equal(sessions, 2);
  const rounded = Object.entries(ratios).map(([name, ratio]) => [name, Number(ratio.toFixed(9))]);
  assert.deepEqual(Object.fromEntries(rounded), { median: 1, low: 0.9, high: 1.1 });
});
