/**
 * What one operator costs by itself: everything that depends only on its attributes, shapes and number formats,
 * and so can be shared between architectures. The one place where latency terms meet quantities.
 */

import { plainestOf, rowOf } from '../operators/catalogue.ts';
import { elementsOf } from '../space/network.ts';
import type { DType, OpTemplate, Shape } from '../space/network.ts';
import { pathOf, type CompiledPath, type CompiledTarget } from './compile.ts';
import type { Kept } from './interpreter.ts';
import { kernelVerdict } from './kernel-verdict.ts';
import { countedKinds } from './memory.ts';
import { onlyMoves } from './moving-operators.ts';
import { drawOf } from './power.ts';
import { measureQuantities, quantityCatalogue, type Quantities, type QuantityName } from './quantities.ts';
import { shownName } from './rule-names.ts';
import { supportOfMeasured } from './support.ts';
import type { Estimate, Origin, Support } from './types.ts';

export interface OperatorFigures {
  readonly quantities: Quantities;
  readonly macs: number;
  readonly parameters: number;
  /** Name of the kernel path; `undefined` when none fits. */
  readonly family: string | undefined;
  /** Its position among the runtime's paths; that of no path, after the last, when none fits. */
  readonly familyIndex: number;
  /** No network of the profile holds such an operator: its error is not in that of whole networks. */
  readonly unusual: boolean;
  readonly cycles: Estimate | undefined;
  readonly latencyMs: Estimate | undefined;
  readonly energyUj: Estimate | undefined;
  /** Bytes of the activation that it puts out, of each where there are several. */
  readonly outputBytes: number;
  /** Bytes of each buffer that the kernel asks the arena for while it runs. */
  readonly scratch: readonly number[];
  /** Bytes that it needs of each buffer which all kernels share. */
  readonly pooledBytes: readonly number[];
  /** It hands its input on: its output takes no memory. */
  readonly isFolded: boolean;
  /** It may write its output over an input which nothing needs any more. */
  readonly inPlace: boolean;
  /** It puts out the shape of its input, which is known before the network runs. */
  readonly readsShape: boolean;
  /** Position of the kind whose kernel it has in `countedKinds`; -1 for what is not there at inference. */
  readonly kindIndex: number;
  /** Bytes of code that are generated for it. */
  readonly codeBytes: number;
  /** What the interpreter keeps for it. */
  readonly kept: Kept;
  /** Bytes of its weights, biases, constants and quantisation data in the model file. */
  readonly flashBytes: number;
  /** Bytes by which the model file grows with it: these, and what describes it. */
  readonly fileBytes: number;
  readonly origin: Origin;
  readonly note: string | undefined;
  readonly support: Support;
}

/** How much wider an interval gets per e-fold beyond what was measured, and at most. */
const wideningPerFold = 0.15;
const wideningLimit = 1;
/** Widening on a board with the same core that no measurement comes from. */
const otherBoardWidening = 0.15;

/** Widening of a kernel that was not measured itself. */
const unmeasuredWidening = 0.5;

/** Scales an interval's distance from 1. */
function widen(interval: { low: number; high: number }, by: number): { low: number; high: number } {
  return { low: interval.low / (1 + by), high: interval.high * (1 + by) };
}

/** Of something of which no measured layer has any. */
const unheardOfFolds = 2;

/** How many e-folds a layer lies beyond what was measured. */
function foldOutside({ low, high }: { low: number; high: number }, value: number): number {
  if (value > high) return high > 0 ? Math.log(value / high) : unheardOfFolds;
  return value < low && value > 0 ? Math.log(low / value) : 0;
}

function outsideEnvelope(
  path: CompiledPath,
  quantities: Quantities,
): { by: number; note: string } | undefined {
  const { envelope, shape = {} } = path.fitted ?? {};
  let farthest = envelope;
  let most =
    envelope === undefined ? 0 : foldOutside(envelope, quantities[envelope.quantity as QuantityName]);
  for (const [quantity, [low, high]] of Object.entries(shape)) {
    const fold = foldOutside({ low, high }, quantities[quantity as QuantityName]);
    if (fold > most) [farthest, most] = [{ quantity, low, high }, fold];
  }
  if (farthest === undefined || most === 0) return undefined;
  const count = (amount: number): string => String(Math.round(amount)).replace(/\B(?=(\d{3})+$)/g, ',');
  const { low, high } = farthest;
  // The profile was checked by its schema, which lists the same names.
  const quantity = farthest.quantity as QuantityName;
  const measured = low === high ? count(low) : `${count(low)} to ${count(high)}`;
  return {
    by: Math.min(wideningLimit, wideningPerFold * most),
    note: `The interval is wider because of this layer's ${quantityCatalogue[quantity]}, ${count(quantities[quantity])}, where those that were measured have ${measured}.`,
  };
}

/** It runs before the first inference and in no other: it takes no time of any. */
const runsOnce = (op: OpTemplate): boolean => op.kind === 'other' && op.tfliteName === 'CALL_ONCE';

interface Latency {
  readonly family: string | undefined;
  readonly cycles: Estimate | undefined;
  readonly unusual: boolean;
  readonly note: string | undefined;
}

function latencyOf(compiled: CompiledTarget, op: OpTemplate, quantities: Quantities): Latency {
  if (rowOf(op.kind).trainingOnly || runsOnce(op)) {
    return { family: undefined, cycles: { value: 0, low: 0, high: 0 }, unusual: false, note: undefined };
  }
  const { board, runtime } = compiled.target;
  if (compiled.profile === undefined) {
    const note = `No published measurement supports a latency of ${runtime.name} on ${board.core}: only memory and MACs are known.`;
    return { family: undefined, cycles: undefined, unusual: false, note };
  }
  const own = pathOf(compiled, op, quantities);
  // What nobody counted and does no more than copy is no dearer than what copies.
  const copies = own === undefined && compiled.isCounted && op.kind === 'other' && onlyMoves(op);
  const path = copies ? pathOf(compiled, { kind: 'reshape' }, quantities) : own;
  const family = path?.path.family;
  if (path?.fitted === undefined || path.cycles === undefined) {
    const name = op.kind === 'other' ? op.tfliteName : shownName(op);
    const note = compiled.isCounted
      ? `What ${name} executes in this form was not counted for ${runtime.name}: its latency is not known.`
      : `No published measurement of ${name} with ${runtime.name} on ${board.core}: its latency is not known.`;
    return { family, cycles: undefined, unusual: false, note };
  }
  const { profile } = compiled;
  const value = path.cycles(quantities);
  const notes: string[] = [];
  let { low, high } = path.fitted.interval;
  if (path.fitted.note !== undefined) notes.push(path.fitted.note);
  if (copies) {
    ({ low, high } = widen({ low, high }, unmeasuredWidening));
    notes.push(`Nobody has counted ${op.tfliteName}: it is taken to copy its bytes as RESHAPE does.`);
  }
  if (path.floor !== undefined) {
    ({ low, high } = widen({ low, high }, unmeasuredWidening));
    notes.push('Nobody has measured this kernel: it is taken to be no quicker than the fast one.');
  }
  const outside = outsideEnvelope(path, quantities);
  if (outside !== undefined) {
    ({ low, high } = widen({ low, high }, outside.by));
    notes.push(outside.note);
  }
  if (!compiled.sameBoard && profile.carriedFrom === undefined) {
    // The interval of counted kernels is that of boards left out already.
    if (path.form === undefined) ({ low, high } = widen({ low, high }, otherBoardWidening));
    notes.push(`Measured on other boards with a ${board.core}; no measurement comes from ${board.name}.`);
  }
  return {
    family,
    cycles: { value, low: value * low, high: value * high },
    unusual:
      path.floor !== undefined ||
      outside !== undefined ||
      (path.fitted.note !== undefined && profile.carriedFrom === undefined),
    note: notes.length > 0 ? notes.join(' ') : undefined,
  };
}

function familyIndex({ families }: CompiledTarget, family: string | undefined): number {
  const index = family === undefined ? -1 : families.indexOf(family);
  return index < 0 ? families.length : index;
}

export function scaleEstimate(estimate: Estimate, factor: number): Estimate {
  return { value: estimate.value * factor, low: estimate.low * factor, high: estimate.high * factor };
}

/** Microjoules: milliseconds times milliwatts at the target's clock. */
export function energyOf(compiled: CompiledTarget, latencyMs: Estimate | undefined): Estimate | undefined {
  const draw = drawOf(compiled);
  if (latencyMs === undefined || draw === undefined) return undefined;
  const { value, low, high } = draw;
  return { value: latencyMs.value * value, low: latencyMs.low * low, high: latencyMs.high * high };
}

function timeOperator(
  compiled: CompiledTarget,
  op: OpTemplate,
  quantities: Quantities,
  format: DType,
  support: Support,
): Latency {
  const absent = (note: string): Latency => ({
    family: undefined,
    cycles: undefined,
    unusual: false,
    note,
  });
  if (support.level === 'none') return absent('The runtime cannot run this operator, so it has no latency.');
  if (compiled.isCounted) return latencyOf(compiled, op, quantities);
  if (op.kind === 'other' && !runsOnce(op) && !onlyMoves(op)) {
    return absent(`What ${op.tfliteName} costs was not measured: it has no latency.`);
  }
  const fitted = format !== 'float32' && format !== 'int16';
  if (!fitted && !rowOf(op.kind).converts) {
    return absent(
      `No published measurement supports a latency of ${format} ${shownName(op)}: only int8 was fitted.`,
    );
  }
  return latencyOf(compiled, op, quantities);
}

function measuredLatency(
  { measured, target }: CompiledTarget,
  family: string | undefined,
  cycles: Estimate,
): Latency {
  const note = `Measured on ${target.board.name} on ${measured?.date ?? ''}.`;
  return { family, cycles, unusual: false, note };
}

/** Prices one operator. Shapes carry no batch dimension. */
export function priceOperator(
  compiled: CompiledTarget,
  op: OpTemplate,
  inputShapes: readonly Shape[],
  outputShape: Shape,
  formats: { readonly input: DType; readonly output: DType },
): OperatorFigures {
  const quantities = measureQuantities(op, inputShapes, outputShape, formats);
  const byRules = supportOfMeasured(compiled, op, formats.input, quantities);
  const timed = timeOperator(compiled, op, quantities, formats.input, byRules);
  const measured = byRules.level === 'none' ? undefined : compiled.measured?.cyclesOf(op, quantities);
  const { family, cycles, unusual, note } =
    measured === undefined ? timed : measuredLatency(compiled, timed.family, measured);
  const shaped = { op, inputs: inputShapes, output: outputShape };
  const support = kernelVerdict(compiled, shaped, formats, byRules, cycles?.value, quantities);
  const latencyMs = cycles && scaleEstimate(cycles, 1000 / compiled.target.clockHz);
  const present = !rowOf(op.kind).trainingOnly;
  const { memory } = compiled;
  return {
    quantities,
    macs: quantities.macs,
    parameters: quantities.parameters,
    family,
    familyIndex: familyIndex(compiled, family),
    unusual,
    cycles,
    latencyMs,
    outputBytes: elementsOf(outputShape) * quantities.outputElementBytes,
    energyUj: energyOf(compiled, latencyMs),
    readsShape: op.kind === 'other' && op.tfliteName === 'SHAPE',
    scratch: memory.scratch(op, quantities),
    pooledBytes: memory.pooled(op, quantities),
    isFolded: memory.folds(op.kind),
    inPlace: memory.inPlace(op.kind, quantities),
    kindIndex: present ? countedKinds.indexOf(plainestOf(op.kind)) : -1,
    codeBytes: memory.folds(op.kind) ? 0 : (memory.codeBytes?.(quantities) ?? 0),
    kept: memory.kept(op, quantities),
    flashBytes: present ? Math.ceil(compiled.modelDataBytes(quantities)) : 0,
    fileBytes: present ? Math.ceil(compiled.modelFileBytes(quantities)) : 0,
    origin: cycles === undefined ? 'unsupported' : measured === undefined ? 'fitted' : 'measured',
    note,
    support,
  };
}
