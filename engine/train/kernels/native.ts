/**
 * The kernels of training.c, run inside the memory of tfjs-backend-wasm so that no tensor is copied.
 *
 * tfjs offers no public way to its memory; the module keeps its exports under `asm`, as Emscripten of its day
 * did. {@link loadNativeKernels} answers `undefined` when they are not there (another version of tfjs), and the
 * composed gradients of composed.ts serve instead.
 */

import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import kernels from './kernels.json' with { type: 'json' };

/** What is used of tfjs's `BackendWasm`. */
export interface WasmBackend {
  readonly wasm: {
    readonly asm?: Readonly<Record<string, unknown>>;
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
}

type Kernel = (...parameters: number[]) => number;
type KernelName =
  | 'conv_filter_grad'
  | 'conv_filter_grad_scratch'
  | 'conv_input_grad'
  | 'conv_input_grad_scratch'
  | 'depthwise_filter_grad'
  | 'depthwise_input_grad'
  | 'depthwise_scratch'
  | 'max_pool_grad'
  | 'add'
  | 'add_rows'
  | 'batch_norm'
  | 'batch_norm_grad';

/** Bytes of stack for the compiled code; its deepest frame holds a few vectors. */
const STACK_BYTES = 65536;
/** A page, the granularity in which scratch memory grows. */
const SCRATCH_STEP = 65536;

export interface NativeKernels {
  readonly call: Readonly<Record<KernelName, Kernel>>;
  /** Address of at least `bytes` bytes, 16-byte aligned, valid until the next call of `scratch`. */
  scratch(bytes: number): number;
  /** Address of a tensor's values. */
  address(tensor: TensorInfo): number;
  readonly backend: WasmBackend;
}

/** The part of the WebAssembly API that is used; TypeScript declares it only together with the browser's. */
interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number }) => object;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
}

let compiled: object | undefined;

/** Links the kernels to the backend's memory; `undefined` when that memory cannot be reached. */
export function loadNativeKernels(backend: WasmBackend): NativeKernels | undefined {
  const { WebAssembly: api } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const memory = Object.values(backend.wasm.asm ?? {}).find((value) => value instanceof api.Memory);
  if (memory === undefined) return undefined;
  compiled ??= new api.Module(Buffer.from(kernels.wasm, 'base64'));
  const { exports } = new api.Instance(compiled, { env: { memory } });
  const stack = exports['__stack_pointer'] as { value: number };
  stack.value = (backend.wasm._malloc(STACK_BYTES) + STACK_BYTES) & ~15;
  let scratchAddress = 0;
  let scratchBytes = 0;
  return {
    backend,
    call: exports as unknown as Record<KernelName, Kernel>,
    scratch(bytes) {
      if (bytes > scratchBytes) {
        if (scratchAddress !== 0) backend.wasm._free(scratchAddress);
        scratchBytes = 0;
        scratchAddress = 0;
        const wanted = Math.ceil(bytes / SCRATCH_STEP) * SCRATCH_STEP;
        // Throws when there is not so much; see backend.ts.
        scratchAddress = backend.wasm._malloc(wanted);
        scratchBytes = wanted;
      }
      return scratchAddress;
    },
    address: (tensor) => backend.dataIdMap.get(tensor.dataId).memoryOffset >>> 0,
  };
}

/** The geometry in the order in which the convolution kernels take it. */
export function geometry(info: backend_util.Conv2DInfo, last: number): number[] {
  return [
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    last,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
}
