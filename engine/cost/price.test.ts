import assert from 'node:assert/strict';
import { test } from 'node:test';
import { template } from '../operators/catalogue.ts';
import type { OpTemplate } from '../operators/catalogue.ts';
import { originOfLatency } from './origin.ts';
import { readNetwork } from './fit/read.ts';
import { price } from './price.ts';
import { shippedProfiles } from './resolve.ts';
import { chain, conv, dense, depthwise, spaceOf, targetNamed, withoutLatency } from './testing.ts';
import type { Estimate } from './types.ts';

const f446 = targetNamed({ board: 'nucleo-f446re' });
const l4r5 = targetNamed({ board: 'nucleo-l4r5zi' });
const nano = targetNamed({ board: 'nano-33-ble' });
const pico = targetNamed({ board: 'pico' });

test('MACs and parameters of a convolution are counted from its shapes', () => {
  const [op] = price(chain([8, 8, 3], [conv(16, 3), [8, 8, 16]]), f446).ops;
  assert.equal(op?.macs, 8 * 8 * 16 * 3 * 3 * 3);
  assert.equal(op.parameters, 16 * 3 * 3 * 3 + 16);
});

test('MACs and parameters of depthwise and fully connected layers', () => {
  const cost = price(chain([8, 8, 4], [depthwise(3, 2), [4, 4, 4]], [dense(10), [10]]), f446);
  assert.deepEqual(
    cost.ops.map(({ macs, parameters }) => [macs, parameters]),
    [
      [4 * 4 * 4 * 9, 4 * 9 + 4],
      [64 * 10, 64 * 10 + 10],
    ],
  );
  assert.equal(cost.total.macs.value, 4 * 4 * 4 * 9 + 640);
});

test('MACs of published networks are those that their sources count', () => {
  assert.equal(price(readNetwork('mlperf_tiny_ic_resnet8_int8'), l4r5).total.macs.value, 12_501_632);
  assert.equal(price(readNetwork('mlperf_tiny_kws_dscnn_int8'), l4r5).total.macs.value, 2_656_768);
  assert.equal(
    price(readNetwork('mlperf_tiny_vww_mobilenetv1_025_96_int8'), l4r5).total.macs.value,
    7_489_664,
  );
});

test('the arena head of MLPerf VWW is planned at 73,728 bytes though only 55,296 are alive at once', () => {
  const { memory, ops } = price(readNetwork('mlperf_tiny_vww_mobilenetv1_025_96_int8'), l4r5);
  assert.equal(memory.headBytes, 73_728);
  assert.equal(Math.max(...ops.map((op) => op.ramBytes)), 55_296);
  assert.ok(memory.peakOps.length > 0);
});

test('arenas of published networks are what TFLite Micro itself needs, within 48 bytes', () => {
  // The least with which AllocateTensors succeeds, in steps of 16 bytes.
  for (const [name, least] of [
    ['tflm_person_detect_int8', 82_320],
    ['mlperf_tiny_kws_dscnn_int8', 22_832],
    ['mlperf_tiny_ic_resnet8_int8', 55_008],
    ['mlperf_tiny_ad_autoencoder_int8', 3024],
  ] as const) {
    const { value } = price(readNetwork(name), l4r5).total.ram;
    assert.ok(value >= least && value <= least + 48, `${name}: ${value}`);
  }
  const head = price(readNetwork('mlperf_tiny_kws_dscnn_int8'), l4r5).memory.headBytes;
  assert.equal(head, 16_000);
});

test('an arena is that of the version of the kernels and of what the core has', () => {
  const headOf = (board: string, runtime: string): number =>
    price(readNetwork('mlperf_tiny_kws_dscnn_int8'), targetNamed({ board, runtime })).memory.headBytes;
  assert.equal(headOf('nucleo-f446re', 'tflm + cmsis-nn 7.0'), 16_000);
  // Depthwise kernels of 3x3 asked for a buffer of their own until version 4.1; vectors need another.
  assert.equal(headOf('nucleo-f446re', 'tflm + cmsis-nn 2021.12'), 17_152);
  assert.equal(headOf('corstone-300', 'tflm + cmsis-nn 7.0'), 20_464);
});

test('an arena that is large enough to run a network may be too small to set it up', () => {
  const { memory, total } = price(readNetwork('mlperf_tiny_ad_autoencoder_int8'), l4r5);
  assert.equal(memory.headBytes + memory.tailBytes, 2596 + 16);
  assert.equal(total.ram.value, memory.neededBytes);
  assert.ok(memory.neededBytes >= 3024);
  assert.equal(memory.placement.message, 'The arena of 2.98 KB lies in SRAM1 (192 KB).');
});

/** As published, with the build that is nearest; the paces were fitted with them, so this guards against breaking the model. */
test('published latencies are met within 15 % on every board', () => {
  const l4r5O3 = targetNamed({ board: 'nucleo-l4r5zi', runtime: 'tflm + cmsis-nn 7.0', flags: 'O2' });
  const mbed = targetNamed({ board: 'nucleo-f446re', runtime: 'tflm + cmsis-nn 2020.12', flags: 'Os' });
  for (const [target, name, milliseconds] of [
    [l4r5O3, 'mlperf_tiny_ic_resnet8_int8', 407.7],
    [l4r5O3, 'mlperf_tiny_vww_mobilenetv1_025_96_int8', 384.7],
    [l4r5O3, 'mlperf_tiny_kws_dscnn_int8', 110.6],
    [l4r5O3, 'mlperf_tiny_ad_autoencoder_int8', 8.92],
    [l4r5O3, 'edgemark_CNN_3', 16.7],
    [mbed, 'micronet_kws_m', 426],
    [mbed, 'micronet_ad_s', 457],
    [mbed, 'tflm_person_detect_int8', 254],
    [nano, 'tflm_person_detect_int8', 655],
    [pico, 'tflm_person_detect_int8', 823.7],
  ] as const) {
    const estimate = price(readNetwork(name), target).total.latency;
    assert.ok(estimate !== undefined);
    const error = estimate.value / milliseconds - 1;
    assert.ok(Math.abs(error) < 0.15, `${name} on ${target.board.id}: ${(100 * error).toFixed(1)} %`);
    assert.ok(estimate.low <= milliseconds && milliseconds <= estimate.high, `${name} on ${target.board.id}`);
  }
});

test('latency in milliseconds is cycles over the clock', () => {
  const network = readNetwork('mlperf_tiny_kws_dscnn_int8');
  const slow = targetNamed({ board: 'nucleo-f446re', clockHz: 90_000_000 });
  const fast = price(network, f446).total.latency?.value ?? 0;
  assert.ok(Math.abs((price(network, slow).total.latency?.value ?? 0) - 2 * fast) < 1e-9);
});

test('energy is latency times measured power, and absent where power was not measured', () => {
  const network = readNetwork('mlperf_tiny_kws_dscnn_int8');
  const { latency, energy } = price(network, l4r5).total;
  assert.ok(latency !== undefined && energy !== undefined);
  assert.ok(Math.abs(energy.value - latency.value * 41) < 1e-6);
  assert.equal(price(network, pico).total.energy, undefined);
  const slow = targetNamed({ board: 'nucleo-l4r5zi', clockHz: 80_000_000 });
  assert.equal(price(network, slow).total.energy, undefined);
});

test('a runtime that nobody measured or counted has memory and MACs but no latency, and says why', () => {
  const cost = price(
    chain([8, 8, 3], [conv(16, 3), [8, 8, 16]]),
    withoutLatency(targetNamed({ board: 'pico', runtime: 'nasturtium-probe' })),
  );
  assert.equal(cost.total.latency, undefined);
  assert.equal(cost.ops[0]?.origin, 'unsupported');
  assert.match(cost.ops[0].note ?? '', /No published measurement/);
  assert.ok(cost.total.ram.value > 0);
});

test('own kernels cost what they were counted to execute, and no interpreter', () => {
  const network = chain([14, 14, 16], [conv(16, 3), [14, 14, 16]]);
  const on = (board: string) => price(network, targetNamed({ board, runtime: 'nasturtium-probe' }));
  // As emulators count this very layer (docs/kernels.md): an instruction is a cycle.
  const counts = {
    'virtual:m3': 964_396,
    'virtual:m4': 560_332,
    'virtual:m33': 560_525,
    'virtual:m55': 150_346,
  };
  for (const [board, count] of Object.entries(counts)) {
    const { low, value, high } = on(board).ops[0]?.cycles ?? assert.fail();
    assert.ok(low < count && count < high && high < 1.2 * low, `${board}: ${low} to ${high}`);
    assert.ok(Math.abs(value / count - 1) < 0.03, `${board}: ${value}`);
  }
  // A core and a clock are enough: no row is of this board.
  const { total, ops, memory } = on('nucleo-g0b1re');
  const { low, value, high } = total.latency ?? assert.fail();
  assert.ok(low < value && value < high);
  // Nothing is taken, nor kept, by an interpreter.
  assert.equal(value, ops[0]?.latencyMs?.value);
  assert.equal(memory.tailBytes, 0);
});

const width = (latency: Estimate | undefined): number => (latency?.high ?? 0) / (latency?.low ?? 1);

test('a core that no row of the runtime is of has a latency carried over, with an interval that says so', () => {
  const network = readNetwork('mlperf_tiny_ic_resnet8_int8');
  const slow = targetNamed({ board: 'esp32-devkitc', runtime: 'tflm' });
  const cost = price(network, slow);
  assert.ok(cost.total.latency !== undefined);
  assert.ok(width(cost.total.latency) > 2);
  assert.match(cost.ops[0]?.note ?? '', /^Carried over from the xtensa-lx7.*no row is of this core/);
  assert.match(originOfLatency(slow), /carried over from published measurements on a xtensa-lx7/);
});

test('a board that no row comes from is priced with its core, with the interval of boards left out', () => {
  const network = readNetwork('mlperf_tiny_ic_resnet8_int8');
  const unseen = price(network, targetNamed({ board: 'redboard-artemis' }));
  const seen = price(network, l4r5);
  assert.ok(width(unseen.total.latency) > width(seen.total.latency));
  assert.match(unseen.ops[0]?.note ?? '', /Measured on other boards .* no measurement comes from/);
});

test('beyond the sizes that were measured the interval widens with the distance and says why', () => {
  const target = targetNamed({ board: 'nucleo-l4r5zi', runtime: 'x-cube-ai 8' });
  const fc = (inputs: number) => price(chain([inputs], [dense(64), [64]]), target).ops[0];
  const [inside, outside, far] = [fc(128), fc(1 << 16), fc(1 << 20)];
  assert.ok(inside !== undefined && outside !== undefined && far !== undefined);
  assert.equal(inside.note, undefined);
  assert.match(
    outside.note ?? '',
    /interval is wider because of this layer's multiply-accumulates, [\d,]+, where those that were measured have/,
  );
  assert.ok(
    width(outside.latencyMs) > width(inside.latencyMs) && width(far.latencyMs) > width(outside.latencyMs),
  );
});

test('beyond the shapes that were measured the interval is wider too, whatever their size', () => {
  const target = targetNamed({ board: 'stm32h747i-disco', runtime: 'x-cube-ai 8' });
  const of = (size: number, channels: number, kernel: number) =>
    price(chain([size, size, channels], [conv(32, kernel), [size, size, 32]]), target).ops[0];
  const [inside, outside] = [of(16, 32, 3), of(8, 32, 11)];
  assert.ok(inside !== undefined && outside !== undefined && outside.macs < 18e6);
  assert.equal(inside.note, undefined);
  assert.match(outside.note ?? '', /because of this layer's kernel height times width, 121, where .* have /);
  assert.ok(width(outside.latencyMs) > width(inside.latencyMs));
  const line = price(chain([1, 30, 138], [conv(32, 1), [1, 30, 32]]), target).ops[0];
  assert.match(line?.note ?? '', /because of this layer's (output|input)/);
});

test('squeeze and excite with X-CUBE-AI: what nobody timed is not priced as what was', () => {
  const target = targetNamed({ board: 'stm32h747i-disco', runtime: 'x-cube-ai 8' });
  const excited = (inside: string) => {
    const space = spaceOf(`space s {
  input 32x32x16
  conv 1x1 -> 32
  identity as x
  ${inside}
  gap; dense -> 4
}`);
    return price(space.lower({}), target);
  };
  const squeezed = excited('gap from x; dense -> 8, relu; dense -> 32, sigmoid as s; mul(x, s)');
  const plain = excited('conv 1x1 from x -> 32 as s; mul(x, s)');
  const product = ({ ops }: typeof plain) => ops.find(({ kind }) => kind === 'mul');
  assert.ok((product(squeezed)?.cycles?.value ?? 0) > 4 * (product(plain)?.cycles?.value ?? Infinity));
  for (const kind of ['mul', 'logistic'] as const)
    assert.match(squeezed.ops.find((op) => op.kind === kind)?.note ?? '', /^No measurement of this kernel/);
  assert.equal(product(plain)?.note, undefined);
  assert.ok(width(squeezed.total.latency) > 1.2 * width(plain.total.latency));
});

test('a kernel that was not timed on the board has a wider interval', () => {
  const network = chain([8, 8, 4], [conv(16, 3), [8, 8, 16]]);
  const onPico = price(network, pico).ops[0];
  const onF446 = price(network, f446).ops[0];
  const width = (op: typeof onPico) => (op?.latencyMs?.high ?? 0) / (op?.latencyMs?.value ?? 1);
  assert.ok(width(onPico) > width(onF446));
});

test('dropout costs nothing and its output is its input', () => {
  const plain = chain([8, 8, 4], [conv(8, 1), [8, 8, 8]], [conv(4, 1), [8, 8, 4]]);
  const dropped = chain(
    [8, 8, 4],
    [conv(8, 1), [8, 8, 8]],
    [template('dropout', { rate: 0.2 }), [8, 8, 8]],
    [conv(4, 1), [8, 8, 4]],
  );
  const a = price(plain, f446).total;
  const b = price(dropped, f446).total;
  assert.deepEqual(b.ram, a.ram);
  assert.deepEqual(b.flash, a.flash);
  assert.equal(b.latency?.value, a.latency?.value);
});

test('the model file is weights, biases and their description', () => {
  const { flash, parameters } = price(readNetwork('mlperf_tiny_ic_resnet8_int8'), l4r5).total;
  assert.ok(flash.value > parameters.value);
  // Written by the exporter: 86,736 bytes.
  assert.ok(Math.abs(flash.value / 86_736 - 1) < 0.01, String(flash.value));
});

test('every interval holds its value, and the sum of operators is the total without the invocation', () => {
  const cost = price(readNetwork('mlperf_tiny_vww_mobilenetv1_025_96_int8'), f446);
  let sum = 0;
  for (const { latencyMs } of cost.ops) {
    assert.ok(latencyMs !== undefined);
    assert.ok(latencyMs.low <= latencyMs.value && latencyMs.value <= latencyMs.high);
    sum += latencyMs.value;
  }
  const total = cost.total.latency?.value ?? 0;
  assert.ok(total > sum && total - sum < 0.1);
});

test('the doubt of one operator is not lost in the sum', () => {
  const networks = [
    chain([16, 16, 8], [template('pad', { before: [2, 2], after: [2, 2] }), [20, 20, 8]]),
    chain([16, 16, 8], [template('mean', {}), [8]], [dense(4), [4]]),
    chain([16, 16, 8], [conv(8, 3), [16, 16, 8]], [template('quantize', {}), [16, 16, 8]]),
    readNetwork('micronet_ad_s'),
    readNetwork('edgemark_FC_4'),
  ];
  for (const { id: board } of shippedProfiles.boards) {
    for (const network of networks) {
      const { ops, total } = price(network, targetNamed({ board }));
      const whole = total.latency;
      if (whole === undefined) continue;
      for (const { latencyMs: own, name } of ops) {
        assert.ok(own !== undefined);
        const slack = 1e-9 * whole.value;
        assert.ok(whole.high - whole.value >= own.high - own.value - slack, `${name} on ${board}`);
        assert.ok(whole.value - whole.low >= own.value - own.low - slack, `${name} on ${board}`);
      }
    }
  }
});

test('an operator that computes something unknown has no latency, one that moves data has', () => {
  const other = (tfliteName: string, macs: number, weightBytes: number): OpTemplate =>
    template('other', { tfliteName, shape: [1], macs, weightBytes });
  const [slice, cos, own] = price(
    chain(
      [8, 8, 4],
      [other('STRIDED_SLICE', 0, 48), [4, 8, 4]],
      [other('CUMSUM', 0, 50_000), [16]],
      [other('MyKernel', 0, 0), [16]],
    ),
    f446,
  ).ops;
  assert.equal(own?.latencyMs, undefined);
  assert.ok((slice?.latencyMs?.value ?? 0) > 0);
  assert.equal(cos?.latencyMs, undefined);
  assert.match(cos?.note ?? '', /CUMSUM/);
});

test('a network without operators costs its input and the interpreter', () => {
  const { total, ops } = price({ ...chain([4, 4, 1]), outputs: [0] }, f446);
  assert.equal(ops.length, 0);
  assert.equal(total.macs.value, 0);
  assert.ok(total.ram.value > 16);
});
