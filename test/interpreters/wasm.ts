/**
 * TensorFlow Lite itself as an independent judge of exported models: the WebAssembly build that
 * `@tensorflow/tfjs-tflite` ships, driven without its browser client.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

type Numbers = Int8Array | Uint8Array | Int16Array | Int32Array | Float32Array;

/** The part of the Emscripten module that is used; names as the package exports them. */
interface Module {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly TFLiteWebModelRunner: {
    CreateFromBufferAndOptions(
      address: number,
      length: number,
      options: Readonly<Record<string, number | boolean>>,
    ): { ok(): boolean; errorMessage(): string; value(): Runner };
  };
}

interface Runner {
  GetInputs(): Vector<TensorInfo>;
  GetOutputs(): Vector<TensorInfo>;
  Infer(): boolean;
  delete(): void;
}

interface Vector<T> {
  get(index: number): T;
  size(): number;
}

interface TensorInfo {
  readonly shape: string;
  data(): Numbers;
}

const require = createRequire(import.meta.url);
let loaded: Promise<Module> | undefined;

function load(): Promise<Module> {
  loaded ??= (async () => {
    const script = require.resolve('@tensorflow/tfjs-tflite/wasm/tflite_web_api_cc.js');
    const factory = require(script) as (options: object) => Promise<Module>;
    const silent = () => undefined;
    return factory({
      wasmBinary: readFileSync(script.replace(/js$/, 'wasm')),
      print: silent,
      printErr: silent,
    });
  })();
  return loaded;
}

/**
 * The first output of the model for each input, as stored (quantised numbers for an int8 model). Throws when
 * TensorFlow Lite refuses the model.
 */
export async function runInWasm(
  model: Uint8Array,
  inputs: readonly ArrayLike<number>[],
): Promise<number[][]> {
  const module = await load();
  const address = module._malloc(model.length);
  module.HEAPU8.set(model, address);
  try {
    const created = module.TFLiteWebModelRunner.CreateFromBufferAndOptions(address, model.length, {
      numThreads: 1,
      enableProfiling: false,
      maxProfilingBufferEntries: 1024,
    });
    if (!created.ok()) throw new Error(created.errorMessage());
    const runner = created.value();
    try {
      return inputs.map((input) => {
        const expected = runner.GetInputs().get(0).data();
        if (expected.length !== input.length) {
          throw new RangeError(`The model takes ${expected.length} numbers, not ${input.length}.`);
        }
        expected.set(Array.from(input));
        if (!runner.Infer()) throw new Error('TensorFlow Lite could not run the model.');
        return Array.from(runner.GetOutputs().get(0).data());
      });
    } finally {
      runner.delete();
    }
  } finally {
    module._free(address);
  }
}
