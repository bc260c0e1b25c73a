/**
 * Writes a quantised network as a `.tflite` that standard interpreters load (LiteRT, TFLite Micro).
 *
 * Every byte of the file is flash on the board: constants carry no names, equal vectors and tables are stored
 * once, and there is no signature.
 */

import { rowOf, template, valuesOf } from '../operators/catalogue.ts';
import type { WeightRule } from '../operators/operator.ts';
import type { TensorSpec } from '../operators/tensors.ts';
import type { ConstantInput } from '../operators/tflite.ts';
import { atInference } from '../space/inference.ts';
import { type DType, type Op, outputsOf, type Shape } from '../space/network.ts';
import type { Int8Parameters, QuantizationParameters, QuantizedNetwork } from '../space/trained.ts';
import { encodeOp, minimumRuntimeVersion, UnsupportedModel } from './encode-op.ts';
import { type Fields, FlatbufferWriter, int32, int8, offset } from './flatbuffer-writer.ts';
import {
  field,
  fileIdentifier,
  operatorCode,
  placeholderForGreaterCodes,
  schemaVersion,
  tensorType,
} from './schema.ts';

/** Length of the `min_runtime_version` metadata, zero-filled, as the TensorFlow converter writes it. */
const runtimeVersionBytes = 16;

/**
 * The bytes of an int8 `.tflite` (schema version 3) with the batch dimension 1 in front of every shape.
 * Throws an {@link UnsupportedModel} when an operator has no int8 form.
 */
export function exportTflite(model: QuantizedNetwork): Uint8Array {
  return new ModelWriter(model).write();
}

/** Name and version of each operator of the model, once each, in order of first use. */
interface OperatorCodes {
  readonly index: Map<string, number>;
  readonly codes: { readonly builtin: string; readonly version: number }[];
}

interface FileTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Of a constant. */
  readonly values?: Int8Array | Int32Array;
  readonly quantization?: QuantizationParameters | undefined;
  /** The axis along which scales differ, if they do; 0 when absent. */
  readonly channelAxis?: number;
  readonly name?: string;
}

class ModelWriter {
  readonly #out = new FlatbufferWriter();
  readonly #model: QuantizedNetwork;
  readonly #buffers: number[] = [];
  readonly #tensors: number[] = [];
  readonly #operators: number[] = [];
  readonly #codes: OperatorCodes = { index: new Map(), codes: [] };
  /** Network tensor id to position in the file's list. */
  readonly #position = new Map<number, number>();

  constructor(model: QuantizedNetwork) {
    this.#model = requantized({ ...model, network: atInference(model.network) });
  }

  write(): Uint8Array {
    const out = this.#out;
    const { network } = this.#model;
    // Buffer 0 is empty by convention: tensors without data refer to it.
    this.#buffers.push(out.table([]));
    const nameOf = new Map(
      network.ops.flatMap((op) =>
        outputsOf(op).map((id, part) => [id, part === 0 ? op.name : `${op.name}:${part}`] as const),
      ),
    );
    for (const tensor of network.tensors) {
      const name = nameOf.get(tensor.id) ?? 'input';
      this.#position.set(tensor.id, this.#tensors.length);
      const quantization = this.#model.activations.get(tensor.id);
      this.#addTensor({ shape: [1, ...tensor.shape], dtype: tensor.dtype, quantization, name });
    }
    for (const op of network.ops) this.#addOperator(op);

    const subgraph = out.table([
      [field.subgraph.tensors, offset(out.offsets(this.#tensors))],
      [field.subgraph.inputs, offset(out.vector('int32', this.#positions(network.inputs)))],
      [field.subgraph.outputs, offset(out.vector('int32', this.#positions(network.outputs)))],
      [field.subgraph.operators, offset(out.offsets(this.#operators))],
      [field.subgraph.name, offset(out.string(network.name))],
    ]);
    const metadata = this.#runtimeVersion();
    const model = out.table([
      [field.model.version, int32(schemaVersion)],
      [
        field.model.operatorCodes,
        offset(out.offsets(this.#codes.codes.map((code) => this.#writeCode(code)))),
      ],
      [field.model.subgraphs, offset(out.offsets([subgraph]))],
      [field.model.description, offset(out.string('Exported by Nasturtium.'))],
      [field.model.buffers, offset(out.offsets(this.#buffers))],
      [field.model.metadata, offset(out.offsets([metadata]))],
    ]);
    return out.finish(model, fileIdentifier);
  }

  #addOperator(op: Op): void {
    const out = this.#out;
    const { weights } = rowOf(op.kind);
    const scale = (id: number) => this.#model.activations.get(id)?.scale[0] ?? 1;
    const ofWeights = weights === undefined ? 1 : (this.#parameters(op).weightQuantization.scale[0] ?? 1);
    const scaleRatio =
      (op.inputs.reduce((product, id) => product * scale(id), 1) * ofWeights) / scale(op.output);
    const specs = (ids: readonly number[]) => ids.map((id) => this.#spec(id));
    const encoded = encodeOp(op, specs(op.inputs), specs(outputsOf(op)), scaleRatio);
    const inputs = encoded.constants.map((constant) => this.#addConstant(constant));
    if (weights !== undefined) inputs.push(...this.#addWeights(op, weights));
    inputs.splice(encoded.activationsAt, 0, ...this.#positions(op.inputs));
    const fields: (readonly [number, Fields[number][1]])[] = [
      [field.operator.opcodeIndex, int32(this.#codeIndex(encoded.builtin, encoded.version))],
      [field.operator.inputs, offset(out.vector('int32', inputs))],
      [field.operator.outputs, offset(out.vector('int32', this.#positions(outputsOf(op))))],
    ];
    // The member 0 of the union says that there are none.
    if (encoded.optionsType !== 0) {
      fields.push(
        [field.operator.optionsType, int8(encoded.optionsType)],
        [field.operator.options, offset(out.sharedTable(encoded.options))],
      );
    }
    this.#operators.push(out.table(fields));
  }

  #addConstant({ shape, values, scale }: ConstantInput): number {
    if (scale === undefined)
      return this.#addTensor({ shape, dtype: 'int32', values: Int32Array.from(values) });
    const quantization = { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(0) };
    return this.#addTensor({ shape, dtype: 'int8', values: Int8Array.from(values), quantization });
  }

  /** Positions of the weights and of the bias; kernels of convolutions take none for an input that is not listed. */
  #addWeights(op: Op, { channels }: WeightRule): readonly number[] {
    const parameters = this.#parameters(op);
    const { weights, weightShape, weightQuantization, bias } = parameters;
    const weightTensor = this.#addTensor({
      shape: weightShape,
      dtype: 'int8',
      values: weights,
      quantization: weightQuantization,
      channelAxis: channels === 'last' ? weightShape.length - 1 : 0,
    });
    const has = valuesOf(op)['bias'] ?? 'absent';
    if (bias.length === 0 || has === 'absent') return [weightTensor];
    const inputScale = this.#model.activations.get(op.inputs[0] ?? -1)?.scale[0];
    if (inputScale === undefined) {
      throw new UnsupportedModel(
        `The input of "${op.name}" has no quantisation. Quantise the network again.`,
      );
    }
    const quantization: QuantizationParameters = {
      scale: weightQuantization.scale.map((scale) => scale * inputScale),
      zeroPoint: new Int32Array(weightQuantization.scale.length),
    };
    return [
      weightTensor,
      this.#addTensor({ shape: [bias.length], dtype: 'int32', values: bias, quantization }),
    ];
  }

  #parameters(op: Op): Int8Parameters {
    const parameters = this.#model.parameters.get(op.index);
    if (parameters === undefined) {
      throw new UnsupportedModel(`"${op.name}" has no weights. Train and quantise the network again.`);
    }
    return parameters;
  }

  #addTensor({ shape, dtype, values, quantization, channelAxis = 0, name }: FileTensor): number {
    const out = this.#out;
    const buffer = values === undefined ? 0 : this.#addBuffer(values);
    const fields: (readonly [number, Fields[number][1]])[] = [
      [field.tensor.shape, offset(out.vector('int32', shape))],
      [field.tensor.type, int8(tensorType[dtype])],
      [field.tensor.buffer, int32(buffer)],
    ];
    if (name !== undefined) fields.push([field.tensor.name, offset(out.string(name))]);
    if (quantization !== undefined) {
      const perChannel = quantization.scale.length > 1;
      fields.push([
        field.tensor.quantization,
        offset(
          out.sharedTable([
            [field.quantization.scale, offset(out.vector('float32', quantization.scale))],
            [field.quantization.zeroPoint, offset(out.vector('int64', quantization.zeroPoint))],
            [field.quantization.quantizedDimension, int32(perChannel ? channelAxis : 0)],
          ]),
        ),
      ]);
    }
    this.#tensors.push(out.table(fields));
    return this.#tensors.length - 1;
  }

  #addBuffer(values: Int8Array | Int32Array | Uint8Array): number {
    const data = this.#out.data(littleEndian(values));
    this.#buffers.push(this.#out.table([[field.buffer.data, offset(data)]]));
    return this.#buffers.length - 1;
  }

  #runtimeVersion(): number {
    const version = minimumRuntimeVersion(this.#codes.index.keys());
    const bytes = new Uint8Array(runtimeVersionBytes);
    bytes.set(new TextEncoder().encode(version));
    return this.#out.table([
      [field.metadata.name, offset(this.#out.string('min_runtime_version'))],
      [field.metadata.buffer, int32(this.#addBuffer(bytes))],
    ]);
  }

  #codeIndex(builtin: string, version: number): number {
    const { index, codes } = this.#codes;
    const key = `${builtin} ${version}`;
    const known = index.get(key);
    if (known !== undefined) return known;
    codes.push({ builtin, version });
    index.set(key, codes.length - 1);
    return codes.length - 1;
  }

  #writeCode({ builtin, version }: { readonly builtin: string; readonly version: number }): number {
    const code = operatorCode(builtin);
    return this.#out.table([
      [field.operatorCode.deprecatedBuiltinCode, int8(Math.min(code, placeholderForGreaterCodes))],
      [field.operatorCode.version, int32(version, 1)],
      [field.operatorCode.builtinCode, int32(code)],
    ]);
  }

  #positions(ids: readonly number[]): number[] {
    return ids.map((id) => {
      const position = this.#position.get(id);
      if (position === undefined) throw new RangeError(`Tensor ${id} is not in the network.`);
      return position;
    });
  }

  #spec(id: number): TensorSpec {
    return this.#model.network.tensors.find((tensor) => tensor.id === id) ?? { shape: [], dtype: 'int8' };
  }
}

/**
 * Kernels of TFLite Micro that do not rescale, such as RELU6, need one quantisation on both sides. Where they differ a
 * QUANTIZE goes before them, which rescales to the same numbers that they give in LiteRT.
 */
function requantized(model: QuantizedNetwork): QuantizedNetwork {
  const { network } = model;
  const activations = new Map(model.activations);
  const tensors = [...network.tensors];
  const ops = network.ops.flatMap((op): Op[] => {
    const [input] = op.inputs;
    const from = activations.get(input ?? -1);
    const to = activations.get(op.output);
    const shape = tensors.find((tensor) => tensor.id === op.output)?.shape;
    if (rowOf(op.kind).int8.rescales || from === undefined || to === undefined || shape === undefined)
      return [op];
    if (from.scale[0] === to.scale[0] && from.zeroPoint[0] === to.zeroPoint[0]) return [op];
    const id = Math.max(...tensors.map((tensor) => tensor.id)) + 1;
    tensors.push({ id, shape, dtype: 'int8' });
    activations.set(id, to);
    const { index, source, inputs, name } = op;
    const place = { index, source, moreOutputs: [] };
    return [
      { ...template('quantize', {}), ...place, inputs, output: id, name: `${name}/quantize` },
      { ...op, inputs: [id] },
    ];
  });
  return { ...model, network: { ...network, tensors, ops }, activations };
}

/** FlatBuffers are little-endian, whatever this machine is. */
function littleEndian(values: Int8Array | Int32Array | Uint8Array): Uint8Array {
  if (!(values instanceof Int32Array))
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const view = new DataView(new ArrayBuffer(values.byteLength));
  values.forEach((value, index) => view.setInt32(4 * index, value, true));
  return new Uint8Array(view.buffer);
}
