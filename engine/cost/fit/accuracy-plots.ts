/** Which plots the accuracy page has. */

import type { KeptSetup } from './fit-paces.ts';
import type { Accuracy, Judgement } from './gather.ts';
import { errorStrips, predictedAgainstMeasured, type Errors, type Series } from './plots.ts';

function seriesBy(judgements: readonly Judgement[], nameOf: (entry: Judgement) => string): Series[] {
  const groups = new Map<string, Judgement[]>();
  for (const entry of judgements) groups.set(nameOf(entry), [...(groups.get(nameOf(entry)) ?? []), entry]);
  return [...groups].map(([name, points]) => ({ name, points }));
}

/** SVG text by file name, in `docs/accuracy`. */
export function accuracyPlots(accuracy: Accuracy): ReadonlyMap<string, string> {
  const { setups, otherNetworks, outsideErrors } = accuracy;
  const stripsOf = (of: (setup: KeptSetup) => readonly number[]): Errors[] =>
    setups
      .map((setup) => ({
        name: `${setup.board}, ${setup.runtime}`,
        errors: of(setup).map((ratio) => ratio - 1),
      }))
      .filter(({ errors }) => errors.length > 0);
  const groups = new Map<string, number[]>();
  for (const { runtime, core, ratio } of outsideErrors) {
    const name = `${runtime}, ${core}`;
    groups.set(name, [...(groups.get(name) ?? []), ratio - 1]);
  }
  return new Map([
    [
      'errors.svg',
      errorStrips(
        'Counted runtimes, network left out',
        stripsOf(({ errors }) => errors.networks),
      ),
    ],
    [
      'layers.svg',
      errorStrips(
        'Counted runtimes, layer left out',
        stripsOf(({ errors }) => [...errors.layers, ...errors.operators]),
      ),
    ],
    [
      'boards.svg',
      errorStrips(
        'Counted runtimes, board left out',
        stripsOf(({ unseen }) => unseen.networks),
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
