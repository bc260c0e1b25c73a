/**
 * Energy per inference is power times time: on one board and build the power hardly depends on the network. This reads
 * the published energies, turns them into the power figures of the boards, and says how far off they are.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { PowerFigure } from '../../../device-profiles/types.ts';
import { errorFigures, type ErrorFigures, type Prediction } from './figures.ts';
import { median, round } from './intervals.ts';
import { measurementsFolder } from './read.ts';

/** A row of `device-profiles/measurements/energy.csv`. */
export interface EnergyRow {
  readonly source: string;
  /** Board id. */
  readonly board: string;
  readonly clock_mhz: string;
  /** Runtime id. */
  readonly runtime: string;
  readonly build: string;
  readonly network: string;
  readonly model_json: string;
  readonly latency_ms: string;
  readonly energy_uj: string;
}

export function readEnergy(): readonly EnergyRow[] {
  return parse(readFileSync(path.join(measurementsFolder, 'energy.csv')), { columns: true });
}

/** Milliwatts while the network ran: microjoules per millisecond. */
export function milliwattsOf(row: EnergyRow): number {
  return Number(row.energy_uj) / Number(row.latency_ms);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Runtimes that run the same kind of kernels under the same interpreter: the power of one stands for the others'. */
const relatives: Readonly<Record<string, readonly string[]>> = {
  'tflm + cmsis-nn 2020': ['tflm + cmsis-nn', 'tflm'],
  'tflm + cmsis-nn': ['tflm + cmsis-nn 2020', 'tflm'],
};

/** `MLPerf Tiny v0.7 to v1.1, energy runs of STMicroelectronics and Krai`, or the title of a paper. */
function titleOf(rows: readonly EnergyRow[]): string {
  const runs = rows.flatMap(({ source }) => {
    const [, version, submitter] = /tiny_results_(v[\d.]+) closed\/(\S+)/.exec(source) ?? [];
    return version === undefined || submitter === undefined ? [] : [{ version, submitter }];
  });
  if (runs.length === 0) return [...new Set(rows.map(({ source }) => source))].join('; ');
  const versions = [...new Set(runs.map(({ version }) => version))].sort();
  const [first = '', last = first] = [versions[0], versions.at(-1)];
  const submitters = [...new Set(runs.map(({ submitter }) => submitter))];
  return `MLPerf Tiny ${first === last ? first : `${first} to ${last}`}, energy runs of ${submitters.join(', ')}`;
}

function figureOf(rows: readonly EnergyRow[], runtimes: readonly string[] | undefined): PowerFigure {
  const powers = rows.map(milliwattsOf);
  const builds = [...new Set(rows.map(({ build }) => build))].join(', ');
  const networks = new Set(rows.map(({ network }) => network)).size;
  const what = `Energy divided by latency of ${rows.length} runs of ${networks} networks (${builds}): the median, and the least and greatest.`;
  const others = 'Stands in for runtimes whose power was not measured.';
  return {
    ...(runtimes === undefined ? {} : { runtimes }),
    clockHz: Number(rows[0]?.clock_mhz) * 1e6,
    milliwatts: {
      value: round(median(powers), 3),
      low: round(Math.min(...powers), 3),
      high: round(Math.max(...powers), 3),
    },
    source: {
      title: titleOf(rows),
      date: '2021 to 2025',
      note: runtimes === undefined ? `${what} ${others}` : what,
    },
  };
}

/** Power figures by board id: one per runtime measured, then one for all other runtimes. */
export function powerFigures(rows: readonly EnergyRow[]): ReadonlyMap<string, readonly PowerFigure[]> {
  return new Map(
    [...groupBy(rows, ({ board }) => board)].map(([board, ofBoard]) => [
      board,
      [
        ...[...groupBy(ofBoard, ({ runtime }) => runtime)].map(([runtime, list]) =>
          figureOf(list, [runtime, ...(relatives[runtime] ?? [])]),
        ),
        figureOf(ofBoard, undefined),
      ],
    ]),
  );
}

export interface EnergyFigures {
  readonly board: string;
  readonly runtime: string;
  readonly milliwatts: PowerFigure['milliwatts'];
  /** Energy from measured latency and the power of the other networks. */
  readonly power: ErrorFigures;
  /** Energy from predicted latency, the network left out of both fits; where its latency was judged. */
  readonly whole?: ErrorFigures;
}

/** The energy of each row from its measured latency and the power of the other networks among the rows. */
function leftOut(rows: readonly EnergyRow[]): (Prediction & { readonly model: string })[] {
  return rows.flatMap((row) => {
    const others = rows.filter((other) => other.network !== row.network);
    if (others.length === 0) return [];
    const ratio = median(others.map(milliwattsOf)) / milliwattsOf(row);
    return [{ network: row.network, model: row.model_json, measured: Number(row.energy_uj), ratio }];
  });
}

/** What tells powers apart: hardly the network, and so hardly its memory traffic, but the session. */
export interface SessionFigures {
  /** Energy from measured latency and the power of the other networks of the same session. */
  readonly power: ErrorFigures;
  /** The greatest power of a session by the least, on the board on which these differ most. */
  readonly factor: number;
  /** Power of autoencoders, which read every weight once, by that of the other networks of their session. */
  readonly autoencoders: {
    readonly sessions: number;
    readonly median: number;
    readonly low: number;
    readonly high: number;
  };
}

export function sessionFigures(rows: readonly EnergyRow[]): SessionFigures {
  const sessions = [
    ...groupBy(rows, ({ source, board, runtime, build }) => [source, board, runtime, build].join()).values(),
  ];
  const power = errorFigures(sessions.flatMap(leftOut));
  if (power === undefined) throw new Error('No session of energy.csv has two networks.');
  const middles = (of: readonly (readonly EnergyRow[])[]): number[] =>
    of.map((session) => median(session.map(milliwattsOf)));
  const byBoard = [...groupBy(sessions, ([first]) => first?.board ?? '').values()].map(middles);
  const ratios = sessions
    .flatMap(leftOut)
    .flatMap(({ network, ratio }) =>
      network.includes('utoencoder') || network.includes('FC-AE') ? [1 / ratio] : [],
    );
  return {
    power,
    factor: Math.max(...byBoard.map((of) => Math.max(...of) / Math.min(...of))),
    autoencoders: {
      sessions: ratios.length,
      median: median(ratios),
      low: Math.min(...ratios),
      high: Math.max(...ratios),
    },
  };
}

/** `latencyRatio`: predicted over measured latency of a network that was left out, by board, runtime and network. */
export function energyFigures(
  rows: readonly EnergyRow[],
  latencyRatio: (board: string, runtime: string, network: string) => number | undefined,
): readonly EnergyFigures[] {
  return [...groupBy(rows, ({ board, runtime }) => `${board} ${runtime}`).values()].flatMap((list) => {
    const [first] = list;
    if (first === undefined) return [];
    const { board, runtime } = first;
    const predictions = leftOut(list);
    const power = errorFigures(predictions);
    if (power === undefined) return [];
    const whole = errorFigures(
      predictions.flatMap((entry) => {
        const latency = entry.model === '' ? undefined : latencyRatio(board, runtime, entry.model);
        return latency === undefined ? [] : [{ ...entry, ratio: entry.ratio * latency }];
      }),
    );
    const { milliwatts } = figureOf(list, [runtime]);
    return [{ board, runtime, milliwatts, power, ...(whole === undefined ? {} : { whole }) }];
  });
}
