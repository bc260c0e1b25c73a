/**
 * Chooses and starts the tfjs backend that trains: TensorFlow's own library where `@tensorflow/tfjs-node` is
 * installed, else WebAssembly with SIMD.
 *
 * `@tensorflow/tfjs-node` is no dependency of ours, since installing it downloads a binary; a person who has it
 * beside the extension (or on NODE_PATH) gets its speed.
 */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
// For its side effect: it registers the derivatives of the operators, which tfjs-core for Node leaves out.
import '@tensorflow/tfjs-layers';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { registerGradients } from './kernels/gradients.ts';
import type { WasmBackend } from './kernels/native.ts';
import { OutOfMemory } from './out-of-memory.ts';

export interface BackendOptions {
  /** The directory with tfjs-backend-wasm*.wasm; by default that of the installed package. */
  readonly wasmDir?: string | undefined;
  /** Loads `@tensorflow/tfjs-node`; rejects when it is not installed. */
  readonly importTensorFlow?: () => Promise<unknown>;
  /** `wasm` does not look for `@tensorflow/tfjs-node`. */
  readonly prefer?: 'wasm' | 'tensorflow';
}

export interface BackendInfo {
  /** As tfjs calls it: `tensorflow` or `wasm`. Part of what makes a result reproducible. */
  readonly name: string;
  /** Whether our own gradient kernels run inside the backend's memory. */
  readonly nativeKernels: boolean;
}

const WASM_FILE = 'tfjs-backend-wasm-simd.wasm';
/** In a variable, so that bundlers leave it to be found, or not, when the program runs. */
const TENSORFLOW_PACKAGE = '@tensorflow/tfjs-node';

let started: Promise<BackendInfo> | undefined;

/** Starts the backend once per process; later calls give the same answer. */
export function initBackend(options: BackendOptions = {}): Promise<BackendInfo> {
  started ??= start(options).catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function start(options: BackendOptions): Promise<BackendInfo> {
  if (options.prefer !== 'wasm') {
    try {
      await (options.importTensorFlow ?? importTensorFlow)();
      if (await tf.setBackend('tensorflow')) {
        await tf.ready();
        return { name: 'tensorflow', nativeKernels: false };
      }
    } catch {
      // Not installed, or it does not load here.
    }
  }
  return startWasm(options.wasmDir);
}

async function importTensorFlow(): Promise<unknown> {
  const name: string = TENSORFLOW_PACKAGE;
  return import(name);
}

async function startWasm(wasmDir: string | undefined): Promise<BackendInfo> {
  const folder = wasmDir ?? installedWasmDir();
  if (!existsSync(join(folder, WASM_FILE))) {
    throw new Error(
      `Training cannot start: ${join(folder, WASM_FILE)} is missing. Reinstall the extension, or give the ` +
        `directory that holds the files of @tensorflow/tfjs-backend-wasm.`,
    );
  }
  // The workers of a search already keep every core busy; one thread per process also keeps results reproducible.
  wasm.setThreadsCount(1);
  wasm.setWasmPaths(folder.endsWith(sep) ? folder : folder + sep);
  if (!(await tf.setBackend('wasm'))) {
    throw new Error(
      `Training cannot start: the WebAssembly files in ${folder} do not load. Reinstall the extension.`,
    );
  }
  await tf.ready();
  guardMemory((tf.backend() as unknown as WasmBackend).wasm);
  return { name: 'wasm', nativeKernels: registerGradients() };
}

/** Bytes that WebAssembly can address. */
const REACH = 2 ** 32;

/**
 * tfjs does not look whether it was given the memory that it asked for: without this it writes to address 0 and goes on
 * with wrong numbers, or dies without a reason.
 */
function guardMemory(module: Pick<WasmBackend['wasm'], '_malloc'>): void {
  const malloc = module._malloc.bind(module);
  const guarded = (bytes: number): number => {
    const address = bytes < REACH ? malloc(bytes) >>> 0 : 0;
    if (bytes > 0 && address === 0) throw new OutOfMemory(bytes);
    return address;
  };
  // Emscripten puts the true function in the place of its stub when that is first called.
  Object.defineProperty(module, '_malloc', { get: () => guarded, set: () => undefined });
}

function installedWasmDir(): string {
  const require = createRequire(import.meta.url);
  return dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
}
