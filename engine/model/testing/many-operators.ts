/** An int8 network of operators of many kinds, with made-up numbers; the examples of the rows have all kinds. */

import { type OpTemplate, rowOf, template } from '../../operators/catalogue.ts';
import type { Network, Op, Shape, SourceRef, Tensor } from '../../space/network.ts';
import type { Int8Parameters, QuantizationParameters, QuantizedNetwork } from '../../space/trained.ts';

const source: SourceRef = { file: 'test.nas', line: 0, start: 0, end: 0 };
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
  op(op: OpTemplate, inputs: readonly number[], scale?: number, zeroPoint?: number): number {
    const index = this.ops.length;
    const first = this.activations.get(inputs[0] ?? 0);
    const specs = inputs.map((id) => this.tensors[id] ?? { shape: [], dtype: 'int8' as const });
    const shape = rowOf(op.kind).outputs(op, specs).outputs[0]?.shape ?? [];
    const output = this.tensor(shape, scale ?? first?.scale[0] ?? 1, zeroPoint ?? first?.zeroPoint[0] ?? 0);
    this.ops.push({ ...op, index, name: `${op.kind}.${index}`, inputs, output, moreOutputs: [], source });
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

export function manyOperators(): QuantizedNetwork {
  const net = new Growing();
  const kernel = [3, 3] as const;
  const input = net.tensor([8, 8, 3], 0.02, -5);
  let x = net.op(template('conv_2d', { kernel, filters: 8, activation: 'relu6' }), [input], 6 / 255, -128);
  net.weights([8, 3, 3, 3], 0, true);
  const dilated = net.op(template('conv_2d', { kernel, filters: 8, dilation: [2, 2] }), [x], 0.05, 3);
  net.weights([8, 3, 3, 8], 0, true);
  const depthwise = net.op(template('depthwise_conv_2d', { kernel, activation: 'relu' }), [x], 0.04, -128);
  net.weights([1, 3, 3, 8], 3, true);
  x = net.op(template('add', { activation: 'relu' }), [dilated, depthwise], 0.06, -128);
  x = net.op(template('hard_swish', {}), [x], 0.05, -120);
  x = net.op(template('leaky_relu', { slope: 0.125 }), [x], 0.05, -100);
  x = net.op(template('pad', { before: [1, 0], after: [1, 2] }), [x]);
  x = net.op(template('max_pool_2d', { kernel: [2, 2], stride: [2, 2], padding: 'valid' }), [x]);
  const pooled = net.op(template('average_pool_2d', { kernel }), [x]);
  const mean = net.op(template('mean', {}), [x], 0.03, -90);
  const gate = net.op(template('logistic', {}), [mean], 1 / 256, -128);
  const gated = net.op(template('mul', {}), [pooled, gate], 0.04, -110);
  const difference = net.op(template('sub', {}), [pooled, gated], 0.04, -90);
  const bounded = net.op(template('tanh', {}), [difference], 1 / 128, 0);
  const same = net.op(template('quantize', {}), [bounded], 0.04, -90);
  x = net.op(template('concatenation', {}), [difference, same]);
  x = net.op(template('resize_nearest_neighbor', { size: [10, 10] }), [x]);
  x = net.op(template('resize_bilinear', { size: [5, 5] }), [x]);
  x = net.op(template('relu', {}), [x], 0.03, -128);
  x = net.op(template('relu6', {}), [x]);
  const most = net.op(template('reduce_max', {}), [x]);
  x = net.op(template('reshape', { shape: [400] }), [x]);
  x = net.op(template('fully_connected', { units: 16 }), [x], 0.4, 7);
  net.weights([16, 400], 0, false);
  x = net.op(template('add', {}), [x, most], 0.4, 7);
  x = net.op(template('fully_connected', { units: 4 }), [x], 0.1, -3);
  net.weights([4, 16], 0, false);
  x = net.op(template('softmax', {}), [x], 1 / 256, -128);
  const network: Network = {
    name: 'many-operators',
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
