/**
 * What an operator of a network becomes for the kernels: calls, each of one kernel with the numbers and arrays of its layer.
 * The probe gets them over the wire, the exported C has them as constants.
 */

/** In the order of their numbers in a job and on the wire, from {@link FIRST_KERNEL} on. Their structs are in `kernels/nas_kernels.h`. */
export const kernelNames = [
  'conv2d',
  'depthwise_conv2d',
  'fully_connected',
  'max_pool',
  'average_pool',
  'mean',
  'reduce_max',
  'add',
  'mul',
  'lookup',
  'prelu',
  'softmax',
  'move',
  'fill',
  'resize_nearest',
  'resize_bilinear',
] as const;
/** Before them the probe has what it measures besides. */
export const FIRST_KERNEL = 1;

/** Of a job, and on the wire. */
export const kernelNumber = (kernel: KernelName): number => FIRST_KERNEL + kernelNames.indexOf(kernel);

export type KernelName = (typeof kernelNames)[number];

/** How the sums of an output channel begin and become outputs: a `nas_channel`. */
export interface Channel {
  readonly bias: number;
  readonly multiplier: number;
  readonly shift: number;
  readonly right: number;
}

export type CallArray = Int8Array | Int32Array | Uint32Array | readonly Channel[];

export interface Call {
  readonly kernel: KernelName;
  /** Members of the kernel's struct before its pointers, by name, in their order. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Its pointers, by name, in their order. */
  readonly arrays: Readonly<Record<string, CallArray>>;
  /** What it reads: inputs of the operator by their position, or constants. */
  readonly inputs: readonly (number | Int8Array)[];
}

/** As the kernels read it: little-endian, a channel in 12 bytes. */
export function bytesOfArray(array: CallArray): Uint8Array {
  if (ArrayBuffer.isView(array)) return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const bytes = new Uint8Array(12 * array.length);
  const view = new DataView(bytes.buffer);
  array.forEach(({ bias, multiplier, shift, right }, i) => {
    view.setInt32(12 * i, bias, true);
    view.setInt32(12 * i + 4, multiplier, true);
    view.setInt8(12 * i + 8, shift);
    view.setUint8(12 * i + 9, right);
  });
  return bytes;
}
