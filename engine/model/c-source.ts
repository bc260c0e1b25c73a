/** An exported model as C source, for firmware that links TensorFlow Lite Micro. */

import type { Network } from '../space/network.ts';
import type { Estimate } from '../cost/index.ts';

export interface CSourceRequest {
  /** Any text; becomes the prefix of the C names. */
  readonly name: string;
  readonly tflite: Uint8Array;
  readonly network: Network;
  /** The planned arena, bytes. */
  readonly arena: Estimate;
  /** Lines of the comment that says where the model comes from. */
  readonly provenance: readonly string[];
}

export interface CSource {
  readonly header: string;
  readonly source: string;
}

/** TFLite Micro allocates its arena in steps of this. */
const arenaAlignment = 16;
const bytesPerLine = 16;

/** Methods of TFLite Micro's MicroMutableOpResolver, where the name does not follow from the operator's. */
const resolverNames: Readonly<Record<string, string>> = {
  conv_2d: 'AddConv2D',
  depthwise_conv_2d: 'AddDepthwiseConv2D',
  average_pool_2d: 'AddAveragePool2D',
  max_pool_2d: 'AddMaxPool2D',
};

/** The calls that register the network's operators, e.g. `AddConv2D`, once each, in order of first use. */
export function resolverCalls(network: Network): string[] {
  const kinds = network.ops.filter((op) => op.kind !== 'dropout' && op.kind !== 'other').map((op) => op.kind);
  const camelCase = (kind: string) =>
    kind.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [...new Set(kinds)].map((kind) => resolverNames[kind] ?? `Add${camelCase(kind)}`);
}

/** A valid C identifier: letters, digits and `_`, not starting with a digit. */
export function cIdentifier(name: string): string {
  const cleaned = name
    .replace(/\W+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return /^[a-z]/.test(cleaned) ? cleaned : `model_${cleaned}`.replace(/_+$/, '');
}

/** The arena to reserve: the upper end of the interval, so that allocation does not fail on the board. */
export function arenaBytes(arena: Estimate): number {
  return Math.ceil(arena.high / arenaAlignment) * arenaAlignment;
}

/** The header goes beside the source as `<identifier>.h`. */
export function cSource(request: CSourceRequest): CSource {
  const { tflite, network, arena } = request;
  const identifier = cIdentifier(request.name);
  const macro = identifier.toUpperCase();
  const calls = resolverCalls(network);
  // A provenance line may hold anything; it must not end the comment.
  const comment = (lines: readonly string[]) =>
    ['/*', ...lines.map((line) => ` * ${line.replaceAll('*/', '* /')}`.trimEnd()), ' */'].join('\n');
  const header = `${comment([
    ...request.provenance,
    '',
    'Register these operators with tflite::MicroMutableOpResolver:',
    ...calls.map((call) => `  resolver.${call}();`),
  ])}
#ifndef ${macro}_H_
#define ${macro}_H_

#ifdef __cplusplus
extern "C" {
#endif

/* Planned: ${Math.round(arena.value)} bytes, between ${Math.round(arena.low)} and ${Math.round(arena.high)} with 90 % confidence. */
#define ${macro}_ARENA_BYTES ${arenaBytes(arena)}
#define ${macro}_OPERATOR_COUNT ${calls.length}
#define ${macro}_BYTES ${tflite.length}

extern const unsigned char ${identifier}[${macro}_BYTES];

#ifdef __cplusplus
}
#endif

#endif
`;
  const lines: string[] = [];
  for (let start = 0; start < tflite.length; start += bytesPerLine) {
    lines.push(`  ${Array.from(tflite.subarray(start, start + bytesPerLine), hex).join(', ')},`);
  }
  const source = `${comment(request.provenance)}
#include "${identifier}.h"

/* The interpreter reads weights in place and needs them aligned. */
#if defined(__GNUC__) || defined(__clang__)
__attribute__((aligned(16)))
#elif defined(__ICCARM__)
#pragma data_alignment = 16
#endif
const unsigned char ${identifier}[${macro}_BYTES] = {
${lines.join('\n')}
};
`;
  return { header, source };
}

const hex = (byte: number) => `0x${byte.toString(16).padStart(2, '0')}`;
