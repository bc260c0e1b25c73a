/** The compiled 8-bit kernels with a memory of their own, apart from any tfjs backend. */

import kernels from '../kernels/kernels.json' with { type: 'json' };

type Kernel = (...parameters: number[]) => void;

interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number }) => {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
}

const PAGE = 65536;
/** Stack of the compiled code, at the bottom of the memory. */
const STACK_BYTES = 4096;

let compiled: object | undefined;

export interface Int8Memory {
  readonly buffer: ArrayBuffer;
  readonly convolution: Kernel;
  readonly depthwise: Kernel;
}

/** Lays out regions of a memory; all are reserved before {@link MemoryLayout.open}. */
export class MemoryLayout {
  #end = STACK_BYTES;

  /** Address of `bytes` zeroed bytes, 16-byte aligned. */
  reserve(bytes: number): number {
    const address = this.#end;
    this.#end += Math.ceil(bytes / 16) * 16;
    return address;
  }

  open(): Int8Memory {
    const { WebAssembly: api } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
    const memory = new api.Memory({ initial: Math.max(2, Math.ceil(this.#end / PAGE)) });
    compiled ??= new api.Module(Buffer.from(kernels.wasm, 'base64'));
    const { exports } = new api.Instance(compiled, { env: { memory } });
    (exports['__stack_pointer'] as { value: number }).value = STACK_BYTES;
    return {
      buffer: memory.buffer,
      convolution: exports['conv_s8'] as Kernel,
      depthwise: exports['depthwise_s8'] as Kernel,
    };
  }
}
