/** An exported model as C source, for firmware that links a runtime such as TensorFlow Lite Micro. */

import type { DataFacts } from '../space/data-facts.ts';
import type { Network } from '../space/network.ts';
import { assumedOfArena, type Estimate, type Target } from '../cost/index.ts';
import { cComment, cIdentifier } from './c-text.ts';
import { cData, type InputQuantization } from './c-data.ts';
import { registrationGap, registrationOf } from './registration.ts';

export interface CSourceRequest {
  /** Any text; becomes the prefix of the C names. */
  readonly name: string;
  readonly tflite: Uint8Array;
  readonly network: Network;
  /** What runs it, and says how operators are registered. */
  readonly runtime: Target['runtime'];
  /** The arena that setting the network up needs, bytes. */
  readonly arena: Estimate;
  /** How to feed the model and read its answer; absent where the run does not say. */
  readonly data?: { readonly facts: DataFacts; readonly input: InputQuantization } | undefined;
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

/** The arena to reserve: the upper end of the interval of what is needed, so that allocation does not fail on the board. */
export function arenaBytes(arena: Estimate): number {
  return Math.ceil(arena.high / arenaAlignment) * arenaAlignment;
}

/** The header goes beside the source as `<identifier>.h`. */
export function cSource(request: CSourceRequest): CSource {
  const { tflite, arena } = request;
  const identifier = cIdentifier(request.name);
  const macro = identifier.toUpperCase();
  const registration = registrationOf(request.network, request.runtime);
  const { facts, input } = request.data ?? {};
  const data = facts === undefined || input === undefined ? undefined : cData(identifier, facts, input);
  const header = `${cComment([...request.provenance, '', ...registrationLines(request)])}
#ifndef ${macro}_H_
#define ${macro}_H_

#ifdef __cplusplus
extern "C" {
#endif

/* What setting the network up needs: ${Math.round(arena.value)} bytes, between ${Math.round(arena.low)} and ${Math.round(arena.high)} with 90 % confidence. */
#define ${macro}_ARENA_BYTES ${arenaBytes(arena)}
#define ${macro}_OPERATOR_COUNT ${registration.calls.length + registration.unknown.length}
#define ${macro}_BYTES ${tflite.length}

extern const unsigned char ${identifier}[${macro}_BYTES];
${data === undefined ? '' : `\n${data.header}\n`}
#ifdef __cplusplus
}
#endif

#endif
`;
  const lines: string[] = [];
  for (let start = 0; start < tflite.length; start += bytesPerLine) {
    lines.push(`  ${Array.from(tflite.subarray(start, start + bytesPerLine), hex).join(', ')},`);
  }
  const source = `${cComment(request.provenance)}
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
${data === undefined ? '' : `\n${data.source}\n`}`;
  return { header, source };
}

function registrationLines({ network, runtime }: CSourceRequest): string[] {
  const registration = registrationOf(network, runtime);
  const gap = registrationGap(registration, runtime);
  const { resolver, calls } = registration;
  const arena = assumedOfArena(runtime);
  return [
    ...(arena === '' ? [] : [arena, '']),
    ...(resolver === undefined || calls.length === 0
      ? []
      : [`Register these operators with ${resolver}:`, ...calls.map((call) => `  resolver.${call}();`)]),
    ...(gap === undefined ? [] : [gap]),
  ];
}

const hex = (byte: number) => `0x${byte.toString(16).padStart(2, '0')}`;
