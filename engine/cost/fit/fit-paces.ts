/**
 * `npm run fit` for what was counted: the paces of boards and cores with their intervals. Rows that carry no licence stay
 * outside the project; what follows from them (class costs of their boards, quantiles of their errors) is kept in
 * `outside-paces.json`, so that the rest can be fitted again without them.
 */

import { countedCores } from '../../../device-profiles/index.ts';
import type { Core, Pace, Source } from '../../../device-profiles/types.ts';
import { rowsOf, sessions, setupKey, type CountedRow, type Session } from './counted-rows.ts';
import { conformalHalfWidth, intervalOf, median, round } from './intervals.ts';
import { fitCosts, predictCycles, type Costs } from './paces.ts';
import {
  costsOfCore,
  figuresOf,
  withoutKernel,
  withoutSitting,
  type Figures,
  type Judged,
} from './paces-judged.ts';

/** Sessions of one board with one runtime: one way of setting the board up. */
export interface Setup {
  /** Id of the board, or the name of hardware that is none. */
  readonly board: string;
  readonly runtime: string;
  /** Where the pace is for these alone. */
  readonly flags?: string;
  /** It says nothing of its core. */
  readonly apart?: true;
  readonly core: string;
  readonly builds: readonly string[];
  readonly rows: number;
  readonly costs: Costs;
  /** Ratios (predicted over measured) of what was left out, by what it was predicted without. */
  readonly errors: {
    readonly layers: readonly number[];
    readonly operators: readonly number[];
    readonly networks: readonly number[];
    /** Single operators without their kernel. */
    readonly kernels: readonly number[];
  };
  /** Of `operators` and `kernels` what weighs: the smaller is mostly the call, of which they say nothing. */
  readonly weighty?: { readonly operators: readonly number[]; readonly kernels: readonly number[] };
  readonly figures: Readonly<Record<string, Figures>>;
  /** Ratio of each network that was left out, by its name. */
  readonly networks: Readonly<Record<string, number>>;
}

/** A setup with the rows by which costs of other boards are judged on this one. */
interface Measured {
  readonly setup: Setup;
  readonly rows: readonly CountedRow[];
}

const quantilesKept = 40;

/** So many of a long list that its distribution is kept, and no measured value. */
export function thinned(ratios: readonly number[]): number[] {
  const sorted = [...ratios].sort((a, b) => a - b);
  if (sorted.length <= quantilesKept) return sorted.map((ratio) => round(ratio));
  return Array.from({ length: quantilesKept }, (_, at) =>
    round(sorted[Math.floor(((at + 0.5) * sorted.length) / quantilesKept)] ?? 1),
  );
}

const ratiosOf = (judged: readonly Judged[]): number[] => judged.map(({ ratio }) => ratio);

/** Of operators, those that take a hundredth or more of what was timed of their network. */
function weightyOf(judged: readonly Judged[]): readonly Judged[] {
  const timed = judged.filter(({ row }) => row.kind === 'operators');
  const totals = new Map<string, number>();
  for (const { row } of timed) totals.set(row.group, (totals.get(row.group) ?? 0) + row.cycles);
  return timed.filter(({ row }) => row.cycles >= (totals.get(row.group) ?? 0) / 100);
}

/** Setups with rows. @param folder what lies outside the project */
function setupsOf(folder: string | undefined): readonly Measured[] {
  const bySetup = Map.groupBy(sessions, setupKey);
  return [...bySetup.values()].flatMap((list): readonly Measured[] => {
    const [first] = list;
    const rows = list.flatMap((session) => rowsOf(session, folder));
    const [row] = rows;
    if (first === undefined || row === undefined) return [];
    const builds = list.map(({ build }) => build);
    return [{ setup: judgedSetup(first, row.core, builds, rows), rows }];
  });
}

function judgedSetup(
  { board, hardware, runtime, flags, ownPace, apart }: Session,
  core: string,
  builds: readonly string[],
  rows: readonly CountedRow[],
): Setup {
  const left = withoutSitting(rows);
  const of = (kind: CountedRow['kind']): Judged[] => left.filter(({ row }) => row.kind === kind);
  const kernels = withoutKernel(rows);
  const judged = { layers: of('layer'), operators: of('operators'), networks: of('network'), kernels };
  const known = Object.entries(judged).filter(([, each]) => each.length > 0);
  return {
    board: hardware ?? board,
    runtime,
    ...(ownPace === true ? { flags } : {}),
    ...(apart === true ? { apart } : {}),
    core,
    builds: [...new Set(builds)],
    rows: rows.length,
    costs: fitCosts(rows),
    errors: {
      layers: thinned(ratiosOf(judged.layers)),
      operators: thinned(ratiosOf(judged.operators)),
      networks: thinned(ratiosOf(judged.networks)),
      kernels: thinned(ratiosOf(judged.kernels)),
    },
    ...(judged.operators.length === 0
      ? {}
      : {
          weighty: {
            operators: ratiosOf(weightyOf(judged.operators)).map((ratio) => round(ratio)),
            kernels: ratiosOf(weightyOf(kernels)).map((ratio) => round(ratio)),
          },
        }),
    figures: Object.fromEntries(known.map(([name, each]) => [name, figuresOf(each)])),
    networks: Object.fromEntries(judged.networks.map(({ row, ratio }) => [row.group, round(ratio)])),
  };
}

/** What is kept of setups whose rows lie outside. */
export type KeptSetup = Setup & { readonly unseen: Unseen };

/** Errors of what a board's core says of it, without the board. */
interface Unseen {
  readonly layers: readonly number[];
  readonly networks: readonly number[];
}

export interface FittedPaces {
  /** By board, in the order of the sessions. */
  readonly boards: ReadonlyMap<string, readonly Pace[]>;
  readonly cores: Readonly<Record<string, Core>>;
  readonly setups: readonly KeptSetup[];
}

/** Each board once, however many setups of it there are; `undefined` where none speaks of the core. */
function costsOfSetups(setups: readonly Setup[]): Costs | undefined {
  const boards = Map.groupBy(
    setups.filter(({ apart }) => apart !== true),
    ({ board }) => board,
  );
  if (boards.size === 0) return undefined;
  return costsOfCore([...boards.values()].map((list) => costsOfCore(list.map(({ costs }) => costs))));
}

/** Judges a setup by the others of its core, whatever runtime they had, and not by its own board. */
function unseenOf({ setup: { board, core, apart }, rows }: Measured, all: readonly Setup[]): Unseen {
  const others = all.filter((other) => other.core === core && other.board !== board);
  const costs = costsOfSetups(others);
  if (costs === undefined || apart === true) return { layers: [], networks: [] };
  const of = (isWhole: boolean): number[] =>
    thinned(
      rows
        .filter(({ kind }) => (kind === 'network') === isWhole)
        .map((row) => predictCycles(row, costs) / row.cycles),
    );
  return { layers: of(false), networks: of(true) };
}

/** Fewer errors of a setup's own say less than those of all. */
const enoughErrors = { operators: 20, networks: 10 } as const;

function intervalFrom(own: readonly number[], enough: number, all: readonly number[]): Pace['network'] {
  return intervalOf(conformalHalfWidth(own.length >= enough ? own : all));
}

/** Boards are not alike: one whose few operators that weigh were missed by more is no surer than those. */
function noSurerThan({ low, high }: Pace['network'], few: readonly number[] = []): Pace['network'] {
  if (few.length === 0) return { low, high };
  const own = intervalOf(conformalHalfWidth(few));
  return { low: Math.min(low, own.low), high: Math.max(high, own.high) };
}

const roundedCosts = ({ cycles, kernels }: Costs): Costs => ({
  cycles: Object.fromEntries(
    Object.entries(cycles).map(([name, each]) => [name, round(each)]),
  ) as Costs['cycles'],
  kernels: Object.fromEntries(Object.entries(kernels).map(([name, each]) => [name, round(each)])),
});

const keyOf = ({ board, runtime, flags = '' }: Setup): string => `${board} ${runtime}${flags}`;

/** Setups of which rows lie outside the project. */
export function keptOf({ setups }: FittedPaces): readonly KeptSetup[] {
  const outside = new Set(sessions.filter((each) => each.outside === true).map(setupKey));
  return setups.filter((setup) => outside.has(keyOf(setup)));
}

/** @param kept what the rows outside the project gave when they were last there */
export function fitPaces(kept: readonly KeptSetup[], folder?: string): FittedPaces {
  const found = setupsOf(folder);
  const outside = folder === undefined ? kept : [];
  const isKept = (setup: Setup): boolean => outside.some((each) => keyOf(each) === keyOf(setup));
  const inside = found.filter(({ setup }) => !isKept(setup));
  const all = [...outside, ...inside.map(({ setup }) => setup)];
  const setups: readonly KeptSetup[] = [
    ...outside,
    ...inside.map((each) => ({ ...each.setup, unseen: unseenOf(each, all) })),
  ];
  const pooled = (of: (setup: KeptSetup) => readonly number[]): readonly number[] => setups.flatMap(of);
  const operators = pooled(({ errors }) => [...errors.layers, ...errors.operators]);
  const networks = pooled(({ errors }) => errors.networks);
  const unmeasured = intervalOf(conformalHalfWidth(pooled(({ errors }) => errors.kernels)));
  const boards = Map.groupBy(setups, ({ board }) => board);
  const paceOf = (setup: KeptSetup): Pace => {
    const { layers, operators: timed, networks: whole } = setup.errors;
    return {
      runtimes: [setup.runtime],
      ...(setup.flags === undefined ? {} : { flags: setup.flags }),
      ...roundedCosts(setup.costs),
      measured: noSurerThan(
        intervalFrom([...layers, ...timed], enoughErrors.operators, operators),
        setup.weighty?.operators,
      ),
      unmeasured: noSurerThan(unmeasured, setup.weighty?.kernels),
      network: intervalFrom(whole, enoughErrors.networks, networks),
      ...(whole.length < 3
        ? {}
        : { medianError: round(median(whole.map((ratio) => Math.abs(ratio - 1))), 2) }),
      rows: setup.rows,
      build: setup.builds.join('; '),
      sources: sourcesOf(setup),
    };
  };
  const onceMeasured: Core['onceMeasured'] = {
    operator: intervalOf(conformalHalfWidth(operators)),
    network: intervalOf(conformalHalfWidth(networks)),
  };
  const networksUnseen = pooled(({ unseen }) => unseen.networks);
  // A layer of a board that nobody measured is no surer than a network of it.
  const layersUnseen = intervalOf(
    conformalHalfWidth([...pooled(({ unseen }) => unseen.layers), ...networksUnseen]),
  );
  const cores = Object.fromEntries(
    Object.entries(countedCores).map(([core, before]): [string, Core] => {
      const speaking = setups.filter(({ apart }) => apart !== true);
      const own = speaking.filter((setup) => setup.core === core);
      const like = own.length > 0 ? own : speaking.filter((setup) => setup.core === before.like);
      const costs = costsOfSetups(like);
      if (costs === undefined) throw new Error(`Nothing was measured that says what a ${core} takes.`);
      const pace: Pace = {
        ...roundedCosts(costs),
        measured: layersUnseen,
        unmeasured: layersUnseen,
        network: intervalOf(conformalHalfWidth(networksUnseen)),
        medianError: round(median(networksUnseen.map((ratio) => Math.abs(ratio - 1))), 2),
        rows: like.reduce((sum, { rows }) => sum + rows, 0),
        build: like.map(({ board }) => board).join(', '),
        sources: [...new Map(like.flatMap(sourcesOf).map((source) => [source.title, source])).values()],
      };
      return [core, { ...before, pace, onceMeasured }];
    }),
  );
  return {
    boards: new Map(
      [...boards].filter(([board]) => isBoard(board)).map(([board, list]) => [board, list.map(paceOf)]),
    ),
    cores,
    setups,
  };
}

const isBoard = (name: string): boolean => sessions.some(({ board }) => board === name);

function sourcesOf({ builds, rows }: Pick<Setup, 'builds' | 'rows'>): readonly Source[] {
  return [{ title: builds.join('; '), date: '2021 to 2026', note: `${rows} rows` }];
}
