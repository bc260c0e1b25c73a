/** A quantised network as C that needs no runtime: constants, the plan of its memory, and a function that calls the kernels. */

import { planArena, type ArenaPlan, type Target } from '../../engine/cost/index.ts';
import { cComment, cData, cIdentifier, type InputQuantization } from '../../engine/model/index.ts';
import type { DataFacts } from '../../engine/space/data-facts.ts';
import { elementsOf, outputsOf } from '../../engine/space/network.ts';
import type { QuantizedNetwork } from '../../engine/space/trained.ts';
import { callsIn, families, scratchOf, type Call, type Family, type KernelName } from '../firmware/index.ts';
import { Constants } from './constants.ts';
import { HEADER, type KernelSources } from './kernel-sources.ts';

export interface NetworkCRequest {
  /** Any text; becomes the prefix of the C names. */
  readonly name: string;
  readonly quantized: QuantizedNetwork;
  /** Of the runtime that stands for these kernels: it says how memory is laid out. */
  readonly target: Target;
  /** How to feed the network and read its answer; absent where the run does not say. */
  readonly data?: { readonly facts: DataFacts; readonly input: InputQuantization } | undefined;
  /** Lines of the comment that says where the network comes from. */
  readonly provenance: readonly string[];
}

export interface NetworkC {
  readonly header: string;
  readonly source: string;
  readonly kernels: ReadonlySet<KernelName>;
  /** Bytes of memory that a run needs, by the kernels of the core. */
  readonly arenaBytes: Readonly<Record<Family, number>>;
}

/** One call in its place. */
interface Step {
  readonly call: Call;
  readonly op: number;
  readonly name: string;
  /** Tensors and constants that it reads. */
  readonly inputs: readonly (number | Int8Array)[];
  readonly output: number;
}

/** How `nas_core.h` tells cores apart, in the order in which it asks. */
const conditions = [
  ['mve', '#if defined(__ARM_FEATURE_MVE)'],
  ['dsp', '#elif defined(__ARM_FEATURE_SIMD32)'],
  ['plain', '#else'],
] as const satisfies readonly (readonly [Family, string])[];

/** Lines that differ between cores, under their conditions; once where they do not. */
function byFamily(linesOf: (family: Family) => readonly string[]): readonly string[] {
  const each = conditions.map(([family, condition]) => ({ condition, lines: linesOf(family) }));
  const [first] = each;
  const isOne = each.every(({ lines }) => lines.join('\n') === first?.lines.join('\n'));
  if (isOne) return first?.lines ?? [];
  return [...each.flatMap(({ condition, lines }) => [condition, ...lines]), '#endif'];
}

function stepsOf(quantized: QuantizedNetwork): readonly Step[] {
  return quantized.network.ops.flatMap((op, at) =>
    callsIn(quantized, op).flatMap((calls, position) =>
      calls.map((call) => ({
        call,
        op: at,
        name: op.name,
        inputs: call.inputs.map((input) => (typeof input === 'number' ? (op.inputs[input] ?? -1) : input)),
        output: outputsOf(op)[position] ?? -1,
      })),
    ),
  );
}

/** Throws an `Error` for an operator that the kernels have not. */
export function networkC(request: NetworkCRequest, sources: KernelSources): NetworkC {
  const { quantized, target } = request;
  const { network } = quantized;
  const name = cIdentifier(request.name);
  const steps = stepsOf(quantized);
  const plans = Object.fromEntries(
    families.map((family) => {
      const scratch = network.ops.map((_, at) =>
        Math.max(0, ...steps.filter(({ op }) => op === at).map(({ call }) => scratchOf(call, family))),
      );
      return [family, planArena(network, target, scratch)];
    }),
  ) as Readonly<Record<Family, ArenaPlan>>;
  const constants = new Constants();
  const layers = steps.map((step, at) => layerText(step, at, constants, sources));
  const calls = steps.map((step, at) => callText(step, at, constants, sources));
  const source = `${cComment(request.provenance)}
#include "${name}.h"

#include "${HEADER}"

${constants.text}

${layers.join('\n\n')}

/* Where tensors and what kernels need besides lie in the arena, in bytes: what is not needed at the same time shares its place. */
${byFamily((family) => ['enum {', ...offsets(plans[family]), '};']).join('\n')}

void ${name}_run(void *arena) {
  int8_t *const at = arena;
${calls.map((call) => `  ${call}`).join('\n')}
}

${ends(name, quantized)
  .map(({ definition }) => definition)
  .join('\n\n')}
`;
  const arenaBytes = { plain: plans.plain.bytes, dsp: plans.dsp.bytes, mve: plans.mve.bytes };
  const data = request.data && cData(name, request.data.facts, request.data.input);
  return {
    header: header(request, name, arenaBytes, data?.header),
    source: data === undefined ? source : `${source}\n${data.source}\n`,
    kernels: new Set(steps.map(({ call }) => call.kernel)),
    arenaBytes,
  };
}

const offsets = ({ tensors, scratch }: ArenaPlan): readonly string[] => [
  ...[...tensors].map(([id, offset]) => `  TENSOR_${id} = ${offset},`),
  ...[...scratch].map(([op, offset]) => `  SCRATCH_${op} = ${offset},`),
];

function layerText({ call, name }: Step, at: number, constants: Constants, sources: KernelSources): string {
  const { struct } = sources.signatureOf(call.kernel);
  const pointers = Object.entries(call.arrays).map(([member, array]) => {
    const type = sources.pointedType(struct, member);
    return [member, constants.nameOf(`${member}_${at}`, type, array)] as const;
  });
  const members = [...Object.entries(call.numbers), ...pointers].map(
    ([member, value]) => `.${member} = ${value},`,
  );
  return `${cComment([name])}\nstatic const ${struct} layer_${at} = {\n${filled(members)}\n};`;
}

/** Several to a line. */
function filled(members: readonly string[]): string {
  const lines: string[] = [];
  for (let at = 0; at < members.length; at += 4) lines.push(`  ${members.slice(at, at + 4).join(' ')}`);
  return lines.join('\n');
}

function callText(
  { call, op, inputs, output }: Step,
  at: number,
  constants: Constants,
  sources: KernelSources,
): string {
  const { inputs: count, hasScratch } = sources.signatureOf(call.kernel);
  const read = inputs
    .slice(0, count)
    .map((input) =>
      typeof input === 'number'
        ? `at + TENSOR_${input}`
        : constants.nameOf(`constant_${at}`, 'int8_t', input),
    );
  const all = [
    `&layer_${at}`,
    ...read,
    `at + TENSOR_${output}`,
    ...(hasScratch ? [`at + SCRATCH_${op}`] : []),
  ];
  return `nas_${call.kernel}_s8(${all.join(', ')});`;
}

/** The functions that say where inputs and outputs are. */
function ends(
  name: string,
  { network }: QuantizedNetwork,
): readonly { readonly declaration: string; readonly definition: string }[] {
  const several = (ids: readonly number[], at: number): string => (ids.length > 1 ? `_${at}` : '');
  const inputs = network.inputs.map((id, at) => {
    const signature = `int8_t *${name}_input${several(network.inputs, at)}(void *arena)`;
    return [signature, `return (int8_t *)arena + TENSOR_${id};`] as const;
  });
  const outputs = network.outputs.map((id, at) => {
    const signature = `const int8_t *${name}_output${several(network.outputs, at)}(const void *arena)`;
    return [signature, `return (const int8_t *)arena + TENSOR_${id};`] as const;
  });
  return [...inputs, ...outputs].map(([signature, body]) => ({
    declaration: `${signature};`,
    definition: `${signature} { ${body} }`,
  }));
}

/** Values of inputs and outputs, and what they stand for. */
function quantization(
  macro: string,
  { network, activations }: QuantizedNetwork,
  hasData: boolean,
): readonly string[] {
  const lines = (what: string, ids: readonly number[]): readonly string[] =>
    ids.flatMap((id, at) => {
      const prefix = `#define ${macro}_${what}${ids.length > 1 ? `_${at}` : ''}`;
      const { scale, zeroPoint } = activations.get(id) ?? {};
      return [
        `${prefix}_COUNT ${elementsOf(network.tensors[id]?.shape ?? [])}`,
        `${prefix}_SCALE ${(scale?.[0] ?? 1).toExponential(8)}f`,
        `${prefix}_ZERO_POINT (${zeroPoint?.[0] ?? 0})`,
      ];
    });
  return [...(hasData ? [] : lines('INPUT', network.inputs)), ...lines('OUTPUT', network.outputs)];
}

function header(
  { provenance, quantized, target }: NetworkCRequest,
  name: string,
  arenaBytes: NetworkC['arenaBytes'],
  data: string | undefined,
): string {
  const macro = name.toUpperCase();
  return `${cComment(provenance)}
#ifndef ${macro}_H_
#define ${macro}_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Memory that a run needs, bytes, and what its address has to be a multiple of. */
${byFamily((family) => [`#define ${macro}_ARENA_BYTES ${arenaBytes[family]}`]).join('\n')}
#define ${macro}_ARENA_ALIGNMENT ${target.runtime.memory.alignment}

/* real = scale * (q - zero point) */
${quantization(macro, quantized, data !== undefined).join('\n')}

/*
 * Where the input goes before a run, which writes over it, and where the output is until the next one. All of it lies in
 * the arena, so that several runs at once take one for each.
 */
${ends(name, quantized)
  .map(({ declaration }) => declaration)
  .join('\n')}
void ${name}_run(void *arena);
${data === undefined ? '' : `\n${data}\n`}
#ifdef __cplusplus
}
#endif

#endif
`;
}
