import assert from 'node:assert/strict';
import { test } from 'node:test';
import { template } from '../operators/catalogue.ts';
import type { OpTemplate } from '../operators/catalogue.ts';
import fc from 'fast-check';
import type { Board, Runtime } from '../../device-profiles/types.ts';
import type { Network, Op, Tensor } from '../space/network.ts';
import { boundSpace, createPricer, price, type Target } from './index.ts';
import { chain, conv, dense, depthwise, spaceOf, targetNamed } from './testing.ts';
import type { ArenaBuffer, MemoryPlan } from './types.ts';

const tinyengine = targetNamed({ board: 'nucleo-h743zi', runtime: 'tinyengine' });
const cube = targetNamed({ board: 'nucleo-h743zi', runtime: 'x-cube-ai 8' });
const tflm = targetNamed({ board: 'nucleo-h743zi', runtime: 'tflm + cmsis-nn' });

/** A board with one bank of `bytes`. */
function withBank(target: Target, bytes: number): Target {
  const board: Board = { ...target.board, sram: [{ name: 'SRAM', bytes }] };
  return { ...target, board };
}

function placeOf(buffers: readonly ArenaBuffer[], position: number): number {
  let place = position;
  for (let over = buffers[place]?.inPlaceOf; over !== undefined; over = buffers[place]?.inPlaceOf) {
    place = over;
  }
  return place;
}

/** Nothing alive at once overlaps, but what is written over each other; the head is where the last buffer ends. */
/** To X-CUBE-AI's alignment; what TinyEngine writes in place starts where its input does. */
const rounded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

function checkPlan({ headBytes, buffers }: MemoryPlan): void {
  let end = 0;
  buffers.forEach((a, i) => {
    if (a.kind !== 'persistent') end = Math.max(end, a.offset + a.bytes);
    buffers.slice(i + 1).forEach((b, k) => {
      if (a.firstUse > b.lastUse || b.firstUse > a.lastUse) return;
      const j = i + 1 + k;
      if (a.inPlaceOf === j || b.inPlaceOf === i) {
        const [output, input] = a.inPlaceOf === j ? [a, b] : [b, a];
        const starts = output.offset - input.offset;
        const ends = starts + rounded(output.bytes) - rounded(input.bytes);
        // Written over its input, an output follows it from the front or from the back.
        const follows = (starts <= 0 && ends <= 0) || (starts >= 0 && ends >= 0);
        assert.ok(
          follows || starts <= -rounded(output.bytes) || starts >= rounded(input.bytes),
          `${a.name} over ${b.name}`,
        );
        return;
      }
      if (placeOf(buffers, i) === placeOf(buffers, j) && a.offset === b.offset) return;
      const apart = a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset;
      assert.ok(apart, `${a.name} and ${b.name}`);
    });
  });
  assert.ok(end <= headBytes && headBytes < end + 64, `${end} ${headBytes}`);
}

const mobile = (size: number): Network =>
  chain(
    [size, size, 3],
    [conv(16, 3, 2), [size / 2, size / 2, 16]],
    [depthwise(3), [size / 2, size / 2, 16]],
    [conv(24, 1), [size / 2, size / 2, 24]],
    [depthwise(3, 2), [size / 4, size / 4, 24]],
    [conv(32, 1), [size / 4, size / 4, 32]],
    [depthwise(3, 2), [size / 8, size / 8, 32]],
    [template('mean', {}), [32]],
    [dense(10), [10]],
  );

test('a depthwise layer is written over its input where the runtime does so', () => {
  const { memory } = price(mobile(32), tinyengine);
  const output = memory.buffers.find(({ op }) => op === 1);
  assert.ok(output?.inPlaceOf !== undefined);
  const input = memory.buffers[output.inPlaceOf];
  assert.equal(input?.op, 0);
  assert.equal(output.offset, input.offset);
  checkPlan(memory);
  assert.ok(price(mobile(32), tflm).memory.buffers.every(({ inPlaceOf }) => inPlaceOf === undefined));
});

test('an input that is needed later is not written over', () => {
  const base = mobile(32);
  const shape = [16, 16, 16];
  const tensors: Tensor[] = [
    { id: 0, shape: [32, 32, 3], dtype: 'int8' },
    ...[1, 2, 3].map((id): Tensor => ({ id, shape, dtype: 'int8' })),
  ];
  const [first, second] = base.ops;
  assert.ok(first !== undefined && second !== undefined);
  const add: Op = {
    ...second,
    kind: 'add',
    activation: 'none',
    index: 2,
    name: 'add',
    inputs: [1, 2],
    output: 3,
  };
  const network = { ...base, tensors, ops: [first, second, add], outputs: [3] };
  const { memory } = price(network, tinyengine);
  assert.equal(memory.buffers.find(({ tensor }) => tensor === 2)?.inPlaceOf, undefined);
  checkPlan(memory);
});

test('scratch that all kernels share is one buffer as large as the largest need', () => {
  const { memory, ops } = price(mobile(32), tinyengine);
  const shared = memory.buffers.filter(({ kind }) => kind === 'scratch');
  assert.equal(shared.length, 2);
  // 2 bytes for each of (16 + 2)^2 values of one channel; 2 bytes for each of 3 x 3 x 3 x 16 weights.
  assert.deepEqual(
    shared.map(({ bytes }) => bytes).sort((a, b) => a - b),
    [648, 864],
  );
  assert.equal(Math.max(...ops.map(({ scratchBytes }) => scratchBytes)), 4 * 27 + 864);
});

test('a network that fits in a bank runs layer by layer, one that does not in patches', () => {
  const network = mobile(64);
  const whole = price(network, tinyengine);
  assert.equal(whole.memory.patches, undefined);
  const small = withBank(tinyengine, Math.floor(whole.memory.headBytes * 0.9));
  const { memory, total } = price(network, small);
  assert.ok(memory.patches !== undefined);
  assert.ok(memory.headBytes <= Math.floor(whole.memory.headBytes * 0.9));
  assert.equal(memory.patches.headBytesWhole, whole.memory.headBytes);
  assert.ok(memory.patches.extraMacs > 0);
  assert.deepEqual(total.macs, whole.total.macs);
  assert.ok((total.latency?.value ?? 0) > (whole.total.latency?.value ?? 0));
  assert.ok(memory.placement.fits, memory.placement.message);
  const patched = memory.buffers.filter(({ patch }) => patch !== undefined);
  assert.ok(patched.length > 0);
  for (const { bytes, patch } of patched) {
    assert.ok(patch !== undefined && bytes === patch.height * patch.width * patch.channels);
    assert.ok(bytes <= patch.wholeBytes);
  }
  checkPlan(memory);
});

test('pooling that a convolution does itself keeps the lines under its window, not the whole map', () => {
  const network = chain(
    [32, 32, 3],
    [conv(16, 3), [32, 32, 16]],
    [template('max_pool_2d', { kernel: [2, 2], stride: [2, 2], padding: 'valid' }), [16, 16, 16]],
    [conv(8, 1), [16, 16, 8]],
  );
  const { memory } = price(network, cube);
  const lines = memory.buffers.find(({ op, kind }) => op === 0 && kind === 'activation');
  const small = memory.buffers.find(({ op, kind }) => op === 1 && kind === 'activation');
  assert.equal(lines?.bytes, 2 * 32 * 16);
  assert.deepEqual([lines.firstUse, lines.lastUse, small?.firstUse], [0, 0, 0]);
  checkPlan(memory);
  // TinyEngine does not: the whole map is there.
  const whole = price(network, tinyengine).memory.buffers.find(({ op }) => op === 0);
  assert.equal(whole?.bytes, 32 * 32 * 16);
});

test('what depends on no input is computed ahead, and what of it is put out is there all the time', () => {
  const base = chain([8, 8, 3], [conv(4, 1), [8, 8, 4]], [conv(2, 1), [8, 8, 2]]);
  const [first, last] = base.ops;
  assert.ok(first !== undefined && last !== undefined);
  const { source } = first;
  const other = (tfliteName: string) => ({
    ...template('other', { tfliteName, shape: [4] }),
    moreOutputs: [],
    source,
  });
  const network: Network = {
    ...base,
    tensors: [
      ...base.tensors,
      { id: 3, shape: [4], dtype: 'int32' },
      { id: 4, shape: [8, 8, 5], dtype: 'int8' },
    ],
    outputs: [2, 4],
    ops: [
      first,
      { ...other('SHAPE'), index: 1, name: 'shape', inputs: [1], output: 3 },
      { ...last, index: 2 },
      { ...other('FILL'), index: 3, name: 'anchors', inputs: [3], output: 4 },
    ],
  };
  const { memory } = price(network, cube);
  const held = memory.buffers.flatMap(({ tensor, firstUse, lastUse }) =>
    tensor === 3 || tensor === 4 ? [[tensor, firstUse, lastUse]] : [],
  );
  assert.deepEqual(held, [[4, 0, 3]]);
  checkPlan(memory);
  // TinyEngine runs what the file says when it says it.
  const made = price(network, tinyengine).memory.buffers.find(({ tensor }) => tensor === 4);
  assert.deepEqual([made?.firstUse, made?.lastUse], [3, 3]);
});

test('of the schedules that fit, the one that computes least again is taken', () => {
  const network = mobile(64);
  const whole = price(network, tinyengine).memory.headBytes;
  const extra = [0.95, 0.85, 0.75].map(
    (share) => price(network, withBank(tinyengine, Math.floor(whole * share))).memory.patches?.extraMacs ?? 0,
  );
  assert.ok((extra[0] ?? 0) <= (extra[1] ?? 0) && (extra[1] ?? 0) <= (extra[2] ?? 0), extra.join(', '));
});

test('a patch of a 3x3 layer depends on a halo of one pixel, and what lies in two halos is computed twice', () => {
  const network = chain(
    [32, 32, 3],
    [conv(8, 1), [32, 32, 8]],
    [conv(8, 3), [32, 32, 8]],
    [template('mean', {}), [8]],
  );
  const patches: Runtime['memory']['patches'] = {
    operators: ['conv_2d'],
    grids: [2],
    mostExtra: 1,
    sources: [],
  };
  const { runtime } = tinyengine;
  const target = {
    ...withBank(tinyengine, 16_000),
    runtime: { ...runtime, memory: { ...runtime.memory, patches } },
  };
  const { memory } = price(network, target);
  assert.equal(memory.patches?.lastOp, 1);
  const first = memory.buffers.find(({ op }) => op === 0);
  assert.deepEqual([first?.patch?.height, first?.patch?.width], [17, 17]);
  // Each direction computes 17 + 17 of 32 rows: (34/32)^2 of the MACs of the first layer.
  assert.equal(memory.patches.extraMacs, Math.round((34 * 34 - 32 * 32) * 3 * 8));
});

const specs = fc.constantFrom<[OpTemplate, number]>(
  [conv(8, 3), 8],
  [conv(24, 1), 24],
  [depthwise(3), 0],
  [depthwise(3, 2), 0],
  [template('relu', {}), 0],
);

const networks = fc.array(specs, { minLength: 1, maxLength: 7 }).map((steps) => {
  let size = 24;
  let channels = 4;
  const layers = steps.map(([spec, made]): readonly [OpTemplate, readonly number[]] => {
    channels = made === 0 ? channels : made;
    if ('stride' in spec) size = Math.ceil(size / spec.stride[0]);
    return [spec, [size, size, channels]];
  });
  return chain([24, 24, 4], ...layers, [template('mean', {}), [channels]]);
});

test('no plan lets what is alive at once overlap, in place or in patches', () => {
  fc.assert(
    fc.property(
      networks,
      fc.constantFrom(tinyengine, cube),
      fc.integer({ min: 1, max: 9 }),
      (network, target, tenths) => {
        const whole = price(network, target).memory;
        checkPlan(whole);
        const { memory } = price(network, withBank(target, Math.ceil((whole.headBytes * tenths) / 10)));
        checkPlan(memory);
        assert.ok(memory.headBytes <= whole.headBytes);
      },
    ),
    { numRuns: 60 },
  );
});

const text = (channels: string): string =>
  `space s { input 24x24x3; conv 3x3 -> ${channels} stride 2, relu; dwconv {3 | 5}; conv 1x1 -> ${channels}; dwconv 3x3 stride {1 | 2}; conv 1x1 -> ${channels}; gap; dense -> 4 }`;

test('no architecture lies outside the bounds where runtimes write in place and run in patches', () => {
  const space = spaceOf(text('{4 | 8 | 12 | 24}'));
  for (const target of [tinyengine, cube, withBank(tinyengine, 6000), withBank(tinyengine, 1000)]) {
    for (const visit of [0n, 1000n]) {
      const { total } = boundSpace(space, target, { visit });
      const pricer = createPricer(space, target);
      for (const decisions of space.enumerate()) {
        const network = space.lower(decisions);
        const priced = price(network, target).total;
        assert.deepEqual(pricer.price(decisions), priced);
        assert.ok(total.ram.low <= priced.ram.value && priced.ram.value <= total.ram.high);
        if (priced.latency === undefined || total.latency === undefined) continue;
        assert.ok(total.latency.low <= priced.latency.value && priced.latency.value <= total.latency.high);
      }
    }
  }
});

test('no architecture lies outside the bounds where a convolution does the pooling after it', () => {
  const space = spaceOf(
    'space s { input 24x24x1; conv 1x1 -> {4 | 64}, relu; {maxpool 2x2 stride 2 | dwconv 3x3 stride 2}; conv 3x3 -> {8 | 32}; {maxpool 3x3 stride 2 | avgpool 2x2 stride 2}; gap; dense -> 4 }',
  );
  for (const visit of [0n, 1000n]) {
    const { ram } = boundSpace(space, cube, { visit }).total;
    for (const decisions of space.enumerate()) {
      const { value } = price(space.lower(decisions), cube).total.ram;
      assert.ok(ram.low <= value && value <= ram.high, `${value} in ${ram.low} to ${ram.high}`);
    }
  }
});

test('where patches make the arena smaller than a whole layer would be, the bound is below that too', () => {
  const space = spaceOf(
    'space s { input 24x24x3; conv 3x3 -> {32 | 40}, relu; conv 3x3 -> 8 stride 2; conv 3x3 -> 8 stride 2; gap; dense -> 4 }',
  );
  const target = withBank(tinyengine, 12_000);
  const { ram, latency } = boundSpace(space, target, { visit: 0n }).total;
  for (const decisions of space.enumerate()) {
    const { memory, total } = price(space.lower(decisions), target);
    assert.ok(memory.patches !== undefined);
    assert.ok(ram.low <= total.ram.value && total.ram.value <= ram.high);
    assert.ok((total.latency?.value ?? 0) <= (latency?.high ?? 0));
  }
});
