/**
 * TFLM with CMSIS-NN on the boards of `boards.ts`: the runtime with most rows, whose priors are single layers and inner
 * loops on the board's own core, so that boards need no scale factor of their own.
 */

import type { LatencyPath, LatencyProfile } from '../../../device-profiles/types.ts';
import { baselines } from './baselines.ts';
import {
  cmsisNnProfiles,
  coreOf,
  fitProfile,
  leaveBoardOut,
  leaveOneNetworkOut,
  type LeftOut,
  type ProfileSpec,
} from './boards.ts';
import { Calibration } from './calibration.ts';
import { conformalHalfWidth, median } from './intervals.ts';
import { errorFigures } from './figures.ts';
import { predictionsOf, type MemberFigures } from './fit-library.ts';
import type { Observation } from './least-squares.ts';
import { TermReader } from './observations.ts';
import { priorOf, singleLayerExtents, singleLayerPriors, singleLayerRows } from './priors.ts';
import type { OperatorCalibration } from './operator-intervals.ts';
import { baseOperatorErrors, type OperatorResidual } from './operator-residuals.ts';
import { assembleProfile } from './profile.ts';
import { loadObservations, readNetwork, readRows } from './read.ts';

function sourcesOf(spec: ProfileSpec): LatencyProfile['sources'] {
  const rows = readRows().filter((row) => row.board.startsWith(spec.measuredOn) && spec.accepts(row));
  const counts = new Map<string, number>();
  for (const row of rows) {
    const title =
      row.source.split(' ')[0] === 'MicroNets'
        ? 'MicroNets (Banbury et al., MLSys 2021), Table 4'
        : row.source;
    const repository = title.replace(/ (closed|benchmarking_results|results|sheet|benchmark_results).*$/, '');
    counts.set(repository, (counts.get(repository) ?? 0) + 1);
  }
  const layers =
    spec.layers === undefined
      ? []
      : [
          {
            title: `KIT MicroNAS look-up tables, ${spec.layers} (prior)`,
            date: '2023-08',
            note: `${singleLayerRows(spec.layers)} single layers, not in the project: their source carries no licence`,
          },
        ];
  return [
    ...[...counts].map(([title, count]) => ({ title, date: '2021 to 2026', note: `${count} rows` })),
    ...layers,
  ];
}

/** Those of `boards.ts` that have a profile. */
const publishedProfiles = cmsisNnProfiles.filter(({ helps }) => helps === undefined);

/** How a profile of `boards.ts` does on networks and boards that it has not seen. */
export interface BaseModel {
  readonly observations: ReadonlyMap<string, readonly Observation[]>;
  readonly leftOut: ReadonlyMap<string, readonly LeftOut[]>;
  readonly boardOut: ReadonlyMap<string, readonly LeftOut[]>;
  readonly calibration: Calibration;
}

/** Name of the runtime file. */
export const baseRuntime = 'tflm-cmsis-nn';

/** A Cortex-M4 whose single layers stand in for those of the F446RE when that board is left out. */
const otherLayers = 'Arduino Nicla Sense ME';

/** Single layers of a board that the profile's own are not of. */
function layersOfOthers({ layers }: ProfileSpec): string | undefined {
  if (layers === undefined) return undefined;
  return layers === otherLayers ? 'NUCLEO-F446RE' : otherLayers;
}

/** Errors of single operators, each predicted without its network, its board or its core. */
export function baseModelErrors({ observations }: BaseModel): OperatorResidual[] {
  return baseOperatorErrors(baseRuntime, observations, layersOfOthers);
}

/** Leaves networks and boards out. */
export function validateBaseModel(paths: readonly LatencyPath[]): BaseModel {
  const observations = loadObservations(cmsisNnProfiles, new TermReader(paths));
  const leftOut = new Map(
    publishedProfiles.map((spec) => [
      spec.id,
      leaveOneNetworkOut(spec, observations, priorOf(spec.core, spec.layers)),
    ]),
  );
  const siblings = (core: string): number => publishedProfiles.filter((other) => other.core === core).length;
  const boardOut = new Map(
    publishedProfiles
      .filter(({ core }) => siblings(core) > 1)
      .map((spec) => {
        // Nor may the prior have seen the board.
        const layers = spec.layers === spec.measuredOn ? otherLayers : spec.layers;
        return [spec.id, leaveBoardOut(spec, observations, priorOf(spec.core, layers), layers)];
      }),
  );
  const residuals = [...leftOut].flatMap(([profile, list]) =>
    list.map(({ observation, ratio }) => ({ profile, network: observation.network, ratio })),
  );
  return { observations, leftOut, boardOut, calibration: new Calibration(residuals) };
}

/** A profile with one network borrows the residuals of its siblings, half as wide again. */
const oneNetworkWidening = 1.5;
/** Of whole networks on a board of which only single layers were measured. */
const noNetworkHalfWidth = 0.25;

/** The profiles of TFLM with CMSIS-NN on the boards of `boards.ts`. */
export function fitProfiles(
  paths: readonly LatencyPath[],
  baseModel: BaseModel,
  operators: OperatorCalibration,
): readonly LatencyProfile[] {
  const { observations, calibration } = baseModel;
  const unseen = conformalHalfWidth([...baseModel.boardOut.values()].flat().map(({ ratio }) => ratio));
  return publishedProfiles.map((spec) => {
    const own = observations.get(spec.id) ?? [];
    const networks = new Set(own.map(({ network }) => network)).size;
    const pooled = (calibration.halfWidth(spec.id) ?? 0.5) * (networks < 2 ? oneNetworkWidening : 1);
    const halfWidth = networks === 0 ? Math.max(noNetworkHalfWidth, pooled) : pooled;
    const left = baseModel.leftOut.get(spec.id) ?? [];
    const layers = spec.layers ?? '';
    const others = [...observations].filter(([id]) => id !== spec.id);
    return assembleProfile({
      id: spec.id,
      file: baseRuntime,
      operators,
      core: spec.core,
      boards: spec.boards,
      build: spec.build,
      paths,
      coefficients: fitProfile(spec, observations, priorOf(spec.core, spec.layers)),
      own,
      helpers: cmsisNnProfiles
        .filter(({ helps }) => helps === spec.id)
        .flatMap(({ id }) => observations.get(id) ?? []),
      sameCore: others.filter(([id]) => coreOf(id) === spec.core).flatMap(([, list]) => list),
      anywhere: others.flatMap(([, list]) => list),
      layers: {
        families: new Set(
          Object.keys(singleLayerPriors[layers] ?? {}).map((term) => term.split('.')[0] ?? ''),
        ),
        ofBoard: spec.layers === spec.measuredOn,
        extents: singleLayerExtents[layers] ?? {},
        // Layers of another board are where the fit starts; those of the board itself are measurements of it.
        rows: spec.layers === spec.measuredOn ? singleLayerRows(spec.layers) : 0,
      },
      halfWidth,
      otherBoardsHalfWidth: Math.max(unseen, halfWidth),
      medianError: left.length >= 3 ? median(left.map(({ ratio }) => Math.abs(ratio - 1))) : undefined,
      sources: sourcesOf(spec),
    });
  });
}

/** What leaving networks and boards out came to, and what simpler answers come to. */
export function baseModelFigures(baseModel: BaseModel, runtime: string): readonly MemberFigures[] {
  return publishedProfiles.map((spec) => {
    const own = baseModel.observations.get(spec.id) ?? [];
    const network = errorFigures(
      predictionsOf(baseModel.leftOut.get(spec.id) ?? []),
      baseModel.calibration.coverage(spec.id),
    );
    const board = errorFigures(predictionsOf(baseModel.boardOut.get(spec.id) ?? []));
    const simple = baselines(own, readNetwork);
    return {
      profile: spec.id,
      runtime,
      core: spec.core,
      boards: spec.boards,
      rows: own.length,
      ...(network === undefined ? {} : { network }),
      ...(board === undefined ? {} : { board }),
      ...(simple === undefined ? {} : { baselines: simple }),
    };
  });
}
