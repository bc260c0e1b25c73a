/**
 * What all operators can cost that an operator of a relaxed space stands for (see `space/program/spread.ts`). Within a
 * frame nothing but channels differs, and every quantity grows with them but for remainders, so the corners of a frame
 * bound its quantities; a profile's rules are then read for what may hold and its sums for their least and greatest.
 */

import { rowOf } from '../operators/catalogue.ts';
import type { OpKind } from '../space/network.ts';
import type { OpTemplate } from '../space/network.ts';
import type { Spread, SpreadFrame } from '../space/program/spread.ts';
import { onceFor } from '../space/once.ts';
import { pathOf, type CompiledTarget } from './compile.ts';
import { formIn, type Hull } from './form.ts';
import type { Range } from './format.ts';
import { isNamed } from './rule-names.ts';
import { measureQuantities, quantityNames, type Quantities, type QuantityName } from './quantities.ts';
import { memoryIn } from './spread-memory.ts';
import { allHoldIn, cover, firstIn, nothing } from './spread-rules.ts';

/** The parts of an operator's row; see `operator-rows.ts`. */
export interface RowParts {
  readonly cycles: number;
  readonly file: number;
  readonly flash: number;
  readonly macs: number;
  readonly parameters: number;
  /** Bytes. */
  readonly tail: number;
  /** What preparing it takes, and gives back. */
  readonly passing: number;
  /** How many tensors the model has for its sake, and how many buffers of its own it asks for. */
  readonly tensors: number;
  readonly scratches: number;
  readonly output: number;
  /** Buffers of its own together, then its part of each that all kernels share; and all with each rounded up. */
  readonly scratch: readonly number[];
  readonly planned: number;
  readonly input: number;
  readonly inPlace: boolean;
  /** One row of what is put out, bytes. */
  readonly outputRow: number;
}

export interface SpreadRow {
  readonly parts: RowParts;
  /** Every operator that it stands for has a latency. */
  readonly isTimed: boolean;
}

/** What the frames of a layer enclose. */
interface Bounded {
  readonly low: RowParts;
  readonly high: RowParts;
  readonly isTimed: boolean;
}

/** What is left over when a quantity is divided does not grow with it: how often, at most, and whose channels it follows. */
const remainders: readonly {
  readonly name: QuantityName;
  readonly divided: QuantityName;
  readonly times: QuantityName;
  readonly modulo: number;
  readonly by: 'inputStep' | 'outputStep';
}[] = [
  { name: 'oddChannels', divided: 'outputChannels', times: 'im2col', modulo: 2, by: 'outputStep' },
  { name: 'remainderInputs', divided: 'inputChannels', times: 'windows', modulo: 4, by: 'inputStep' },
  { name: 'remainderMacs', divided: 'windowSize', times: 'outputs', modulo: 4, by: 'inputStep' },
  { name: 'remainderMacs16', divided: 'windowSize', times: 'outputs', modulo: 16, by: 'inputStep' },
  { name: 'remainderChannels', divided: 'outputChannels', times: 'pixels', modulo: 4, by: 'outputStep' },
];

export function hullOf(frame: SpreadFrame): Hull {
  const { corners, inputStep, outputStep } = frame;
  let low: Record<QuantityName, number> | undefined;
  let high: Record<QuantityName, number> | undefined;
  let isOne = true;
  for (const { template, inputs, output } of corners) {
    const shapes = inputs.map(({ shape }) => shape);
    const formats = { input: inputs[0]?.dtype ?? output.dtype, output: output.dtype };
    const found = measureQuantities(template, shapes, output.shape, formats);
    if (low === undefined || high === undefined) {
      low = { ...found };
      high = { ...found };
      continue;
    }
    for (const name of quantityNames) {
      const value = found[name];
      if (value < low[name]) low[name] = value;
      if (value > high[name]) high[name] = value;
      if (low[name] !== high[name]) isOne = false;
    }
  }
  if (low === undefined || high === undefined) throw new Error('A frame has no corner.');
  if (isOne) return { low, high, step: () => 1 };
  // What is appended varies by itself: its share of the whole is not that of the corners.
  const [corner] = corners;
  if (corner !== undefined && rowOf(corner.template.kind).channels.by === 'sum') {
    low.expansion = 1;
    high.expansion = high.outputs / low.inputs;
  }
  const steps = { inputStep, outputStep };
  for (const { name, divided, times, modulo, by } of remainders) {
    if (low[divided] === high[divided]) continue;
    // Groups divide the channels of a window.
    const isWhole = steps[by] % modulo === 0 && high.groups <= 1;
    low[name] = 0;
    high[name] = isWhole ? 0 : (modulo - 1) * high[times];
  }
  const most = high;
  return { low, high, step: (name) => stepOf(name, most, frame) };
}

/** What the values of a quantity differ by multiples of, as far as a division cares. */
function stepOf(name: QuantityName, high: Quantities, { inputStep, outputStep }: SpreadFrame): number {
  if (name === 'inputChannels') return inputStep;
  if (name === 'outputChannels') return outputStep;
  if (name === 'windowSize' && high.groups <= 1) return high.kernelArea * inputStep;
  return name === 'outputs' ? high.pixels * outputStep : 1;
}

function cyclesIn(compiled: CompiledTarget, kind: OpKind, hull: Hull): Range | undefined {
  if (rowOf(kind).trainingOnly) return nothing;
  if (compiled.profile === undefined) return undefined;
  const { possible, mayBeNone } = firstIn(compiled.paths({ kind }), ({ path }) => path.when, hull);
  if (mayBeNone) return undefined;
  const ranges: Range[] = [];
  for (const { fitted, floor } of possible) {
    if (fitted === undefined) return undefined;
    const own = formIn(fitted.cycles, hull);
    const least = floor === undefined ? own : formIn(floor.fitted.cycles, hull);
    ranges.push({ low: Math.max(own.low, least.low), high: Math.max(own.high, least.high) });
  }
  const range = cover(ranges);
  const { low, high } = departures(compiled)(kind);
  return { low: low * range.low, high: high * range.high };
}

/** By how much layers of a kind that were measured depart from what they would cost, at least and at most; 1 where none was. */
const departures = onceFor((compiled: CompiledTarget): ((kind: OpKind) => Range) => {
  const known = new Map<OpKind, Range>();
  for (const { op, quantities, cycles } of compiled.measured?.layers ?? []) {
    const fitted = pathOf(compiled, op, quantities)?.cycles?.(quantities);
    if (fitted === undefined || fitted <= 0) continue;
    const { low, high } = known.get(op.kind) ?? none;
    const ratio = cycles.value / fitted;
    known.set(op.kind, { low: Math.min(low, ratio), high: Math.max(high, ratio) });
  }
  return (kind) => known.get(kind) ?? none;
});

const none: Range = { low: 1, high: 1 };

/** Whether the runtime may write the output over an input, and whether it is sure to. */
function inPlaceIn(compiled: CompiledTarget, kind: OpKind, hull: Hull): boolean | undefined {
  const found = (compiled.target.runtime.memory.inPlace ?? [])
    .filter(({ operators }) => operators.some((name) => isNamed(kind, name)))
    .map(({ when }) => allHoldIn(when, hull));
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}

/** Whether the runtime has a kernel for everything in the hull. */
function isSupportedIn(
  compiled: CompiledTarget,
  template: OpTemplate,
  frame: SpreadFrame,
  hull: Hull,
): boolean {
  const { kind } = template;
  if (rowOf(kind).trainingOnly) return true;
  const dtype = frame.corners[0]?.inputs[0]?.dtype ?? 'int8';
  const entries = compiled.support({ kind }).filter(({ entry }) => entry.dtypes.includes(dtype));
  const { possible, mayBeNone } = firstIn(entries, ({ entry }) => entry.when, hull);
  return !mayBeNone && possible.every(({ entry }) => entry.level !== 'none');
}

function partsOf(
  compiled: CompiledTarget,
  kind: OpKind,
  hull: Hull,
  cycles: Range,
  isTimed: boolean,
): Bounded {
  const { memory, target } = compiled;
  const fileTerms = target.runtime.modelFile.perOperator;
  const isThere = !rowOf(kind).trainingOnly;
  const inPlace = inPlaceIn(compiled, kind, hull);
  const file = isThere ? formIn(fileTerms, hull) : nothing;
  const flash = isThere ? formIn({ ...fileTerms, operators: 0 }, hull) : nothing;
  const isFolded = memory.folds(kind);
  const { tail, scratch, planned, scratches, passing } = memoryIn(compiled, kind, hull);
  const side = (end: Spread['side']): RowParts => {
    const quantities = hull[end];
    return {
      cycles: cycles[end],
      file: Math.ceil(file[end]),
      flash: Math.ceil(flash[end]),
      macs: quantities.macs,
      parameters: quantities.parameters,
      tail: isFolded ? 0 : tail[end],
      passing: isFolded ? 0 : passing[end],
      tensors: isFolded ? 0 : quantities.tensors,
      scratches: scratches[end],
      output: quantities.outputs * quantities.outputElementBytes,
      scratch: scratch.map((range) => range[end]),
      planned: planned[end],
      input: quantities.inputs * quantities.elementBytes,
      // Reuse makes it less.
      inPlace: end === 'low' ? inPlace !== false : inPlace === true,
      outputRow: quantities.outputRow * quantities.outputElementBytes,
    };
  };
  return { low: side('low'), high: side('high'), isTimed };
}

const fold: Readonly<Record<Spread['side'], (left: number, right: number) => number>> = {
  low: Math.min,
  high: Math.max,
};

/** Frames of a target that are remembered: the uses of a block have the same ones, and so has the next version of a text. */
const REMEMBERED = 10_000;

const frames = new WeakMap<CompiledTarget, Map<string, Bounded>>();
/** Both sides have the frames of one layer, and one is asked for after the other. */
const layers = new WeakMap<CompiledTarget, WeakMap<readonly SpreadFrame[], Bounded>>();

/** The least, or the most, of everything that the frames enclose, part by part. */
export function spreadRow(compiled: CompiledTarget, { side, frames: own }: Spread): SpreadRow {
  let known = layers.get(compiled);
  if (known === undefined) layers.set(compiled, (known = new WeakMap()));
  let bounded = known.get(own);
  if (bounded === undefined) known.set(own, (bounded = boundedByAll(compiled, own)));
  return { parts: bounded[side], isTimed: bounded.isTimed };
}

function boundedByAll(compiled: CompiledTarget, own: readonly SpreadFrame[]): Bounded {
  let known = frames.get(compiled);
  if (known === undefined || known.size > REMEMBERED)
    frames.set(compiled, (known = new Map<string, Bounded>()));
  let all: Bounded | undefined;
  for (const frame of own) {
    const key = keyOf(frame);
    let bounded = known.get(key);
    if (bounded === undefined) known.set(key, (bounded = boundedBy(compiled, frame)));
    all = all === undefined ? bounded : covered(all, bounded);
  }
  if (all === undefined) throw new Error('An operator that stands for others has no frame.');
  return all;
}

function covered(left: Bounded, right: Bounded): Bounded {
  return {
    low: folded(left.low, right.low, 'low'),
    high: folded(left.high, right.high, 'high'),
    isTimed: left.isTimed && right.isTimed,
  };
}

/** Everything that {@link boundedBy} depends on. */
function keyOf({ corners, inputStep, outputStep }: SpreadFrame): string {
  let key = `${String(inputStep)} ${String(outputStep)}`;
  for (const { template, inputs, output } of corners) {
    key += JSON.stringify(template);
    for (const { shape, dtype } of inputs) key += ` ${dtype} ${shape.join('x')}`;
    key += ` ${output.dtype} ${output.shape.join('x')}`;
  }
  return key;
}

function boundedBy(compiled: CompiledTarget, frame: SpreadFrame): Bounded {
  const template = frame.corners[0]?.template;
  if (template === undefined) throw new Error('A frame has no corner.');
  const hull = hullOf(frame);
  const cycles = cyclesIn(compiled, template.kind, hull);
  const isTimed = cycles !== undefined && isSupportedIn(compiled, template, frame, hull);
  return partsOf(compiled, template.kind, hull, cycles ?? nothing, isTimed);
}

function folded(left: RowParts, right: RowParts, side: Spread['side']): RowParts {
  const of = fold[side];
  return {
    cycles: of(left.cycles, right.cycles),
    file: of(left.file, right.file),
    flash: of(left.flash, right.flash),
    macs: of(left.macs, right.macs),
    parameters: of(left.parameters, right.parameters),
    tail: of(left.tail, right.tail),
    passing: of(left.passing, right.passing),
    tensors: of(left.tensors, right.tensors),
    scratches: of(left.scratches, right.scratches),
    output: of(left.output, right.output),
    scratch: left.scratch.map((bytes, index) => of(bytes, right.scratch[index] ?? bytes)),
    planned: of(left.planned, right.planned),
    input: of(left.input, right.input),
    inPlace: side === 'low' ? left.inPlace || right.inPlace : left.inPlace && right.inPlace,
    outputRow: of(left.outputRow, right.outputRow),
  };
}
