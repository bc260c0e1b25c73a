/** Networks as C, and what this project's int8 interpreter, which answers as LiteRT does, makes of their samples. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Target } from '../../../engine/cost/index.ts';
import { targetNamed } from '../../../engine/cost/testing.ts';
import { readTflite } from '../../../engine/model/index.ts';
import type { QuantizedNetwork } from '../../../engine/space/trained.ts';
import { elementsOf } from '../../../engine/space/network.ts';
import { createInt8Interpreter } from '../../../engine/train/index.ts';
import { int8Cases, SAMPLES } from '../../../engine/train/int8/testing.ts';
import { random } from '../../../engine/train/random.ts';
import { KernelSources, networkC, type NetworkC, shippedFirmware } from '../index.ts';

const root = path.resolve(import.meta.dirname, '../../..');
export const kernels = new KernelSources(shippedFirmware);

/** The runtime that stands for the kernels, on any board: memory is laid out in the same way on all. */
export const ownTarget: Target = targetNamed({ board: 'pico', runtime: 'nasturtium-probe' });

export interface Sample {
  /** Position of the network. */
  readonly network: number;
  readonly input: Int8Array;
  readonly expected: Int8Array;
  /** By how much a value may differ: softmax alone, which each implementation has in its own way. */
  readonly tolerance: 0 | 1;
}

export interface Deployed {
  readonly name: string;
  readonly quantized: QuantizedNetwork;
  readonly inputs: readonly Int8Array[];
}

/** The model of the shipped example, with noise for pictures. */
export function clothes(): Deployed {
  const file = path.join(root, 'test/fixtures/tflite/nasturtium_clothes_int8.tflite');
  const { quantized } = readTflite(new Uint8Array(readFileSync(file)), file);
  if (quantized === undefined) throw new Error(`${file} holds no int8 network.`);
  const source = random('clothes', 'pictures');
  const size = elementsOf(quantized.network.tensors[quantized.network.inputs[0] ?? 0]?.shape ?? []);
  const inputs = Array.from({ length: 2 }, () =>
    Int8Array.from({ length: size }, () => source.int(256) - 128),
  );
  return { name: 'clothes', quantized, inputs };
}

/** Every operator that is exported, in networks of its own; and the example. */
export const allNetworks = (): readonly Deployed[] => [
  clothes(),
  ...int8Cases().map(({ quantized, inputs }, at) => {
    const size = inputs.length / SAMPLES;
    const each = Array.from({ length: 2 }, (_, i) => inputs.subarray(i * size, (i + 1) * size));
    return { name: `case ${at}`, quantized, inputs: each };
  }),
];

export const samplesOf = (networks: readonly Deployed[]): readonly Sample[] =>
  networks.flatMap(({ quantized, inputs }, network) => {
    const interpreter = createInt8Interpreter(quantized);
    const tolerance = quantized.network.ops.some(({ kind }) => kind === 'softmax') ? 1 : 0;
    return inputs.map((input) => ({ network, input, expected: interpreter.run(input).slice(), tolerance }));
  });

/** As `run.c` reads them. */
export const jobOf = (samples: readonly Sample[]): Uint8Array =>
  Buffer.concat(
    samples.flatMap(({ network, input }) => [
      new Uint8Array(Uint32Array.of(network).buffer),
      new Uint8Array(input.buffer, input.byteOffset, input.length),
    ]),
  );

export interface Written {
  readonly networks: readonly NetworkC[];
  /** Of the folder: networks, the kernels that they need, and the list for `run.c`. */
  readonly sources: readonly string[];
}

/** Writes networks, the kernels that they need and a list of them into a folder. */
export function writeNetworks(folder: string, deployed: readonly Deployed[]): Written {
  mkdirSync(folder, { recursive: true });
  const networks = deployed.map(({ name, quantized }) =>
    networkC({ name, quantized, target: ownTarget, provenance: [name] }, kernels),
  );
  const files = new Map<string, string>(
    kernels.filesOf(new Set(networks.flatMap((each) => [...each.kernels]))),
  );
  const names = deployed.map(({ name }) => name.replace(' ', '_'));
  networks.forEach(({ header, source }, at) => {
    files.set(`${names[at] ?? ''}.h`, header).set(`${names[at] ?? ''}.c`, source);
  });
  const sources = [...files.keys()].filter((file) => !file.endsWith('.h'));
  files.set('networks.h', listOf(names));
  for (const [file, text] of files) writeFileSync(path.join(folder, file), text);
  return { networks, sources: sources.map((file) => path.join(folder, file)) };
}

const listOf = (names: readonly string[]): string => `#include <stdint.h>
${names.map((name) => `#include "${name}.h"`).join('\n')}

typedef struct {
  uint32_t arena_bytes, input_count, output_count;
  int8_t *(*input)(void *arena);
  const int8_t *(*output)(const void *arena);
  void (*run)(void *arena);
} network;

static const network networks[] = {
${names
  .map((name) => {
    const macro = name.toUpperCase();
    const numbers = ['ARENA_BYTES', 'INPUT_COUNT', 'OUTPUT_COUNT'].map((what) => `${macro}_${what}`);
    return `    {${[...numbers, `${name}_input`, `${name}_output`, `${name}_run`].join(', ')}},`;
  })
  .join('\n')}
};
`;
