/** Published networks, given layer by layer as JSON, written as `.nas` text. */

import type { OpKind, Shape } from '../../engine/space/network.ts';

/** One operator of a `.tflite` file; shapes with the batch dimension as TFLite has them. */
export interface PublishedLayer {
  readonly op: string;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
  readonly in_tensors: readonly number[];
  readonly out_tensors: readonly number[];
  readonly dtype: string;
  readonly kernel?: readonly number[];
  readonly stride?: readonly number[];
  readonly dilation?: readonly number[];
  readonly padding?: string;
  readonly filters?: number;
  readonly depth_multiplier?: number;
  readonly activation?: string;
  readonly macs: number;
}

export interface PublishedNetwork {
  readonly name: string;
  readonly inputs: readonly { readonly shape: Shape; readonly dtype: string }[];
  readonly layers: readonly PublishedLayer[];
}

/** Without the batch; a scalar is one feature. */
export function withoutBatch(shape: Shape): Shape {
  if (shape.length === 0) return [1];
  return shape.length > 1 && shape[0] === 1 ? shape.slice(1) : shape;
}

const kinds: Readonly<Record<string, OpKind>> = {
  CONV_2D: 'conv_2d',
  DEPTHWISE_CONV_2D: 'depthwise_conv_2d',
  FULLY_CONNECTED: 'fully_connected',
  AVERAGE_POOL_2D: 'average_pool_2d',
  MAX_POOL_2D: 'max_pool_2d',
  ADD: 'add',
  MEAN: 'mean',
  REDUCE_MAX: 'reduce_max',
  PAD: 'pad',
  RESHAPE: 'reshape',
  SOFTMAX: 'softmax',
  QUANTIZE: 'quantize',
  DEQUANTIZE: 'dequantize',
  CONCATENATION: 'concatenation',
  RESIZE_BILINEAR: 'resize_bilinear',
};

/** The kind that an operator has in a network of ours. */
export function kindOf(layer: PublishedLayer): OpKind {
  return kinds[layer.op] ?? 'other';
}

export function toNas(network: PublishedNetwork): string {
  const [input] = network.inputs;
  if (input === undefined) throw new RangeError(`${network.name} has no input.`);
  const lines = [`input ${withoutBatch(input.shape).join('x')}${typed(input.dtype)}`];
  const first = network.layers.find((layer) => layer.in_tensors.length > 0)?.in_tensors[0] ?? 0;
  const known = new Set([first]);
  lines.push(`identity as t${first}`);
  let current = first;
  for (const layer of network.layers) {
    // Constants and state have no operator that makes them.
    const tensors = layer.in_tensors.filter((tensor) => known.has(tensor));
    const out = layer.out_tensors[0] ?? -1;
    const from = tensors[0] !== undefined && tensors[0] !== current ? ` from t${tensors[0]}` : '';
    lines.push(statement(layer, tensors, from, ` as t${out}`));
    known.add(out);
    current = out;
  }
  const read = new Set(network.layers.flatMap((layer) => layer.in_tensors));
  const outputs = network.layers
    .map((layer) => layer.out_tensors[0] ?? -1)
    .filter((tensor) => !read.has(tensor));
  if (outputs.length > 1) lines.push(`output(${outputs.map((tensor) => `t${tensor}`).join(', ')})`);
  return `space published {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

function typed(dtype: string): string {
  return dtype === 'INT8' ? '' : ` type ${dtype.toLowerCase()}`;
}

function statement(layer: PublishedLayer, tensors: readonly number[], from: string, as: string): string {
  const shape = withoutBatch(layer.output).join('x');
  const rest = `${from}${as}${activation(layer)}`;
  const names = tensors.map((tensor) => `t${tensor}`);
  switch (layer.op) {
    case 'CONV_2D':
      return `conv ${pair(layer.kernel)} -> ${layer.filters ?? 0}${windowed(layer)}${rest}`;
    case 'DEPTHWISE_CONV_2D': {
      const multiplier =
        (layer.depth_multiplier ?? 1) === 1 ? '' : ` multiplier ${layer.depth_multiplier ?? 1}`;
      return `dwconv ${pair(layer.kernel)}${multiplier}${windowed(layer)}${rest}`;
    }
    case 'FULLY_CONNECTED':
      return `dense -> ${layer.filters ?? 0}${rest}`;
    case 'AVERAGE_POOL_2D':
      return `avgpool ${pair(layer.kernel)}${windowed(layer)}${rest}`;
    case 'MAX_POOL_2D':
      return `maxpool ${pair(layer.kernel)}${windowed(layer)}${rest}`;
    case 'ADD':
      return `add(${names.join(', ')})${as}${activation(layer)}`;
    case 'CONCATENATION': {
      const axis = layer.inputs[0]?.findIndex((extent, at) => extent !== layer.output[at]) ?? -1;
      return `concat(${names.join(', ')}) axis ${Math.max(0, axis - 1)}${as}`;
    }
    case 'MEAN':
      return `gap${rest}`;
    case 'REDUCE_MAX':
      return `gmp${rest}`;
    case 'RESHAPE':
      return `reshape -> ${shape}${rest}`;
    case 'SOFTMAX':
      return `softmax${rest}`;
    case 'DEQUANTIZE':
      return `dequantize${rest}`;
    case 'QUANTIZE':
      return `requantize ${layer.dtype.toLowerCase()}${rest}`;
    case 'RESIZE_BILINEAR':
      return `resize ${layer.output.slice(1, 3).join('x')} mode bilinear${rest}`;
    case 'PAD': {
      const [before, after] = padding(layer);
      const added = (layer.output[3] ?? 0) - (layer.inputs[0]?.[3] ?? 0);
      const channels = added > 0 ? ` channels ${added}` : '';
      return `pad before ${before} after ${after}${channels}${rest}`;
    }
    default:
      return `other("${layer.op}") -> ${shape} type ${layer.dtype.toLowerCase()}${rest}`;
  }
}

/** The shapes do not say on which side the zeros are; TFLite's converters put the odd one after. */
function padding(layer: PublishedLayer): readonly [string, string] {
  const input = layer.inputs[0] ?? [];
  const totals = [1, 2].map((axis) => (layer.output[axis] ?? 0) - (input[axis] ?? 0));
  const before = totals.map((total) => Math.floor(total / 2));
  return [before.join('x'), totals.map((total, at) => total - (before[at] ?? 0)).join('x')];
}

function pair(values: readonly number[] | undefined): string {
  return (values ?? [1, 1]).join('x');
}

function windowed(layer: PublishedLayer): string {
  const dilation =
    layer.dilation?.some((extent) => extent !== 1) === true ? ` dilation ${pair(layer.dilation)}` : '';
  return ` stride ${pair(layer.stride)} padding ${(layer.padding ?? 'SAME').toLowerCase()}${dilation}`;
}

function activation(layer: PublishedLayer): string {
  return layer.activation === undefined || layer.activation === 'NONE'
    ? ''
    : `, ${layer.activation.toLowerCase()}`;
}
