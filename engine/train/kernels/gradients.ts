/**
 * Which implementation computes a gradient: the native kernels where the backend shares its memory, else the
 * composed ones. {@link registerGradients} makes them tfjs kernels of the WebAssembly backend, so that tfjs's own
 * differentiation finds them.
 */

import * as tf from '@tensorflow/tfjs-core';
import {
  type ConvInfo,
  convFilterGrad as composedConvFilterGrad,
  convInputGrad as composedConvInputGrad,
  depthwiseFilterGrad as composedDepthwiseFilterGrad,
  depthwiseInputGrad as composedDepthwiseInputGrad,
} from './composed.ts';
import { geometry, loadNativeKernels, type NativeKernels, type WasmBackend } from './native.ts';

const BYTES = 4;

let native: NativeKernels | undefined;

/** The native kernels when the backend in use is WebAssembly and shares its memory. */
export function nativeKernels(): NativeKernels | undefined {
  return tf.getBackend() === 'wasm' ? native : undefined;
}

/** Runs a native kernel of the form (a, b, out, scratch, batch, ...geometry). */
function runNative(
  kernels: NativeKernels,
  name: 'conv_filter_grad' | 'conv_input_grad' | 'depthwise_filter_grad' | 'depthwise_input_grad',
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  shape: number[],
  info: ConvInfo,
): tf.TensorInfo {
  const depthwise = name.startsWith('depthwise');
  const numbers = geometry(info, depthwise ? info.outChannels / info.inChannels : info.outChannels);
  const size =
    name === 'conv_filter_grad' || name === 'conv_input_grad'
      ? kernels.call[`${name}_scratch`](...numbers)
      : kernels.call.depthwise_scratch(...numbers);
  const out = kernels.backend.makeOutput(shape, 'float32');
  const scratch = kernels.scratch(size * BYTES);
  kernels.call[name](
    kernels.address(a),
    kernels.address(b),
    kernels.address(out),
    scratch,
    info.batchSize,
    ...numbers,
  );
  return out;
}

function asTensor(info: tf.TensorInfo): tf.Tensor4D {
  return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor4D;
}

/** `[n, h, w, c]` and `[n, oh, ow, k]` -> `[kh, kw, c, k]`. */
export function convFilterGrad(x: tf.Tensor4D, dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const kernels = nativeKernels();
  return kernels === undefined
    ? tf.tidy(() => composedConvFilterGrad(x, dy, info))
    : asTensor(runNative(kernels, 'conv_filter_grad', x, dy, info.filterShape, info));
}

/** `[n, oh, ow, k]` and `[kh, kw, c, k]` -> `[n, h, w, c]`. */
export function convInputGrad(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const kernels = nativeKernels();
  return kernels === undefined
    ? tf.tidy(() => composedConvInputGrad(dy, filter, info))
    : asTensor(runNative(kernels, 'conv_input_grad', dy, filter, info.inShape, info));
}

/** `[n, h, w, c]` and `[n, oh, ow, c * m]` -> `[kh, kw, c, m]`. */
export function depthwiseFilterGrad(x: tf.Tensor4D, dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const kernels = nativeKernels();
  const shape = [info.filterHeight, info.filterWidth, info.inChannels, info.outChannels / info.inChannels];
  return kernels === undefined
    ? tf.tidy(() => composedDepthwiseFilterGrad(x, dy, info))
    : asTensor(runNative(kernels, 'depthwise_filter_grad', x, dy, shape, info));
}

/** `[n, oh, ow, c * m]` and `[kh, kw, c, m]` -> `[n, h, w, c]`. */
export function depthwiseInputGrad(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const kernels = nativeKernels();
  return kernels === undefined
    ? tf.tidy(() => composedDepthwiseInputGrad(dy, filter, info))
    : asTensor(runNative(kernels, 'depthwise_input_grad', dy, filter, info.inShape, info));
}

/** The gradient of maximum pooling; tfjs's own WebAssembly kernel takes fifty times as long as the pooling. */
function nativeMaxPoolGrad(
  kernels: NativeKernels,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  info: ConvInfo,
): tf.TensorInfo {
  const out = kernels.backend.makeOutput(x.shape, 'float32');
  kernels.call.max_pool_grad(
    kernels.address(x),
    kernels.address(dy),
    kernels.address(out),
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
  );
  return out;
}

interface ConvAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape?: [number, number, number, number];
  readonly inputShape?: [number, number, number, number];
  readonly filterSize?: number | [number, number];
}

type Shape4 = [number, number, number, number];

function info(attributes: ConvAttributes, input: Shape4, filter: Shape4, depthwise: boolean): ConvInfo {
  return tf.backend_util.computeConv2DInfo(
    input,
    filter,
    attributes.strides,
    attributes.dilations ?? 1,
    attributes.pad,
    attributes.dimRoundingMode,
    depthwise,
  );
}

/** A kernel of four-dimensional tensors, as tfjs registers it. */
function register(
  kernelName: string,
  run: (inputs: Readonly<Record<string, tf.Tensor4D>>, attributes: ConvAttributes) => tf.TensorInfo,
): void {
  // Typed as always there, but it answers undefined for a kernel that the backend lacks.
  const known: unknown = tf.getKernel(kernelName, 'wasm');
  if (known !== undefined) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      run(
        inputs as unknown as Readonly<Record<string, tf.Tensor4D>>,
        (attrs ?? {}) as unknown as ConvAttributes,
      ),
  });
}

/** The attribute `key`, which tfjs always passes. */
function shapeOf(attributes: ConvAttributes, key: 'filterShape' | 'inputShape'): Shape4 {
  const shape = attributes[key];
  if (shape === undefined) throw new Error(`A gradient kernel was called without ${key}.`);
  return shape;
}

function tensor(inputs: Readonly<Record<string, tf.Tensor4D>>, key: string): tf.Tensor4D {
  const found = inputs[key];
  if (found === undefined) throw new Error(`A gradient kernel was called without its input ${key}.`);
  return found;
}

/** tfjs's own `Add`, kept from before the first {@link registerAdd}. */
let broadcastingAdd: tf.KernelFunc | undefined;

/** Sums of equal shapes, and of rows with one row, natively; tfjs's own kernel for whatever else. */
function registerAdd(kernels: NativeKernels): void {
  broadcastingAdd ??= tf.getKernel('Add', 'wasm').kernelFunc;
  const general = broadcastingAdd;
  tf.unregisterKernel('Add', 'wasm');
  tf.registerKernel({
    kernelName: 'Add',
    backendName: 'wasm',
    kernelFunc: (parameters) => {
      const { a, b } = parameters.inputs;
      const floats = a?.dtype === 'float32' && b?.dtype === 'float32';
      if (a === undefined || b === undefined || !floats) return general(parameters);
      const size = tf.util.sizeFromShape(a.shape);
      const rows = b.shape.length === 1 && b.shape[0] === a.shape.at(-1) && size > 0;
      const equal = tf.util.arraysEqual(a.shape, b.shape);
      if (!equal && !rows) return general(parameters);
      const out = kernels.backend.makeOutput(a.shape, 'float32');
      const addresses = [a, b, out].map((tensor) => kernels.address(tensor));
      if (equal) kernels.call.add(...addresses, size);
      else kernels.call.add_rows(...addresses, size / (b.shape[0] ?? 1), b.shape[0] ?? 1);
      return out;
    },
  });
}

/**
 * Registers the gradients for the WebAssembly backend, which must be the one in use. Returns whether the native
 * kernels serve; `composedOnly` keeps them away, for comparison.
 */
export function registerGradients(composedOnly = false): boolean {
  native = composedOnly ? undefined : loadNativeKernels(tf.backend() as unknown as WasmBackend);
  for (const [name, depthwise, filterGrad, inputGrad] of [
    ['Conv2DBackprop', false, convFilterGrad, convInputGrad],
    ['DepthwiseConv2dNativeBackprop', true, depthwiseFilterGrad, depthwiseInputGrad],
  ] as const) {
    register(`${name}Filter`, (inputs, attributes) => {
      const x = tensor(inputs, 'x');
      const shapes = info(attributes, x.shape, shapeOf(attributes, 'filterShape'), depthwise);
      return filterGrad(x, tensor(inputs, 'dy'), shapes);
    });
    register(`${name}Input`, (inputs, attributes) => {
      const filter = tensor(inputs, 'filter');
      const shapes = info(attributes, shapeOf(attributes, 'inputShape'), filter.shape, depthwise);
      return inputGrad(tensor(inputs, 'dy'), filter, shapes);
    });
  }
  // tfjs's own copies the values, for every tensor that a derivative saves.
  register('Identity', (inputs) => {
    const x = tensor(inputs, 'x');
    const backend = tf.backend();
    backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
  const kernels = native;
  if (kernels !== undefined) {
    registerAdd(kernels);
    register('MaxPoolGrad', (inputs, attributes) => {
      const x = tensor(inputs, 'input');
      const pool = tf.backend_util.computePool2DInfo(
        x.shape,
        attributes.filterSize ?? 1,
        attributes.strides,
        1,
        attributes.pad,
        attributes.dimRoundingMode,
      );
      return nativeMaxPoolGrad(kernels, x, tensor(inputs, 'dy'), pool);
    });
  }
  return native !== undefined;
}
