/** Everything that the accuracy page says, from the rows in the project and from the last fit with rows outside it. */

import type { LeftOut } from './boards.ts';
import { Calibration } from './calibration.ts';
import { energyFigures, readEnergy, type EnergyFigures } from './energy.ts';
import type { ErrorFigures } from './figures.ts';
import { boardErrors, residualsOf, type MemberFigures, type RuntimeError } from './fit-library.ts';
import { fitProject } from './fit.ts';
import outside from './outside.json' with { type: 'json' };
import { heldByOtherBoards, median } from './intervals.ts';
import type { OperatorCalibration } from './operator-intervals.ts';
import type { OutsideCheck } from './outside-checks.ts';
import priors from './priors.json' with { type: 'json' };

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
  { observation, ratio }: LeftOut,
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

export interface Accuracy {
  /** TFLM with CMSIS-NN; the other libraries in the project; those with rows outside it. */
  readonly baseModel: readonly MemberFigures[];
  readonly inside: readonly MemberFigures[];
  readonly outside: readonly MemberFigures[];
  readonly outsideErrors: readonly RuntimeError[];
  /** Predictions without the board, of all runtimes. */
  readonly unseenBoards: readonly RuntimeError[];
  /** Single operators, by kind and by how well they are known. */
  readonly operators: {
    readonly families: readonly OperatorFigures[];
    readonly evidences: readonly OperatorFigures[];
  };
  /** X-CUBE-AI by core, with settings chosen anew for each network. */
  readonly chosenAnew: readonly { readonly core: string; readonly figures: ErrorFigures }[];
  readonly checks: readonly OutsideCheck[];
  readonly networks: readonly Judgement[];
  readonly otherNetworks: readonly Judgement[];
  readonly boards: readonly Judgement[];
  /** Share of networks in their interval, over a family of profiles. */
  readonly coverage: { readonly baseModel: number; readonly inside: number; readonly outside: number };
  readonly energy: readonly EnergyFigures[];
  readonly layers: typeof priors.errors;
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
  const { baseModel, baseModelFigures, libraries, operators } = fitProject();
  const judgements = (from: typeof baseModel.leftOut): Judgement[] =>
    baseModelFigures.flatMap(({ profile, runtime, core, boards }) =>
      (from.get(profile) ?? []).map((left) => judgementOf(left, { runtime, core, boards })),
    );
  const inside = libraries.flatMap(({ figures }) => figures);
  const networks = judgements(baseModel.leftOut);
  const otherNetworks = libraries.flatMap(({ judged, figures }) =>
    judged.map(({ member: { id, runtime, core }, ...left }) => {
      const boards = figures.find(({ profile }) => id.endsWith(` ${profile}`))?.boards ?? [];
      return judgementOf(left, { runtime, core, boards });
    }),
  );
  const energy = energyFigures(readEnergy(), (board, runtime, network) => {
    const found = [...networks, ...otherNetworks].find(
      (entry) => entry.runtime === runtime && entry.network === network && entry.boards.includes(board),
    );
    return found === undefined ? undefined : found.predicted / found.measured;
  });
  const insideResiduals = libraries.flatMap(({ judged }) => residualsOf(judged));
  const baseBoards = judgements(baseModel.boardOut);
  const baseHeld = heldByOtherBoards(
    baseBoards.map(({ board, measured, predicted }) => ({ board, ratio: predicted / measured })),
  );
  const unseenBoards: RuntimeError[] = [
    ...baseBoards.map(({ runtime, core, measured, predicted }, at) => {
      const held = baseHeld[at];
      return { runtime, core, ratio: predicted / measured, ...(held === undefined ? {} : { held }) };
    }),
    ...libraries.flatMap(({ boardOut }) => boardErrors(boardOut)),
    ...outside.boardRatios,
  ];
  const outsideFigures: readonly MemberFigures[] = outside.figures;
  return {
    baseModel: baseModelFigures,
    inside,
    outside: outsideFigures,
    outsideErrors: outside.ratios,
    chosenAnew: outside.chosenAnew,
    checks: outside.checks,
    networks,
    otherNetworks,
    boards: baseBoards,
    unseenBoards,
    operators: {
      families: operatorFigures(operators, 'family'),
      evidences: operatorFigures(operators, 'evidence'),
    },
    coverage: {
      baseModel: baseModel.calibration.coverage() ?? 0,
      inside: new Calibration(insideResiduals).coverage() ?? 0,
      outside: pooledCoverage(outsideFigures),
    },
    energy,
    layers: priors.errors,
  };
}
