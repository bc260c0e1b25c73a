/**
 * Reads the layer-by-layer network definitions that measurements refer to (one JSON file per network, listed in
 * `device-profiles/measurements/README.md`) into a {@link Network}. No I/O: the caller parses the file.
 */

import { attributesOf, kindOfTflite, templateFrom } from '../../operators/catalogue.ts';
import type {
  DType,
  FusedActivation,
  Network,
  Op,
  OpKind,
  Pair,
  Shape,
  SourceRef,
  Tensor,
} from '../../space/network.ts';

export interface LayerDefinition {
  readonly index: number;
  /** Name in TFLite's BuiltinOperator. */
  readonly op: string;
  /** Shapes with the batch dimension. */
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
  readonly in_tensors: readonly number[];
  readonly out_tensors: readonly number[];
  readonly dtype?: string;
  readonly const_bytes?: number;
  readonly kernel?: readonly number[];
  readonly filters?: number;
  readonly stride?: readonly number[];
  readonly padding?: string | null;
  readonly dilation?: readonly number[];
  readonly depth_multiplier?: number;
  readonly activation?: string | null;
  readonly macs?: number;
}

export interface NetworkDefinition {
  readonly name: string;
  readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype: string }[];
  readonly layers: readonly LayerDefinition[];
}

const tensorTypes: Readonly<Record<string, DType>> = {
  INT8: 'int8',
  UINT8: 'uint8',
  INT16: 'int16',
  INT32: 'int32',
  FLOAT32: 'float32',
};

function withoutBatch(shape: readonly number[]): Shape {
  return shape.length > 1 ? shape.slice(1) : shape.length === 1 ? shape : [1];
}

function pair(values: readonly number[] | undefined, otherwise: number): Pair {
  return [values?.[0] ?? otherwise, values?.[1] ?? values?.[0] ?? otherwise];
}

function activationOf(layer: LayerDefinition): FusedActivation {
  const name = (layer.activation ?? 'NONE').toLowerCase();
  return name === 'relu' || name === 'relu6' || name === 'tanh' ? name : 'none';
}

function padOf(
  input: readonly number[],
  output: readonly number[],
): { before: Pair; after: Pair } | undefined {
  if (input.length !== 4 || output.length !== 4 || input[3] !== output[3]) return undefined;
  const rows = (output[1] ?? 1) - (input[1] ?? 1);
  const columns = (output[2] ?? 1) - (input[2] ?? 1);
  return {
    before: [Math.floor(rows / 2), Math.floor(columns / 2)],
    after: [Math.ceil(rows / 2), Math.ceil(columns / 2)],
  };
}

/** The operator that a layer means; operators that `.nas` cannot say become `other`. */
function operatorOf(layer: LayerDefinition, index: number, source: SourceRef): Op {
  const channels = layer.output.at(-1) ?? 1;
  const pads = layer.op === 'PAD' ? padOf(layer.inputs[0] ?? [], layer.output) : {};
  const kind = pads === undefined ? undefined : kindOfTflite(layer.op);
  const shape = withoutBatch(layer.output);
  const values = {
    ...pads,
    kernel: pair(layer.kernel, 1),
    stride: pair(layer.stride, 1),
    padding: layer.padding === 'VALID' ? 'valid' : 'same',
    dilation: pair(layer.dilation, 1),
    activation: activationOf(layer),
    filters: channels,
    units: channels,
    depthMultiplier: layer.depth_multiplier ?? channels / (layer.inputs[0]?.[3] ?? 1),
    keepDims: layer.output.length === 4,
    shape,
    size: shape.slice(0, 2),
    tfliteName: layer.op,
    weightBytes: layer.const_bytes ?? 0,
    macs: layer.macs ?? 0,
  };
  // A definition does not say all of every operator, such as the order of the axes of a transpose.
  const given: Readonly<Record<string, unknown>> = values;
  const isSaid = (each: OpKind): boolean =>
    attributesOf(each).every(
      ([name, attribute]) => given[name] !== undefined || attribute.default !== undefined,
    );
  return {
    ...(kind !== undefined && isSaid(kind)
      ? templateFrom(kind, values)
      : templateFrom('other', { ...values, units: 0 })),
    index,
    name: `${layer.op.toLowerCase()}.${index}`,
    inputs: layer.in_tensors,
    output: layer.out_tensors[0] ?? 0,
    moreOutputs: layer.out_tensors.slice(1),
    source,
  };
}

/** Number format of a layer's output: shape arithmetic works on int32, the ends may be uint8 or float. */
function formatOf(layer: LayerDefinition, otherwise: DType): DType {
  if (layer.op === 'SHAPE' || layer.op === 'STRIDED_SLICE' || layer.op === 'PACK') return 'int32';
  if (layer.op === 'DEQUANTIZE') return 'float32';
  return otherwise;
}

export function networkFromDefinition(definition: NetworkDefinition): Network {
  const shapes = new Map<number, { shape: Shape; dtype: DType }>();
  const produced = new Set<number>();
  const consumed = new Set<number>();
  const ops = definition.layers.map((layer, index) => {
    const dtype = tensorTypes[layer.dtype ?? 'INT8'] ?? 'int8';
    layer.in_tensors.forEach((id, position) => {
      consumed.add(id);
      if (!shapes.has(id)) {
        const graphInput = tensorTypes[definition.inputs[0]?.dtype ?? 'INT8'] ?? 'int8';
        const shape = withoutBatch(layer.inputs[position] ?? [1]);
        shapes.set(id, { shape, dtype: produced.has(id) ? dtype : graphInput });
      }
    });
    for (const id of layer.out_tensors) {
      produced.add(id);
      shapes.set(id, { shape: withoutBatch(layer.output), dtype: formatOf(layer, dtype) });
    }
    const source: SourceRef = { file: definition.name, line: index, start: 0, end: 0 };
    return operatorOf(layer, index, source);
  });
  const tensors: Tensor[] = [...shapes].map(([id, { shape, dtype }]) => ({ id, shape, dtype }));
  return {
    name: definition.name,
    tensors,
    inputs: [...consumed].filter((id) => !produced.has(id)),
    outputs: [...produced].filter((id) => !consumed.has(id)),
    ops,
  };
}
