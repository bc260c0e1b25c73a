/** Measured rows as {@link Observation}s: which terms, how much of each, and the cycles that came out. */

import type { LatencyPath } from '../../../device-profiles/types.ts';
import { kindOfTflite, operatorKinds, rowOf, templateFrom } from '../../operators/catalogue.ts';
import type { TensorSpec } from '../../operators/tensors.ts';
import type { Network, Op, OpKind, OpTemplate } from '../../space/network.ts';
import { measureQuantities, type Quantities } from '../quantities.ts';
import { compileConditions, type Predicate } from '../rules.ts';
import { tensorOf } from '../assemble.ts';
import type { Extent, Observation } from './least-squares.ts';

/** A row of `device-profiles/measurements/networks_and_operators.csv`. */
export interface MeasuredRow {
  readonly source: string;
  readonly board: string;
  readonly mcu: string;
  readonly core: string;
  readonly clock_mhz: string;
  readonly runtime: string;
  readonly kernels: string;
  readonly model_or_layer: string;
  readonly cycles: string;
  readonly model_json: string;
  readonly kind: string;
  readonly note: string;
}

/** A row of the single-layer tables (kept outside the project: their source carries no licence). */
export interface LayerRow {
  readonly board: string;
  readonly session_file: string;
  readonly op: string;
  readonly in_h: string;
  readonly in_w: string;
  readonly in_c: string;
  readonly out_h: string;
  readonly out_w: string;
  readonly out_c: string;
  readonly k_h: string;
  readonly k_w: string;
  readonly s_h: string;
  readonly s_w: string;
  readonly padding: string;
  readonly activation: string;
  readonly cycles_op: string;
}

export class TermReader {
  readonly #paths: readonly { readonly path: LatencyPath; readonly holds: Predicate }[];

  constructor(paths: readonly LatencyPath[]) {
    this.#paths = paths.map((path) => ({ path, holds: compileConditions(path.when) }));
  }

  /** Adds the terms of one operator, named `family.quantity`, and widens its family's extent. */
  add(
    kind: OpKind,
    quantities: Quantities,
    terms: Record<string, number>,
    extents: Record<string, Extent>,
  ): void {
    const found = this.#paths.find(({ path, holds }) => path.operators.includes(kind) && holds(quantities));
    if (found === undefined) return;
    const { family } = found.path;
    for (const name of [sizeQuantity(found.path), ...shapeQuantities(found.path)]) {
      const value = quantities[name];
      const key = `${family}.${name}`;
      const { low = value, high = value } = extents[key] ?? {};
      extents[key] = { low: Math.min(low, value), high: Math.max(high, value) };
    }
    for (const term of found.path.terms) {
      const name = `${family}.${term}`;
      terms[name] = (terms[name] ?? 0) + quantities[term as keyof Quantities];
    }
  }
}

const sizes = ['macs', 'innerMacs', 'reduced', 'poolReads', 'allInputs', 'inputs', 'outputs'] as const;

/** What an envelope counts: MACs for kernels that multiply, what is read or written for the others. */
export function sizeQuantity(path: LatencyPath): (typeof sizes)[number] {
  return sizes.find((size) => path.terms.includes(size)) ?? 'outputs';
}

const shapes = [
  'kernelArea',
  'inputChannels',
  'outputChannels',
  'outputHeight',
  'outputWidth',
  'remainderInputs',
] as const;

/** Kinds that multiply over a window of what they read. */
const windowed: ReadonlySet<string> = new Set(
  operatorKinds.filter((kind) => {
    const { attributes, weights, stepsOver } = rowOf(kind);
    return 'kernel' in attributes && weights !== undefined && stepsOver === 'input';
  }),
);

/** By what layers of one size differ in shape, of kernels whose loops follow it: those of {@link windowed}. */
export function shapeQuantities({ operators }: LatencyPath): readonly (typeof shapes)[number][] {
  return operators.every((name) => windowed.has(name)) ? shapes : [];
}

export function quantitiesIn(network: Network, op: Op): Quantities {
  const inputs = op.inputs.map((id) => tensorOf(network, id));
  const output = tensorOf(network, op.output);
  return measureQuantities(
    op,
    inputs.map((tensor) => tensor.shape),
    output.shape,
    { input: inputs[0]?.dtype ?? 'int8', output: output.dtype },
  );
}

/** The operators of a network that a row measures: all, those of one kind, or one by its index. */
export function measuredOps(row: MeasuredRow, network: Network): readonly Op[] {
  if (row.kind === 'opsum') {
    const name = /\ball (?:calls of )?([A-Z_0-9]+)/i.exec(row.model_or_layer)?.[1]?.toUpperCase() ?? '';
    return network.ops.filter((op) => op.kind === kindOfTflite(name));
  }
  if (row.kind === 'op') {
    const index = Number(/\[(\d+)\]/.exec(row.model_or_layer)?.[1] ?? -1);
    return network.ops.filter((op) => op.index === index);
  }
  return network.ops;
}

export function observationOf(
  row: MeasuredRow,
  network: Network,
  reader: TermReader,
): Observation | undefined {
  const ops = measuredOps(row, network);
  const cycles = Number(row.cycles);
  if (ops.length === 0 || !(cycles > 0)) return undefined;
  const terms: Record<string, number> = row.kind === 'e2e' ? { invoke: 1 } : {};
  const extents: Record<string, Extent> = {};
  for (const op of ops) reader.add(op.kind, quantitiesIn(network, op), terms, extents);
  return {
    terms,
    cycles,
    extents,
    network: row.model_json,
    board: row.board,
    kind: row.kind === 'e2e' ? 'network' : 'operators',
    label: `${row.board} ${row.model_or_layer}`,
  };
}

type MeasuredLayer = Partial<
  Readonly<
    Record<
      'op' | 'in_h' | 'in_w' | 'in_c' | 'out_c' | 'k_h' | 'k_w' | 's_h' | 's_w' | 'padding' | 'activation',
      string
    >
  >
>;

/** The operator of a layer that was measured alone, with the tensors around it; `undefined` for one that is not. */
export function measuredLayer(
  row: MeasuredLayer,
):
  | { readonly op: OpTemplate; readonly inputs: readonly TensorSpec[]; readonly output: TensorSpec }
  | undefined {
  const kind = kindOfTflite(row.op ?? '');
  if (kind === undefined) return undefined;
  const op = templateFrom(kind, {
    kernel: [Number(row.k_h), Number(row.k_w)],
    stride: [Number(row.s_h), Number(row.s_w)],
    padding: row.padding === 'valid' ? 'valid' : 'same',
    filters: Number(row.out_c),
    activation: row.activation === 'relu' ? 'relu' : 'none',
  });
  const input = { shape: [Number(row.in_h), Number(row.in_w), Number(row.in_c)], dtype: 'int8' } as const;
  const inputs = rowOf(kind).joins === 'single' ? [input] : [input, input];
  const [output] = rowOf(kind).outputs(op, inputs).outputs;
  return output && { op, inputs, output };
}
