/**
 * Search spaces whose every architecture has been trained and published: a table takes the place of training,
 * so that strategies are judged by the thousand runs. Architectures are strings of digits, one per choice.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { parse } from 'csv-parse/sync';

import { hypervolume, nonDominated } from '../../engine/search/pareto.ts';
import type { Domain, Scores } from '../../engine/search/types.ts';

export interface Table {
  readonly name: string;
  readonly domain: Domain<string>;
  /** Minimised, each scaled by the least and greatest of the whole table to [0, 1]. */
  scores(architecture: string): Scores;
  /**
   * Hypervolume divided by that of the front of the whole table. The reference point is `corner`, the worst of
   * the table in each objective, or `nadir`, the worst of its front, which leaves out what no front has to cover.
   */
  normalisedHypervolume(evaluated: readonly string[], reference: 'corner' | 'nadir'): number;
}

/**
 * NAS-Bench-Macro: 6,561 networks of 8 MobileNetV2-style layers on CIFAR-10, each digit identity / expansion 3 /
 * expansion 6 with kernels 3 / 5. Accuracy is the mean of three test accuracies. Su et al., "Prioritized
 * Architecture Sampling with Monto-Carlo Tree Search" (CVPR 2021), Apache-2.0; see SOURCES.md.
 */
export function nasBenchMacro(): Table {
  const rows = rowsOf(readFileSync(join(import.meta.dirname, 'nas-bench-macro.csv'), 'utf8'));
  return makeTable(
    'NAS-Bench-Macro',
    3,
    rows.map((row) => [row[0] ?? '', [-Number(row[1]), Number(row[2])]]),
  );
}

/**
 * NAS-Bench-201: 15,625 cells of 6 edges with 5 operators each. Test accuracy on CIFAR-10 after 12 epochs (Dong and
 * Yang, ICLR 2020, MIT), latency on a device (HW-NAS-Bench, Li et al., ICLR 2021, MIT); see SOURCES.md.
 */
export function nasBench201(device: 'eyeriss' | 'raspi4'): Table {
  const text = gunzipSync(readFileSync(join(import.meta.dirname, 'nas-bench-201.csv.gz'))).toString();
  const column = device === 'raspi4' ? 3 : 4;
  return makeTable(
    `NAS-Bench-201 on ${device}`,
    5,
    rowsOf(text).map((row) => [row[0] ?? '', [-Number(row[1]), Number(row[column])]]),
  );
}

function rowsOf(text: string): string[][] {
  return parse(text, { from_line: 2 });
}

function makeTable(name: string, options: number, raw: readonly (readonly [string, Scores])[]): Table {
  const columns = [0, 1].map((i) => raw.map(([, scores]) => scores[i] ?? 0));
  const low = columns.map((values) => Math.min(...values));
  const extent = columns.map((values, i) => Math.max(...values) - (low[i] ?? 0));
  const table = new Map(
    raw.map(([key, scores]) => [key, scores.map((score, i) => (score - (low[i] ?? 0)) / (extent[i] ?? 1))]),
  );
  const every = [...table.values()];
  const front = nonDominated(every).flatMap((i) => [every[i] ?? []]);
  const references = {
    corner: [1, 1],
    nadir: [0, 1].map((i) => Math.max(...front.map((scores) => scores[i] ?? 0))),
  };
  const length = raw[0]?.[0].length ?? 0;
  const scores = (architecture: string): Scores => {
    const found = table.get(architecture);
    if (found === undefined) throw new Error(`${architecture} is not an architecture of ${name}.`);
    return found;
  };
  return {
    name,
    scores,
    normalisedHypervolume: (evaluated, reference) =>
      hypervolume(evaluated.map(scores), references[reference]) / hypervolume(front, references[reference]),
    domain: {
      sample: (random) => Array.from({ length }, () => random.nextInt(options)).join(''),
      mutate(candidate, random) {
        const place = random.nextInt(length);
        const digit = (Number(candidate[place]) + 1 + random.nextInt(options - 1)) % options;
        return candidate.slice(0, place) + String(digit) + candidate.slice(place + 1);
      },
      crossover: (a, b, random) =>
        Array.from({ length }, (_, i) => (random.nextInt(2) === 0 ? a[i] : b[i])).join(''),
      key: (candidate) => candidate,
      violation: () => 0,
      enumerate: () => table.keys(),
      // Of the two objectives the cost is known before training.
      foresee: (candidate) => ({
        scores: [undefined, scores(candidate)[1]],
        figures: [scores(candidate)[1] ?? 0],
        traits: Array.from(candidate, (digit, place) => `${place}=${digit}`),
      }),
    },
  };
}
