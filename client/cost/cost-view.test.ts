import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { LayerDetail } from '../../engine/model/cost-detail.ts';
import { readChoice, readFromPage } from './messages.ts';
import { sorted } from './sorting.ts';

const layer = (label: string, latency: number | null, ram: number): LayerDetail => ({
  ...{ name: `${label};more`, label, op: 'conv_2d', line: null, shapes: '', macs: 0, scratch_bytes: 0 },
  latency_ms: latency === null ? null : { value: latency, low: latency, high: latency },
  ...{ ram_bytes: ram, flash_bytes: 0, energy_uj: null, support: 'fast', peak: false, remarks: [] },
});

test('layers sort by what a heading says, those without a number last, equals as they run', () => {
  const layers = [layer('b', 2, 5), layer('c', null, 5), layer('a', 3, 1), layer('d', 2, 9)];
  const by = (column: Parameters<typeof sorted>[1]['column'], descending: boolean) =>
    sorted(layers, { column, descending });
  assert.deepEqual(by('order', false), [0, 1, 2, 3]);
  assert.deepEqual(by('order', true), [3, 2, 1, 0]);
  assert.deepEqual(by('latency', true), [2, 0, 3, 1]);
  assert.deepEqual(by('latency', false), [0, 3, 2, 1]);
  assert.deepEqual(by('ram', true), [3, 0, 1, 2]);
  assert.deepEqual(by('name', false), [2, 0, 1, 3]);
  assert.deepEqual(by('energy', true), [0, 1, 2, 3]);
});

test('messages from the Cost View are checked', () => {
  const choice = { board: 'pico', runtime: undefined, architecture: 'min' };
  assert.deepEqual(readFromPage({ type: 'choose', choice }), { type: 'choose', choice });
  assert.deepEqual(readFromPage({ type: 'reveal', line: 4 }), { type: 'reveal', line: 4 });
  for (const bad of [
    ...[null, 'ready', {}, { type: 'choose' }, { type: 'reveal' }, { type: 'reveal', line: 0 }],
    ...[{ type: 'reveal', line: '1' }, { type: 'delete' }],
  ]) {
    assert.equal(readFromPage(bad), undefined);
  }
});

test('a choice is names, never options of the command line', () => {
  assert.deepEqual(readChoice({ board: '--report', runtime: 7, architecture: '5' }), {
    board: undefined,
    runtime: undefined,
    architecture: 'max',
  });
  assert.equal(readChoice(undefined), undefined);
});
