/**
 * The costs of operators as rows of numbers, so that walks over a whole space only add and compare. A row stays from
 * one version of a text to the next, as the operators of a space do.
 */

import type { Graph, LayerNode } from '../space/graph/node.ts';
import type { OpKind } from '../space/network.ts';
import type { Segment } from '../space/graph/segment.ts';
import type { InternedOp } from '../space/program/instructions.ts';
import type { OperatorTable } from '../space/program/run-layer.ts';
import type { CompiledTarget } from './compile.ts';
import { memoOf, type OperatorMemo } from './memo.ts';
import type { OperatorFigures } from './operator.ts';
import { setUpOf } from './interpreter.ts';
import { aligned } from './memory.ts';
import { LiveRows, type LayerBytes } from './live-rows.ts';
import { spreadRow, type RowParts } from './spread.ts';
import type { SegmentCosts } from './segment-costs.ts';
import type { Support } from './types.ts';

/**
 * What is summed along a path: positions in a row. Those before {@link told} are told of statements, and those from
 * {@link summed} on make up the totals of a space.
 */
export const column = {
  /** The part of `file` that is weights, constants and quantisation. */
  flash: 0,
  cycles: 1,
  macs: 2,
  parameters: 3,
  /** Bytes by which the model file grows. */
  file: 4,
  tail: 5,
  buffers: 6,
  /** Of the head that planning needs. */
  setUp: 7,
} as const;
export const told = 4;
export const summed = 1;
export const width = 8;
/** A node's row: {@link width} least sums, then as many greatest. */
export const stride = 2 * width;

/** How badly a runtime runs an operator. */
export const badness: Readonly<Record<Support['level'], number>> = { fast: 0, slow: 1, none: 2 };

/** What a layer costs with one outcome, wherever in the space that comes up. */
export interface LayerCosts extends LayerBytes {
  /** The first {@link told} columns, of all its operators. */
  readonly row: Float64Array;
  readonly first: InternedOp | undefined;
  /** Every operator has a latency. */
  readonly isTimed: boolean;
  /** What makes an instance the dearest. */
  readonly dearness: number;
  /** How badly the runtime runs the worst of its operators, and that one unless it is fast. */
  readonly badness: number;
  readonly worst: InternedOp | undefined;
  /** Kinds of operators, a bit each. */
  readonly kinds: bigint;
}

/** The rows of the operators of one space on one target, filled as they are met. */
export class OperatorRows {
  readonly #memo: OperatorMemo;
  readonly #compiled: CompiledTarget;
  readonly #figures: (OperatorFigures | undefined)[];
  readonly #foldsPadding: boolean;
  /** By the first operator. */
  readonly #layers = new Map<number, LayerCosts>();
  /** Operators that stand for some without a latency. */
  readonly #untimed = new Set<number>();
  /** What is alive while operators run. */
  readonly live: LiveRows;
  values: Float64Array;
  /** What the segments of the latest graph come to. */
  segments: ReadonlyMap<Segment, SegmentCosts> = new Map();

  constructor(compiled: CompiledTarget, operators: number, foldsPadding: boolean) {
    this.#foldsPadding = foldsPadding;
    this.#compiled = compiled;
    this.#memo = memoOf(compiled);
    this.live = new LiveRows(compiled, foldsPadding);
    this.#figures = new Array<OperatorFigures | undefined>(operators).fill(undefined);
    this.values = new Float64Array(operators * width);
  }

  isFor(compiled: CompiledTarget, foldsPadding: boolean): boolean {
    return this.#compiled === compiled && this.#foldsPadding === foldsPadding;
  }

  figures(op: InternedOp): OperatorFigures {
    return this.#figures[op.id] ?? this.#price(op);
  }

  /** Of the layer at a node. No two outcomes share an operator, so that the first tells them apart. */
  of({ outcome }: LayerNode): LayerCosts {
    const ops = outcome?.ops ?? [];
    const id = ops[0]?.id ?? -1;
    const known = this.#layers.get(id);
    if (known !== undefined) return known;
    const costs = this.#costsOf(ops);
    this.#layers.set(id, costs);
    return costs;
  }

  #costsOf(ops: readonly InternedOp[]): LayerCosts {
    const row = new Float64Array(told);
    let [isTimed, dearness, level, kinds] = [true, 0, 0, 0n];
    let worst: InternedOp | undefined;
    for (const op of ops) {
      const { support, kindIndex, macs, cycles } = this.figures(op);
      for (let index = 0; index < told; index += 1)
        row[index] = (row[index] ?? 0) + (this.values[op.id * width + index] ?? 0);
      isTimed &&= this.isTimed(op);
      dearness += this.#compiled.profile === undefined ? macs : (cycles?.value ?? 0);
      if (kindIndex >= 0) kinds |= 1n << BigInt(kindIndex);
      if (badness[support.level] <= level) continue;
      level = badness[support.level];
      worst = op;
    }
    const bytes = this.live.of(ops);
    return { ...bytes, row, first: ops[0], isTimed, dearness, badness: level, worst, kinds };
  }

  /** Whether the operator has a latency. */
  isTimed(op: InternedOp): boolean {
    return this.figures(op).cycles !== undefined && !this.#untimed.has(op.id);
  }

  #price(op: InternedOp): OperatorFigures {
    const figures = this.#memo.figuresOf(op);
    this.#figures[op.id] = figures;
    const start = op.id * width;
    if (start >= this.values.length) {
      // The space has come to know more operators since the walk began.
      const larger = new Float64Array(2 * (start + width));
      larger.set(this.values);
      this.values = larger;
    }
    const { quantities } = figures;
    const spread = op.spread && spreadRow(this.#compiled, op.spread);
    if (spread?.isTimed === false) this.#untimed.add(op.id);
    const parts = spread?.parts ?? {
      cycles: figures.cycles?.value ?? 0,
      file: figures.fileBytes,
      flash: figures.flashBytes,
      macs: figures.macs,
      parameters: figures.parameters,
      ...memoryOf(this.#compiled, figures),
      output: figures.outputBytes,
      input: quantities.inputs * quantities.elementBytes,
      inPlace: figures.inPlace,
      outputRow: quantities.outputRow * quantities.outputElementBytes,
    };
    this.#fill(start, op.template.kind, parts, 1 + op.moreOutputs.length);
    const all = parts.output * (1 + op.moreOutputs.length);
    this.live.fill(op.id, op.template.kind, { ...parts, output: all });
    return figures;
  }

  #fill(start: number, kind: OpKind, parts: RowParts, outputs: number): void {
    const { alignment } = this.#compiled.target.runtime.memory;
    const { memory } = this.#compiled;
    // A folded operator has no output of its own: it hands its input on.
    const isFolded = memory.folds(kind);
    const output = isFolded ? 0 : outputs * aligned(parts.output, alignment);
    const { values } = this;
    values[start + column.cycles] = parts.cycles;
    values[start + column.file] = parts.file;
    values[start + column.flash] = parts.flash;
    values[start + column.macs] = parts.macs;
    values[start + column.parameters] = parts.parameters;
    values[start + column.tail] = parts.tail;
    values[start + column.buffers] = output + parts.planned;
    values[start + column.setUp] = isFolded ? 0 : setUpOf(memory.data, { ...parts, outputs });
  }
}

/** What an operator takes of an arena. */
function memoryOf(
  { memory, target }: CompiledTarget,
  { kept, scratch, pooledBytes }: OperatorFigures,
): Pick<RowParts, 'tail' | 'passing' | 'tensors' | 'scratches' | 'scratch' | 'planned'> {
  const { perTensor, perScratch } = memory.data;
  const { alignment } = target.runtime.memory;
  let own = 0;
  let planned = 0;
  for (const bytes of scratch) own += bytes;
  for (const bytes of scratch) planned += aligned(bytes, alignment);
  for (const bytes of pooledBytes) planned += aligned(bytes, alignment);
  return {
    tail: kept.described + kept.buffers + perTensor * kept.tensors + perScratch * scratch.length,
    passing: kept.passing,
    tensors: kept.tensors,
    scratches: scratch.length,
    scratch: [own, ...pooledBytes],
    planned,
  };
}

const known = new WeakMap<OperatorTable, OperatorRows[]>();

/** Targets of a file, and those of the versions before it that were typed on the way. */
const mostTargets = 8;

/** The rows for the operators of a graph on a target. */
export function rowsOf(graph: Graph, compiled: CompiledTarget): OperatorRows {
  const { program, operators } = graph;
  // The table may know operators of earlier versions, the program does not.
  const foldsPadding =
    compiled.memory.folds('pad') &&
    program.instructions.some((each) => each.kind === 'layer' && each.operator === 'pad');
  let list = known.get(operators);
  if (list === undefined) known.set(operators, (list = []));
  let rows = list.find((each) => each.isFor(compiled, foldsPadding));
  if (rows === undefined) {
    list.push((rows = new OperatorRows(compiled, operators.ops.length, foldsPadding)));
    if (list.length > mostTargets) list.shift();
  }
  rows.live.read(graph);
  return rows;
}
