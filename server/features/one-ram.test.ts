/** The RAM of a layer is one number, wherever it is shown: hint, hover, page of costs and report. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { InlayHint } from 'vscode-languageserver-types';
import { formatBytes, price, type Target } from '../../engine/cost/index.ts';
import {
  asModel,
  costDetail,
  type CostDetail,
  costReport,
  modelCostReport,
  priceModel,
  readTflite,
} from '../../engine/model/index.ts';
import { layersOf, usesOf } from '../analysis/costs.ts';
import { defaultSettings } from '../analysis/settings.ts';
import { resolvedTargets } from '../analysis/targets.ts';
import { fixture, type Fixture } from '../testing/fixture.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';

const heads = [
  'target "nucleo-f446re"\n',
  'target "nucleo-h743zi" { runtime tinyengine }\n',
  'target "nucleo-h7a3zi-q" { runtime x-cube-ai 8 }\n'.replace('x-cube-ai 8', '"x-cube-ai 8"'),
];

/** Of one architecture each: skips that keep a tensor, operators in pairs, layers in place, branches. */
const networks = [
  'input 32x32x3\n  conv 3x3 -> 8 stride 2, relu\n  dwconv 3x3, hswish\n  gap\n  dense -> 10',
  'input 16x16x8\n  Rest(8)\n  Rest(12)\n  gap\n  dense -> 4, softmax',
  'input 12x12x4\n  conv 1x1 -> 8 as early\n  conv 3x3 -> 8, sigmoid\n  add(early), relu\n  flatten\n  dense -> 3',
  'input 12x12x4\n  branches concat { a: conv 1x1 -> 4; b: { dwconv 3x3; conv 1x1 -> 8, relu } }\n  maxpool 2x2 stride 2\n  gap\n  dense -> 3',
];
const block =
  'block Rest(out) {\n  conv 1x1 -> out * 2, relu\n  dwconv 3x3, relu\n  conv 1x1 -> out\n  skip add when in == out\n}\n';

function opened(head: string, body: string): { fix: Fixture; target: Target } {
  const fix = fixture(`${head}${block}space s {\n  ${body}\n}\n`);
  const target = resolvedTargets(fix.snapshot)[0]?.target;
  assert.ok(target !== undefined, head);
  return { fix, target };
}

/** By start of the statement, bytes of the dearest of its operators. */
function ramByPlace(fix: Fixture, target: Target): ReadonlyMap<number, { low: number; high: number }> {
  const [space] = fix.snapshot.analysis.spaces;
  assert.ok(space?.usable === true, fix.snapshot.text);
  const network = space.lower(space.extreme('max'));
  const cost = price(network, target);
  const detail = costDetail(asModel('s', network, cost, target), 's').graphs[0]?.layers ?? [];
  const report = costReport(cost, target).layers;
  const found = new Map<number, { low: number; high: number }>();
  let last: { start: number; instance: string; most: number } | undefined;
  const close = (): void => {
    if (last === undefined) return;
    const known = found.get(last.start) ?? { low: Infinity, high: 0 };
    found.set(last.start, { low: Math.min(known.low, last.most), high: Math.max(known.high, last.most) });
  };
  cost.ops.forEach((op, at) => {
    assert.equal(detail[at]?.ram_bytes, Math.round(op.ramBytes), op.name);
    assert.equal(report[at]?.ram_bytes, Math.round(op.ramBytes), op.name);
    const { start } = op.source;
    // What a layer does besides its first operator is named after it.
    const instance = op.name.replace(/\/(?!.*\/)(relu6?|hswish|sigmoid|softmax|tanh|leaky)$/, '');
    if (last?.start === start && op.name.startsWith(last.instance))
      last.most = Math.max(last.most, op.ramBytes);
    else {
      close();
      last = { start, instance, most: op.ramBytes };
    }
  });
  close();
  return found;
}

const textOf = (label: InlayHint['label']): string => (typeof label === 'string' ? label : '');

const settings = {
  ...defaultSettings,
  inlayHints: { ...defaultSettings.inlayHints, latency: false, uses: false, limits: false },
};

test('one architecture: the hint, the hover, the page and the report say the same of every layer', () => {
  for (const head of heads) {
    for (const body of networks) {
      const { fix, target } = opened(head, body);
      const { snapshot, workspace } = fix;
      const expected = ramByPlace(fix, target);
      const hints = inlayHints(snapshot, { start: 0, end: snapshot.text.length }, settings);
      assert.ok(expected.size > 3);
      for (const [start, range] of expected) {
        const layer = layersOf(snapshot).find(({ statement }) => statement.start === start);
        assert.ok(layer !== undefined);
        const said = formatBytes(range);
        const at = snapshot.lines.positionAt(layer.statement.end);
        const hint = hints.find(
          ({ position }) => position.line === at.line && position.character === at.character,
        );
        assert.equal(
          hint?.label,
          said,
          `${snapshot.text.slice(start, layer.statement.end)} of\n${snapshot.text}`,
        );
        if (layer.statement.kind !== 'operator') continue;
        const shown = JSON.stringify(hover(snapshot, start + 1, workspace)?.contents);
        assert.ok(shown.includes(`| RAM | ${said} | ${said} with every choice`), `${said} in ${shown}`);
      }
    }
  }
});

test('many architectures: what the page shows of one lies in the range, and the hover names it', () => {
  const bodies = [
    'tie w = {4 | 8}\n  input 16x16x4\n  conv 3x3 -> w, hswish\n  Rest({4 | 8}) x0..2\n  conv {1x1 | 3x3} -> {8 | 12}\n  gap\n  dense -> 4',
    // More than are planned at once.
    'input 16x16x4\n  conv 3x3 -> 4..24\n  Rest(4..24) x1..2\n  conv 3x3 -> 4..24, sigmoid\n  gap\n  dense -> 4',
  ];
  for (const head of heads) {
    for (const body of bodies) {
      const { fix, target } = opened(head, body);
      const { snapshot, workspace } = fix;
      for (const [start, range] of ramByPlace(fix, target)) {
        const layer = layersOf(snapshot).find(({ statement }) => statement.start === start);
        const over = layer?.targets[0]?.metrics.ram;
        assert.ok(
          over !== undefined && over.low <= range.low && range.high <= over.high,
          `${start} of\n${snapshot.text}`,
        );
        if (layer?.statement.kind !== 'operator') continue;
        const shown = JSON.stringify(hover(snapshot, start + 1, workspace)?.contents);
        assert.ok(
          shown.includes(`${formatBytes(range)} with every choice`),
          `${formatBytes(range)} in ${shown}`,
        );
      }
    }
  }
});

/** Bytes of the chart that are alive at a step, each place once. */
function aliveInChart({ graphs }: CostDetail, graph: number, step: number): number {
  const buffers = graphs[graph]?.memory.buffers ?? [];
  return buffers
    .filter(({ kind, first, last }) => kind !== 'persistent' && first <= step && step <= last)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

test('a model: the table of layers, the JSON and the chart of memory say the same', () => {
  const folder = path.join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'tflite');
  const { target } = opened(heads[0] ?? '', networks[0] ?? '');
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.tflite'))) {
    const priced = priceModel(readTflite(readFileSync(path.join(folder, name)), name), target);
    const detail = costDetail(priced, name);
    const report = modelCostReport(priced).layers;
    detail.graphs[0]?.layers.forEach((layer, at) => {
      assert.equal(layer.ram_bytes, report[at]?.ram_bytes);
      assert.equal(layer.ram_bytes, aliveInChart(detail, 0, at), `${layer.name} of ${name}`);
    });
  }
});

test('uses of blocks have a hint and a hover of what all their layers come to', () => {
  const { fix } = opened(
    heads[0] ?? '',
    'input 16x16x8\n  Rest({8 | 12}) x0..2\n  conv 1x1 -> 8\n  Rest(8)\n  { conv 1x1 -> 8; dwconv 3x3 } ?\n  gap\n  dense -> 4',
  );
  const { snapshot, workspace } = fix;
  const all = { start: 0, end: snapshot.text.length };
  const sums = inlayHints(snapshot, all, defaultSettings).filter(({ label }) =>
    textOf(label).startsWith('Σ '),
  );
  assert.deepEqual(
    sums.map(({ label }) => textOf(label).replace(/[\d.]+/g, '1')),
    ['Σ 1–1 ms · 1–1 KB', 'Σ 1 ms · 1 KB', 'Σ 1–1 ms · 1–1 KB'],
  );
  const [first, second, group] = usesOf(snapshot).map(({ targets }) => targets[0]);
  assert.equal(first?.metrics.latency?.low, 0);
  assert.equal(group?.metrics.latency?.low, 0);
  assert.ok((second?.metrics.latency?.low ?? 0) > 0);
  const text = JSON.stringify(hover(snapshot, snapshot.text.indexOf('Rest({') + 1, workspace)?.contents);
  assert.match(
    text,
    /All its layers.*repetitions included.*Latency \| 0–.*of the layer that takes most.*block Rest\(out\)/,
  );
  const off = { ...defaultSettings, inlayHints: { ...defaultSettings.inlayHints, uses: false } };
  assert.ok(inlayHints(snapshot, all, off).every(({ label }) => !textOf(label).includes('Σ')));
});
