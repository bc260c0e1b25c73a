/** Which plots the accuracy page has. */

import type { Accuracy, Judgement } from './gather.ts';
import { errorStrips, predictedAgainstMeasured, type Errors, type Series } from './plots.ts';

function seriesBy(judgements: readonly Judgement[], nameOf: (entry: Judgement) => string): Series[] {
  const groups = new Map<string, Judgement[]>();
  for (const entry of judgements) groups.set(nameOf(entry), [...(groups.get(nameOf(entry)) ?? []), entry]);
  return [...groups].map(([name, points]) => ({ name, points }));
}

function stripsBy(judgements: readonly Judgement[]): Errors[] {
  return seriesBy(judgements, ({ board }) => board).map(({ name, points }) => ({
    name,
    errors: points.map(({ measured, predicted }) => predicted / measured - 1),
  }));
}

/** SVG text by file name, in `docs/accuracy`. */
export function accuracyPlots(accuracy: Accuracy): ReadonlyMap<string, string> {
  const { networks, otherNetworks, boards, outsideErrors } = accuracy;
  const groups = new Map<string, number[]>();
  for (const { runtime, core, ratio } of outsideErrors) {
    const name = `${runtime}, ${core}`;
    groups.set(name, [...(groups.get(name) ?? []), ratio - 1]);
  }
  return new Map([
    [
      'tflm-cmsis-nn.svg',
      predictedAgainstMeasured(
        'TFLM with CMSIS-NN, network left out',
        seriesBy(networks, ({ board }) => board),
      ),
    ],
    ['errors.svg', errorStrips('TFLM with CMSIS-NN, network left out', stripsBy(networks))],
    [
      'boards.svg',
      predictedAgainstMeasured(
        'TFLM with CMSIS-NN, board left out',
        seriesBy(boards, ({ board }) => board),
      ),
    ],
    [
      'other-runtimes.svg',
      predictedAgainstMeasured(
        'Other runtimes, network left out',
        seriesBy(otherNetworks, ({ runtime, core }) => `${runtime}, ${core}`),
      ),
    ],
    [
      'x-cube-ai.svg',
      errorStrips(
        'X-CUBE-AI, network left out',
        [...groups].map(([name, errors]) => ({ name, errors })),
      ),
    ],
  ]);
}
