/** An int8 network in which every operator that can be exported stands at least once, with made-up numbers. */

import type { Network, Op, Shape, SourceRef, Tensor } from '../../space/network.ts';
import type { Int8Parameters, QuantizationParameters, QuantizedNetwork } from '../../space/trained.ts';

const source: SourceRef = { file: 'test.nas', line: 0, start: 0, end: 0 };
const window = { kernel: [3, 3], stride: [1, 1], padding: 'same' } as const;
const weighted = { activation: 'none', bias: true, batchNorm: false } as const;
const plain = { parameter: undefined } as const;

type WithoutPlace<T> = T extends Op ? Omit<T, 'index' | 'name' | 'inputs' | 'output' | 'source'> : never;

const volume = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** A fixed sequence without visible pattern (the finaliser of MurmurHash3). */
function scrambled(at: number, stream: number): number {
  let h = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Grows a network one operator at a time. */
class Growing {
  readonly tensors: Tensor[] = [];
  readonly ops: Op[] = [];
  readonly activations = new Map<number, QuantizationParameters>();
  readonly parameters = new Map<number, Int8Parameters>();

  tensor(shape: Shape, scale: number, zeroPoint: number): number {
    const id = this.tensors.length;
    this.tensors.push({ id, shape, dtype: 'int8' });
    this.activations.set(id, { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zeroPoint) });
    return id;
  }

  /** Output quantisation is that of the first input unless given. */
  op(
    op: WithoutPlace<Op>,
    inputs: readonly number[],
    shape: Shape,
    scale?: number,
    zeroPoint?: number,
  ): number {
    const index = this.ops.length;
    const first = this.activations.get(inputs[0] ?? 0);
    const output = this.tensor(shape, scale ?? first?.scale[0] ?? 1, zeroPoint ?? first?.zeroPoint[0] ?? 0);
    this.ops.push({ ...op, index, name: `${op.kind}.${index}`, inputs, output, source });
    return output;
  }

  weights(shape: readonly number[], channelAxis: number, perChannel: boolean): void {
    const index = this.ops.length - 1;
    const channels = shape[channelAxis] ?? 1;
    const scales = perChannel ? channels : 1;
    this.parameters.set(index, {
      weights: Int8Array.from({ length: volume(shape) }, (_, at) => (scrambled(at, index) % 101) - 50),
      weightShape: shape,
      weightQuantization: {
        scale: Float32Array.from({ length: scales }, (_, at) => 0.012 + 0.0005 * at),
        zeroPoint: new Int32Array(scales),
      },
      bias: Int32Array.from({ length: channels }, (_, at) => (at % 7) * 100 - 300),
    });
  }
}

export function everyOperator(): QuantizedNetwork {
  const net = new Growing();
  const input = net.tensor([8, 8, 3], 0.02, -5);
  let x = net.op(
    { ...window, ...weighted, kind: 'conv_2d', filters: 8, dilation: [1, 1], groups: 1, activation: 'relu6' },
    [input],
    [8, 8, 8],
    6 / 255,
    -128,
  );
  net.weights([8, 3, 3, 3], 0, true);
  const dilated = net.op(
    { ...window, ...weighted, kind: 'conv_2d', filters: 8, dilation: [2, 2], groups: 1 },
    [x],
    [8, 8, 8],
    0.05,
    3,
  );
  net.weights([8, 3, 3, 8], 0, true);
  const depthwise = net.op(
    {
      ...window,
      ...weighted,
      kind: 'depthwise_conv_2d',
      depthMultiplier: 1,
      dilation: [1, 1],
      activation: 'relu',
    },
    [x],
    [8, 8, 8],
    0.04,
    -128,
  );
  net.weights([1, 3, 3, 8], 3, true);
  x = net.op({ kind: 'add', activation: 'relu' }, [dilated, depthwise], [8, 8, 8], 0.06, -128);
  x = net.op({ kind: 'hard_swish', ...plain }, [x], [8, 8, 8], 0.05, -120);
  x = net.op({ kind: 'leaky_relu', parameter: 0.125 }, [x], [8, 8, 8], 0.05, -100);
  x = net.op({ kind: 'pad', before: [1, 0], after: [1, 2] }, [x], [10, 10, 8]);
  x = net.op(
    { ...window, kind: 'max_pool_2d', kernel: [2, 2], stride: [2, 2], padding: 'valid', activation: 'none' },
    [x],
    [5, 5, 8],
  );
  const pooled = net.op({ ...window, kind: 'average_pool_2d', activation: 'none' }, [x], [5, 5, 8]);
  const mean = net.op({ kind: 'mean' }, [x], [8], 0.03, -90);
  const gate = net.op({ kind: 'logistic', ...plain }, [mean], [8], 1 / 256, -128);
  const gated = net.op({ kind: 'mul', activation: 'none' }, [pooled, gate], [5, 5, 8], 0.04, -110);
  const difference = net.op({ kind: 'sub', activation: 'none' }, [pooled, gated], [5, 5, 8], 0.04, -90);
  const bounded = net.op({ kind: 'tanh', ...plain }, [difference], [5, 5, 8], 1 / 128, 0);
  const same = net.op({ kind: 'quantize' }, [bounded], [5, 5, 8], 0.04, -90);
  x = net.op({ kind: 'concatenation' }, [difference, same], [5, 5, 16]);
  x = net.op({ kind: 'resize_nearest_neighbor' }, [x], [10, 10, 16]);
  x = net.op({ kind: 'resize_bilinear' }, [x], [5, 5, 16]);
  x = net.op({ kind: 'relu', ...plain }, [x], [5, 5, 16], 0.03, -128);
  x = net.op({ kind: 'relu6', ...plain }, [x], [5, 5, 16]);
  const most = net.op({ kind: 'reduce_max' }, [x], [16]);
  x = net.op({ kind: 'reshape' }, [x], [400]);
  x = net.op({ ...weighted, kind: 'fully_connected', units: 16 }, [x], [16], 0.4, 7);
  net.weights([16, 400], 0, false);
  x = net.op({ kind: 'add', activation: 'none' }, [x, most], [16], 0.4, 7);
  x = net.op({ ...weighted, kind: 'fully_connected', units: 4 }, [x], [4], 0.1, -3);
  net.weights([4, 16], 0, false);
  x = net.op({ kind: 'softmax', ...plain }, [x], [4], 1 / 256, -128);
  const network: Network = {
    name: 'every-operator',
    tensors: net.tensors,
    inputs: [input],
    outputs: [x],
    ops: net.ops,
  };
  return { network, activations: net.activations, parameters: net.parameters };
}

/** Deterministic int8 images for a network with one input. */
export function int8Inputs(model: QuantizedNetwork, count: number): Int8Array[] {
  const shape = model.network.tensors.find((tensor) => tensor.id === model.network.inputs[0])?.shape ?? [];
  return Array.from({ length: count }, (_, image) =>
    Int8Array.from({ length: volume(shape) }, (_, at) => (scrambled(at, 1000 + image) % 256) - 128),
  );
}
