import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NetworkCost, price, resolveTarget, shippedProfiles } from '../cost/index.ts';
import { memoryChart, setUpSentence } from './index.ts';
import { manyOperators } from './testing/many-operators.ts';

const resolved = resolveTarget(shippedProfiles, { board: 'nucleo-f446re' });
assert.ok('target' in resolved);
const cost = price(manyOperators().network, resolved.target);

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly index: number;
}

function marks(svg: string): Mark[] {
  return [...svg.matchAll(/<rect class="buffer[^>]*>/g)].map(([rect]) => {
    const number = (name: string) => Number(new RegExp(`[ ]${name}="([^"]+)"`).exec(rect)?.[1]);
    return {
      x: number('x'),
      y: number('y'),
      width: number('width'),
      height: number('height'),
      index: number('data-buffer'),
    };
  });
}

test('every buffer has a rectangle over its layers, as high as its bytes, and none cover each other', () => {
  const drawn = marks(memoryChart(cost, 'net'));
  assert.equal(drawn.length, cost.memory.buffers.length);
  const perByte = new Set<number>();
  for (const { height, width, index } of drawn) {
    const buffer = cost.memory.buffers[index];
    assert.ok(buffer !== undefined);
    if (buffer.bytes > 500) perByte.add(Math.round((1e5 * (height + 1)) / buffer.bytes));
    const steps = buffer.lastUse - buffer.firstUse + 1;
    assert.ok(Math.abs((width + 1) / steps - 872 / cost.ops.length) < 0.1);
  }
  assert.ok(Math.max(...perByte) - Math.min(...perByte) < 20, [...perByte].join());
  for (const a of drawn) {
    for (const b of drawn) {
      const inPlace = [a, b].some(({ index }) => cost.memory.buffers[index]?.inPlaceOf !== undefined);
      if (a.index >= b.index || inPlace) continue;
      const apart =
        a.x + a.width <= b.x ||
        b.x + b.width <= a.x ||
        a.y + a.height <= b.y + 1 ||
        b.y + b.height <= a.y + 1;
      assert.ok(apart, `${a.index} and ${b.index} cover each other`);
    }
  }
});

test('what makes the peak is marked', () => {
  const svg = memoryChart(cost, 'net');
  const peaks = [...svg.matchAll(/class="step peak" data-layer="(\d+)"/g)].map(([, layer]) => Number(layer));
  assert.deepEqual(peaks, cost.memory.peakOps);
  const buffers = [...svg.matchAll(/class="buffer [^"]*peak[^"]*" data-buffer="(\d+)"/g)];
  assert.deepEqual(buffers.map(([, index]) => Number(index)).sort(), [...cost.memory.peakBuffers].sort());
  assert.match(svg, /aria-label="Memory of net over 26 layers: .* KB at the peak, in layer \d/);
});

test('names from a file cannot break out of the picture', () => {
  const name = '</svg><script>alert(1)</script>&"\u0000\u001b';
  const ops = cost.ops.map((op) => ({ ...op, name }));
  const buffers = cost.memory.buffers.map((buffer) => ({ ...buffer, name }));
  const svg = memoryChart({ ...cost, ops, memory: { ...cost.memory, buffers } }, name, { standalone: true });
  assert.equal(svg.match(/<\/svg>/g)?.length, 1);
  assert.doesNotMatch(svg, /<script|\0|\u001b/);
});

test('a network without layers has a chart all the same', () => {
  const nothing: NetworkCost = {
    ...cost,
    ops: [],
    memory: { ...cost.memory, headBytes: 0, tailBytes: 0, buffers: [], peakOps: [], peakBuffers: [] },
  };
  assert.doesNotMatch(memoryChart(nothing, 'empty'), /NaN|Infinity/);
});

test('a line stands where setting the network up takes more than stays in use, and a sentence says so', () => {
  const { memory } = cost;
  const used = memory.headBytes + memory.tailBytes;
  assert.ok(memory.neededBytes > used + 32);
  assert.match(memoryChart(cost, 'net'), /class="need-line"/);
  assert.match(
    setUpSentence(memory) ?? '',
    /^Setting the network up takes [\d.]+ KB, of which [\d.]+ KB stay in use/,
  );
  const enough = { ...memory, neededBytes: used + 12 };
  assert.equal(setUpSentence(enough), undefined);
  assert.doesNotMatch(memoryChart({ ...cost, memory: enough }, 'net'), /class="need-line"/);
});
