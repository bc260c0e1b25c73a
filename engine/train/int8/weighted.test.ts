import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Op } from '../../space/network.ts';
import type { Int8Parameters, QuantizedNetwork } from '../../space/trained.ts';
import { paddingBefore } from '../operators/window.ts';
import { type Random, random } from '../random.ts';
import { NetworkBuilder } from '../testing.ts';
import { clampInt8, multiply, quantizeMultiplier } from './fixed-point.ts';
import { createInt8Interpreter } from './interpreter.ts';

const INPUT = { scale: 0.02, zero: -7 };
const OUTPUT = { scale: 0.9, zero: 11 };

const small = (max: number) => fc.integer({ min: 1, max });
const shapes = fc
  .record({
    kind: fc.constantFrom('conv', 'depthwise', 'dense'),
    h: small(7),
    w: small(8),
    own: small(9),
    groups: small(3),
    out: small(6),
    kh: small(4),
    kw: small(4),
    sh: small(3),
    sw: small(3),
    dh: small(2),
    dw: small(2),
    padding: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
    seed: fc.integer(),
  })
  .filter((s) => s.padding === 'same' || ((s.kh - 1) * s.dh < s.h && (s.kw - 1) * s.dw < s.w));

/** Each output of which is one sum over a window of the input. */
type SummingOp = Op<'conv_2d' | 'depthwise_conv_2d' | 'fully_connected'>;

type Case = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

function build(s: Case): NetworkBuilder {
  const groups = s.kind === 'conv' ? s.groups : 1;
  const b = new NetworkBuilder([s.h, s.w, s.own * groups]);
  const window = {
    stride: [s.sh, s.sw],
    dilation: [s.dh, s.dw],
    padding: s.padding,
  } as const;
  if (s.kind === 'dense') return b.dense(s.out);
  return s.kind === 'conv'
    ? b.conv([s.kh, s.kw], s.out * groups, { ...window, groups })
    : b.depthwise([s.kh, s.kw], { ...window, depthMultiplier: s.groups });
}

function parametersOf(op: SummingOp, channels: number, features: number, source: Random): Int8Parameters {
  const [outputs, window] =
    op.kind === 'conv_2d'
      ? [op.filters, (op.kernel[0] * op.kernel[1] * channels) / op.groups]
      : op.kind === 'depthwise_conv_2d'
        ? [channels * op.depthMultiplier, op.kernel[0] * op.kernel[1]]
        : [op.units, features];
  const scales = op.kind === 'fully_connected' ? 1 : outputs;
  return {
    weights: Int8Array.from({ length: outputs * window }, () => source.int(255) - 127),
    weightShape: [],
    weightQuantization: {
      scale: Float32Array.from({ length: scales }, () => 0.01 + 0.02 * source.unit()),
      zeroPoint: new Int32Array(scales),
    },
    bias: Int32Array.from({ length: outputs }, () => source.int(20000) - 10000),
  };
}

/** The sum that defines the operator, requantised as TFLite Micro does. */
function reference(
  op: SummingOp,
  p: Int8Parameters,
  input: Int8Array,
  shape: readonly number[],
  out: readonly number[],
): number[] {
  const finish = (acc: number, o: number) => {
    const scale = Math.fround(
      p.weightQuantization.scale[p.weightQuantization.scale.length === 1 ? 0 : o] ?? 0,
    );
    const product = Math.fround(INPUT.scale) * scale;
    const real = (op.kind === 'fully_connected' ? Math.fround(product) : product) / Math.fround(OUTPUT.scale);
    return clampInt8(multiply(acc + (p.bias[o] ?? 0), quantizeMultiplier(real)) + OUTPUT.zero);
  };
  const [height = 1, width = 1, channels = 1] = shape;
  if (op.kind === 'fully_connected') {
    return Array.from({ length: op.units }, (_, o) =>
      finish(
        input.reduce((sum, q, i) => sum + (q - INPUT.zero) * (p.weights[o * input.length + i] ?? 0), 0),
        o,
      ),
    );
  }
  const [outHeight = 1, outWidth = 1, outputs = 1] = out;
  const [kh, kw] = op.kernel;
  const [top, left] = paddingBefore(op, op.dilation, shape, out);
  const result: number[] = [];
  const own = op.kind === 'conv_2d' ? channels / op.groups : 1;
  for (let oh = 0; oh < outHeight; oh++)
    for (let ow = 0; ow < outWidth; ow++)
      for (let o = 0; o < outputs; o++) {
        const first =
          op.kind === 'conv_2d'
            ? Math.floor(o / (op.filters / op.groups)) * own
            : Math.floor(o / op.depthMultiplier);
        let acc = 0;
        for (let i = 0; i < kh; i++)
          for (let j = 0; j < kw; j++) {
            const h = oh * op.stride[0] + i * op.dilation[0] - top;
            const w = ow * op.stride[1] + j * op.dilation[1] - left;
            if (h < 0 || w < 0 || h >= height || w >= width) continue;
            for (let c = 0; c < own; c++) {
              const q = input[(h * width + w) * channels + first + c] ?? 0;
              const at =
                op.kind === 'conv_2d' ? ((o * kh + i) * kw + j) * own + c : (i * kw + j) * outputs + o;
              acc += (q - INPUT.zero) * (p.weights[at] ?? 0);
            }
          }
        result.push(finish(acc, o));
      }
  return result;
}

describe('weighted 8-bit operators', () => {
  it('equal the sum that defines them, rounded twice, for any shape', () => {
    fc.assert(
      fc.property(shapes, (s) => {
        const network = build(s).network();
        const op = network.ops[0] as SummingOp;
        const shape = network.tensors[0]?.shape ?? [];
        const out = network.tensors[1]?.shape ?? [];
        const features = shape.reduce((a, b) => a * b, 1);
        const source = random(s.seed);
        const parameters = parametersOf(op, shape[2] ?? 1, features, source);
        const quantization = ({ scale, zero }: typeof INPUT) => ({
          scale: Float32Array.of(scale),
          zeroPoint: Int32Array.of(zero),
        });
        const quantized: QuantizedNetwork = {
          network,
          activations: new Map([
            [0, quantization(INPUT)],
            [1, quantization(OUTPUT)],
          ]),
          parameters: new Map([[0, parameters]]),
        };
        const input = Int8Array.from({ length: features }, () => source.int(256) - 128);
        assert.deepEqual(
          [...createInt8Interpreter(quantized).run(input)],
          reference(op, parameters, input, shape, out),
        );
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});
