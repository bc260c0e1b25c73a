/**
 * Errors of single operators whose rows lie outside the project: KIT's single layers, and operators that were timed one by
 * one on boards of which there is no profile. Only errors enter the project; of many layers alike, twenty quantiles.
 */

import type { LatencyProfile } from '../../../device-profiles/types.ts';
import { cmsisNnProfiles, type ProfileSpec } from './boards.ts';
import { round } from './intervals.ts';
import { fitCoefficients, scale, type Coefficients, type Observation } from './least-squares.ts';
import { knownOf, operatorErrors, robbed, type OperatorResidual } from './operator-residuals.ts';
import { cortexM33Scale, priorFrom, priorOf, singleLayerPriors } from './priors.ts';
import type { Evidence } from './evidence.ts';
import file from './operators-outside.json' with { type: 'json' };

/** Errors of one family on one profile, as the file has them. */
export interface ErrorGroup {
  readonly profile: string;
  readonly family: string;
  readonly evidence: Evidence;
  /** Operators that the errors are of. */
  readonly operators: number;
  /** The networks that they were left out with, in the order of `ratios`; absent for single layers. */
  readonly networks?: readonly string[];
  /** predicted / measured, or quantiles of it. */
  readonly ratios: readonly number[];
}

/** The errors of the last fit with rows outside the project. */
export function outsideErrors(): OperatorResidual[] {
  // The file is written by `npm run fit -- --with DIR` in this form.
  return residualsOfGroups(file.groups as readonly ErrorGroup[]);
}

/** Of the single layers of each board, those that its shipped profile says within 10 %, in five folds. */
export const layersWithinTenPercent: Readonly<Record<string, number>> = file.layersWithinTenPercent;

/** Quantiles that stand for many errors. */
const quantiles = 20;

function quantilesOf(ratios: readonly number[]): number[] {
  const sorted = [...ratios].sort((a, b) => a - b);
  if (sorted.length <= quantiles) return sorted;
  return Array.from(
    { length: quantiles },
    (_, at) => sorted[Math.floor(((at + 0.5) / quantiles) * sorted.length)] ?? 1,
  );
}

/** Residuals in the form of the file; `layers` says that they are of single layers. */
export function groupErrors(residuals: readonly OperatorResidual[], layers: boolean): ErrorGroup[] {
  const groups = new Map<string, OperatorResidual[]>();
  for (const residual of residuals) {
    const key = `${residual.profile}|${residual.family}|${residual.evidence}`;
    groups.set(key, [...(groups.get(key) ?? []), residual]);
  }
  return [...groups.values()].flatMap((list): ErrorGroup[] => {
    const [first] = list;
    if (first === undefined) return [];
    const { profile, family, evidence } = first;
    const ratios = list.map(({ ratio }) => ratio);
    return [
      {
        profile,
        family,
        evidence,
        operators: list.length,
        ...(layers ? {} : { networks: list.map(({ network }) => network) }),
        ratios: (layers ? quantilesOf(ratios) : ratios).map((ratio) => round(ratio, 3)),
      },
    ];
  });
}

/** The file's errors; quantiles of single layers stand each for itself. */
export function residualsOfGroups(groups: readonly ErrorGroup[]): OperatorResidual[] {
  return groups.flatMap(({ profile, family, evidence, networks, ratios }) =>
    ratios.map((ratio, at) => ({
      profile,
      family,
      evidence,
      network: networks?.[at] ?? `${profile} ${family} ${String(at)}`,
      ratio,
    })),
  );
}

export const plain = (observations: readonly Observation[]) =>
  observations.map((observation) => ({ observation, weight: 1 }));

/** Five folds by output channels: what is left out, and the fit of the others. */
export function foldsOf(
  layers: readonly Observation[],
): { readonly left: readonly Observation[]; readonly fit: Coefficients }[] {
  const widths = [...new Set(layers.map(({ network }) => network))].sort();
  return [0, 1, 2, 3, 4].map((fold) => {
    const out = new Set(widths.filter((_, index) => index % 5 === fold));
    return {
      left: layers.filter(({ network }) => out.has(network)),
      fit: fitCoefficients(plain(layers.filter(({ network }) => !out.has(network))), {}, 0),
    };
  });
}

const m4 = ['NUCLEO-F446RE', 'Arduino Nicla Sense ME'] as const;
const m33 = 'NUCLEO-L552ZE-Q';

type Observations = ReadonlyMap<string, readonly Observation[]>;

/** A profile, the board whose layers it is held against, and another board with the core. */
interface JudgedOnLayers {
  readonly spec: ProfileSpec;
  readonly board: string;
  readonly other: string | undefined;
}

const judged = cmsisNnProfiles.flatMap((spec): JudgedOnLayers[] => {
  if (spec.id === 'cortex-m4-f446re') return [{ spec, board: m4[0], other: m4[1] }];
  if (spec.id === 'cortex-m4-nrf52840') return [{ spec, board: m4[1], other: m4[0] }];
  return spec.id === 'cortex-m33-l552' ? [{ spec, board: m33, other: undefined }] : [];
});

/**
 * Errors of the profiles of TFLM with CMSIS-NN on KIT's layers, in five folds of each board's own. `layers`: by board.
 */
export function foldErrors(
  runtimeFile: string,
  observations: Observations,
  layers: Observations,
): ReadonlyMap<string, readonly OperatorResidual[]> {
  return new Map(
    judged.map(({ spec, board }) => [
      board,
      foldsOf(layers.get(board) ?? []).flatMap(({ left, fit }) => {
        const known = knownOf(spec, observations, priorFrom(spec.core, fit), board);
        return operatorErrors(`${runtimeFile} ${spec.id}`, left, known);
      }),
    ]),
  );
}

/** The same without the layers of the board: by another's, with the networks of the board and without, and by another core's. */
export function transferErrors(
  runtimeFile: string,
  observations: Observations,
  layers: Observations,
): OperatorResidual[] {
  const none = robbed(observations, () => false);
  return judged.flatMap(({ spec, board, other }) => {
    const errors = (kept: Observations, prior: Coefficients, layersOf: string | undefined) =>
      operatorErrors(
        `${runtimeFile} ${spec.id}`,
        layers.get(board) ?? [],
        knownOf(spec, kept, prior, layersOf),
      );
    if (other === undefined) {
      return m4.flatMap((name) =>
        errors(observations, scale(priorOf('cortex-m4', name), cortexM33Scale), undefined),
      );
    }
    const fromM33 = scale(priorFrom('cortex-m33', singleLayerPriors[m33] ?? {}), 1 / cortexM33Scale);
    const prior = priorOf(spec.core, other);
    return [
      ...errors(observations, prior, other),
      ...errors(
        robbed(observations, (_, id) => id !== spec.id),
        prior,
        other,
      ),
      ...errors(none, fromM33, undefined),
    ];
  });
}

/** Errors of a profile on operators of another board with its core. */
export function errorsElsewhere(
  runtimeFile: string,
  profile: LatencyProfile,
  coefficients: Coefficients,
  targets: readonly Observation[],
): OperatorResidual[] {
  const measured = Object.entries(profile.paths).filter(
    ([, { rows, envelope }]) => rows > 0 || envelope !== undefined,
  );
  return operatorErrors(`${runtimeFile} ${profile.id}`, targets, {
    own: [],
    sameCore: [],
    anywhere: [],
    layers: { families: new Set(measured.map(([family]) => family)), ofBoard: false },
    coefficients,
  });
}
