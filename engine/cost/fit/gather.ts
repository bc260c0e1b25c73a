/** Everything that the accuracy page says, from the rows in the project and from the last fit with rows outside it. */

import { Calibration } from './calibration.ts';
import before from './before.json' with { type: 'json' };
import {
  energyFigures,
  readEnergy,
  sessionFigures,
  type EnergyFigures,
  type SessionFigures,
} from './energy.ts';
import type { ErrorFigures } from './figures.ts';
import { boardErrors, residualsOf, type MemberFigures, type RuntimeError } from './fit-library.ts';
import type { KeptSetup } from './fit-paces.ts';
import { fitProject } from './fit.ts';
import outside from './outside.json' with { type: 'json' };
import { heldByOtherBoards, median, withinTenPercent } from './intervals.ts';
import type { OperatorCalibration } from './operator-intervals.ts';
import type { Judged } from './transfer.ts';

/** A network predicted without its rows, or without those of its board. */
export interface Judgement {
  readonly runtime: string;
  readonly core: string;
  readonly board: string;
  readonly boards: readonly string[];
  readonly network: string;
  /** Cycles. */
  readonly measured: number;
  readonly predicted: number;
}

function judgementOf(
  { observation, ratio }: Pick<Judged, 'observation' | 'ratio'>,
  build: Pick<Judgement, 'runtime' | 'core' | 'boards'>,
): Judgement {
  const { network, cycles } = observation;
  return { ...build, board: build.boards.join(', '), network, measured: cycles, predicted: cycles * ratio };
}

/** Single operators, each predicted without its like. */
export interface OperatorFigures {
  readonly name: string;
  readonly errors: number;
  readonly profiles: number;
  readonly median: number;
  /** Share in the interval that the others give. */
  readonly covered: number;
}

function operatorFigures(operators: OperatorCalibration, key: 'family' | 'evidence'): OperatorFigures[] {
  const names = [...new Set(operators.residuals.map((entry) => entry[key]))];
  return names
    .map((name): OperatorFigures => {
      const those = operators.residuals.filter((entry) => entry[key] === name);
      return {
        name,
        errors: those.length,
        profiles: new Set(those.map(({ profile }) => profile)).size,
        median: median(those.map(({ ratio }) => Math.abs(ratio - 1))),
        covered: those.filter((entry) => operators.holds(entry)).length / those.length,
      };
    })
    .sort((a, b) => b.errors - a.errors);
}

/** Errors of counted rows that were left out in one way, over all setups. */
export interface EvidenceFigures {
  readonly name: string;
  readonly errors: number;
  readonly median: number;
  readonly withinTenPercent: number;
  /** Share in the interval that the other boards give. */
  readonly covered: number;
}

export interface Accuracy {
  /** Boards with runtimes that were counted. */
  readonly setups: readonly KeptSetup[];
  readonly counted: readonly EvidenceFigures[];
  /** What the model before this one said, by the names of the table "in short". */
  readonly before: typeof before;
  /** The other libraries in the project; those with rows outside it. */
  readonly inside: readonly MemberFigures[];
  readonly outside: readonly MemberFigures[];
  readonly outsideErrors: readonly RuntimeError[];
  /** Predictions without the board, of runtimes that were not counted. */
  readonly unseenBoards: readonly RuntimeError[];
  /** Single operators, by kind and by how well they are known. */
  readonly operators: {
    readonly families: readonly OperatorFigures[];
    readonly evidences: readonly OperatorFigures[];
  };
  /** X-CUBE-AI by core, with settings chosen anew for each network. */
  readonly chosenAnew: readonly { readonly core: string; readonly figures: ErrorFigures }[];
  readonly otherNetworks: readonly Judgement[];
  /** Share of networks in their interval, over a family of profiles. */
  readonly coverage: { readonly inside: number; readonly outside: number };
  readonly energy: readonly EnergyFigures[];
  readonly energySessions: SessionFigures;
}

/** How errors of one kind do, each board judged by the interval that the others give. */
function evidenceFigures(
  name: string,
  setups: readonly KeptSetup[],
  of: (setup: KeptSetup) => readonly number[],
): EvidenceFigures {
  const predictions = setups.flatMap((setup) => of(setup).map((ratio) => ({ board: setup.board, ratio })));
  const errors = predictions.map(({ ratio }) => Math.abs(ratio - 1));
  return {
    name,
    errors: errors.length,
    median: median(errors),
    withinTenPercent: withinTenPercent(errors),
    covered: heldByOtherBoards(predictions).filter(Boolean).length / errors.length,
  };
}

/** Of all predictions, those that lay in their intervals. */
function pooledCoverage(figures: readonly MemberFigures[]): number {
  let held = 0;
  let all = 0;
  for (const { network } of figures) {
    if (network?.covered === undefined) continue;
    held += network.covered * network.predictions;
    all += network.predictions;
  }
  return held / all;
}

export function gatherAccuracy(): Accuracy {
  const { paces, libraries, operators } = fitProject();
  const { setups } = paces;
  const inside = libraries.flatMap(({ figures }) => figures);
  const otherNetworks = libraries.flatMap(({ judged, figures }) =>
    judged.map(({ member: { id, runtime, core }, ...left }) => {
      const boards = figures.find(({ profile }) => id.endsWith(` ${profile}`))?.boards ?? [];
      return judgementOf(left, { runtime, core, boards });
    }),
  );
  const energy = energyFigures(readEnergy(), (board, runtime, network) => {
    const found = otherNetworks.find(
      (entry) => entry.runtime === runtime && entry.network === network && entry.boards.includes(board),
    );
    const counted = setups.find((setup) => setup.board === board && setup.runtime === runtime);
    return found === undefined ? counted?.networks[network] : found.predicted / found.measured;
  });
  const outsideFigures: readonly MemberFigures[] = outside.figures;
  return {
    setups,
    counted: [
      evidenceFigures('single layers, their sitting left out', setups, ({ errors }) => errors.layers),
      evidenceFigures(
        'operators and sums of one kind, their network left out',
        setups,
        ({ errors }) => errors.operators,
      ),
      evidenceFigures(
        'single layers and operators, their whole kernel left out',
        setups,
        ({ errors }) => errors.kernels,
      ),
      evidenceFigures('whole networks, left out', setups, ({ errors }) => errors.networks),
      evidenceFigures(
        'single layers and operators, the board left out',
        setups,
        ({ unseen }) => unseen.layers,
      ),
      evidenceFigures('whole networks, the board left out', setups, ({ unseen }) => unseen.networks),
    ],
    before,
    inside,
    outside: outsideFigures,
    outsideErrors: outside.ratios,
    chosenAnew: outside.chosenAnew,
    otherNetworks,
    unseenBoards: [...libraries.flatMap(({ boardOut }) => boardErrors(boardOut)), ...outside.boardRatios],
    operators: {
      families: operatorFigures(operators, 'family'),
      evidences: operatorFigures(operators, 'evidence'),
    },
    coverage: {
      inside: new Calibration(libraries.flatMap(({ judged }) => residualsOf(judged))).coverage() ?? 0,
      outside: pooledCoverage(outsideFigures),
    },
    energy,
    energySessions: sessionFigures(readEnergy()),
  };
}
