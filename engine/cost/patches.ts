/**
 * Patch-wise execution of the first operators (Lin et al., MCUNetV2, NeurIPS 2021): they are run once for each
 * patch of the last one's output, on the part of their inputs that the patch depends on. No whole tensor between
 * them is kept; what neighbouring patches both depend on is computed again.
 */

import type { Quantities } from './quantities.ts';

/** The part of an operator that a schedule looks at. `inputs` and `output` are tensor ids. */
export interface PatchStep {
  readonly inputs: readonly number[];
  readonly output: number;
  readonly quantities: Quantities;
}

/** Of one operator: the largest patch of its output, and how often a value of it is computed on average. */
export interface PatchExtent {
  readonly height: number;
  readonly width: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  /** 1 when nothing is computed twice. */
  readonly repeats: number;
}

interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly input: number;
  readonly output: number;
  /** Padding before the image. */
  readonly before: number;
}

function axisOf(q: Quantities, direction: 'rows' | 'columns'): Axis {
  const isRows = direction === 'rows';
  const kernel = isRows ? q.kernelHeight : q.kernelWidth;
  const input = isRows ? q.inputHeight : q.inputWidth;
  const output = isRows ? q.outputHeight : q.outputWidth;
  const padded = isRows ? q.paddedRows : q.paddedColumns;
  const stride = isRows ? q.strideHeight : q.strideWidth;
  const dilated = (kernel - 1) * q.maxDilation + 1;
  // An explicit padding makes its output larger than its input.
  const grown = kernel === 1 && stride === 1 ? Math.max(0, output - input) : 0;
  return { kernel: dilated, stride, input, output, before: Math.floor((padded + grown) / 2) };
}

interface Range {
  start: number;
  end: number;
}

interface Extents {
  readonly most: Float64Array;
  readonly mostInput: Float64Array;
  readonly repeats: Float64Array;
}

/** Extents in one direction, by operator, when the output of the last of `steps` is cut into `patches`. */
function extentsAlong(steps: readonly PatchStep[], direction: 'rows' | 'columns', patches: number): Extents {
  const count = steps.length;
  const most = new Float64Array(count);
  const mostInput = new Float64Array(count);
  const total = new Float64Array(count);
  const axes = steps.map((step) => axisOf(step.quantities, direction));
  const whole = axes[count - 1]?.output ?? 1;
  const grain = Math.ceil(whole / patches);
  const needed = new Map<number, Range>();
  for (let from = 0; from < whole; from += grain) {
    needed.clear();
    const last = steps[count - 1];
    if (last !== undefined) needed.set(last.output, { start: from, end: Math.min(whole, from + grain) });
    for (let index = count - 1; index >= 0; index -= 1) {
      const step = steps[index];
      const axis = axes[index];
      const out = step && needed.get(step.output);
      if (step === undefined || axis === undefined || out === undefined) continue;
      const extent = out.end - out.start;
      most[index] = Math.max(most[index] ?? 0, extent);
      total[index] = (total[index] ?? 0) + extent;
      const start = Math.max(0, out.start * axis.stride - axis.before);
      const end = Math.max(
        start + 1,
        Math.min(axis.input, (out.end - 1) * axis.stride - axis.before + axis.kernel),
      );
      mostInput[index] = Math.max(mostInput[index] ?? 0, end - start);
      for (const id of step.inputs) {
        const known = needed.get(id);
        if (known === undefined) needed.set(id, { start, end });
        else {
          known.start = Math.min(known.start, start);
          known.end = Math.max(known.end, end);
        }
      }
    }
  }
  const repeats = total.map((sum, index) => Math.max(1, sum / (axes[index]?.output ?? 1)));
  return { most, mostInput, repeats };
}

/** What each of the first operators computes per patch, for a grid of `patches` by `patches`. */
export function patchExtents(steps: readonly PatchStep[], patches: number): readonly PatchExtent[] {
  const rows = extentsAlong(steps, 'rows', patches);
  const columns = extentsAlong(steps, 'columns', patches);
  return steps.map((_, index) => ({
    height: rows.most[index] ?? 1,
    width: columns.most[index] ?? 1,
    inputHeight: rows.mostInput[index] ?? 1,
    inputWidth: columns.mostInput[index] ?? 1,
    repeats: (rows.repeats[index] ?? 1) * (columns.repeats[index] ?? 1),
  }));
}

/** An operator's quantities as it sees them while one patch is computed. */
export function quantitiesOfPatch(q: Quantities, extent: PatchExtent): Quantities {
  const { height, width, inputHeight, inputWidth } = extent;
  const pixels = height * width;
  const border =
    (q.borderedPixels - q.inputHeight * q.inputWidth) / Math.max(1, q.inputHeight + q.inputWidth);
  return {
    ...q,
    inputHeight,
    inputWidth,
    outputHeight: height,
    outputWidth: width,
    pixels,
    inputs: inputHeight * inputWidth * q.inputChannels,
    outputs: pixels * q.outputChannels,
    borderedPixels: Math.ceil(inputHeight * inputWidth + border * (inputHeight + inputWidth)),
    borderInputs: Math.ceil(
      (q.borderInputs * (inputHeight + inputWidth)) / Math.max(1, q.inputHeight + q.inputWidth),
    ),
    inputRow: inputWidth * q.inputChannels,
    outputRow: width * q.outputChannels,
    windows: pixels * q.kernelArea,
    im2col: pixels * q.windowSize,
  };
}
