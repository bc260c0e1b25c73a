/**
 * What is known before networks are looked at. `singleLayerPriors` come from 5,464 single layers measured by KIT
 * (MicroNAS look-up tables; the rows carry no licence and stay outside): `npm run fit -- --with DIR` fits them
 * anew into `priors.json`. The rest is read off the kernels' inner loops: a loop body costs its instructions.
 */

import priors from './priors.json' with { type: 'json' };
import { scale, type Coefficients, type Extent } from './least-squares.ts';

/** Per board name as in the tables. Cycles. */
export const singleLayerPriors: Readonly<Record<string, Coefficients>> = priors.boards;

/** Per board name: how small and how large the layers were, by family. */
export const singleLayerExtents: Readonly<Record<string, Readonly<Record<string, Extent>>>> =
  priors.envelopes;

/** Per board name: how many layers there were. */
export function singleLayerRows(board: string | undefined): number {
  const errors: Readonly<Record<string, { readonly rows: number }>> = priors.errors;
  return errors[board ?? '']?.rows ?? 0;
}

/**
 * Cycles on a Cortex-M4, for kernels without single-layer measurements. Depthwise: int16 multiply-accumulates from
 * unpacked bytes, and one requantisation per output; with a multiplier the
 * generic kernel runs, without SIMD (the 3.4 million cycles of micro_speech on an nRF52840 that tvm-arduino-profiling
 * reports in 2021 set its figure). Fully connected: several rows at a time, no im2col; the rows left over read all
 * inputs once more each. Pooling:
 * compare or add per value read. The pull towards these is weak; networks decide.
 */
const kernelPriors: Coefficients = {
  invoke: 2000,
  'conv-1x1.operators': 1600,
  'conv.operators': 1600,
  'elementwise.operators': 2100,
  'elementwise.outputs': 125,
  'mean.operators': 2400,
  'mean.reduced': 185,
  'softmax.operators': 1200,
  'softmax.outputs': 650,
  'depthwise.innerMacs': 9,
  'depthwise.outputs': 80,
  'depthwise-multiplier.innerMacs': 11,
  'depthwise-multiplier.outputs': 40,
  'fully-connected.operators': 2300,
  'fully-connected.macs': 4,
  'fully-connected.outputs': 15,
  'fully-connected.inputs': 10,
  'average-pool.poolReads': 10,
  'average-pool.outputs': 60,
  'max-pool.poolReads': 6,
  'max-pool.outputs': 20,
  'activation.operators': 500,
  'activation.outputs': 40,
  'requantize.operators': 1000,
  'requantize.outputs': 40,
  'copy.operators': 500,
  'copy.allInputs': 2,
  'pad.operators': 1000,
  'pad.outputs': 25,
};

/**
 * A Cortex-M0+ has no DSP instructions (four multiply-accumulates are four loads, extensions, multiplications and
 * additions, not two) and no 32 x 32 -> 64 bit multiplication for requantisation: the factors are those that the
 * 1x1 convolutions of person_detect show between the two cores.
 */
function onCortexM0Plus(coefficients: Coefficients): Record<string, number> {
  return Object.fromEntries(
    Object.entries(coefficients).map(([term, cycles]) => [
      term,
      cycles * (/acs$/.test(term) || term.endsWith('.remainderMacs16') ? 3.6 : 1.8),
    ]),
  );
}

/** Cycles on a Cortex-M33 over those on a Cortex-M4: the four MLPerf Tiny networks with microTVM, nRF5340 over L4R5. */
export const cortexM33Scale = 0.82;

/**
 * Pairs of weight rows up to 128 bytes stay in the few lines that the flash of an STM32F4 or L4 keeps; longer ones come from
 * flash for each pair of pixels, as those of other convolutions always do. So a 1x1 convolution takes per multiply-accumulate
 * beyond the first 64 of a window what the others take.
 */
function deepMacs(single: Coefficients): Coefficients {
  const more = (single['conv.macs'] ?? 0) - (single['conv-1x1.macs'] ?? 0);
  return { 'conv-1x1.deepMacs': Math.max(0, more) };
}

/** A cache of kilobytes holds any such row: next to nothing, so that networks may say otherwise. */
const rowsInCache: Coefficients = { 'conv-1x1.deepMacs': 0.01 };

/** A Cortex-M7 issues two instructions at once: MicroNets' networks take 0.52 of the cycles of a Cortex-M4. */
function onCortexM7(coefficients: Coefficients): Record<string, number> {
  return { ...scale(coefficients, 0.52), ...rowsInCache };
}

/** The prior of a board: its own single layers where there are any, kernels otherwise. */
export function priorOf(core: string, layers: string | undefined): Record<string, number> {
  return priorFrom(core, singleLayerPriors[layers ?? 'NUCLEO-F446RE'] ?? {});
}

/** The prior that cycles of single layers give on a core. */
export function priorFrom(core: string, single: Coefficients): Record<string, number> {
  const measured = Object.fromEntries(Object.entries(single).filter(([, cycles]) => cycles > 0));
  const onM4 = { ...kernelPriors, ...measured, ...deepMacs(single) };
  // Kernels that were not timed alone, at the scale of four networks (see `borrows` in boards.ts).
  if (core === 'cortex-m33')
    return { ...scale(kernelPriors, cortexM33Scale), ...measured, ...deepMacs(single) };
  if (core === 'cortex-m7') return onCortexM7(onM4);
  return core === 'cortex-m0plus' ? { ...onCortexM0Plus(onM4), ...rowsInCache } : onM4;
}
