/** Which measured rows make which profile, and how a profile is fitted and judged. Pure: rows come in parsed. */

import type { MeasuredRow } from './observations.ts';
import {
  fitCoefficients,
  predict,
  type Coefficients,
  type Observation,
  type Pull,
  type Weighted,
} from './least-squares.ts';
import { singleLayerPriors } from './priors.ts';

export interface ProfileSpec {
  readonly id: string;
  readonly core: string;
  /** Board ids in `device-profiles/boards`. */
  readonly boards: readonly string[];
  /** Starts of board names in the measurements. */
  readonly measuredOn: string;
  /** Board of the single-layer tables whose fit is the prior; `undefined` when none is near. */
  readonly layers: string | undefined;
  readonly build: string;
  /** See {@link priorPull}; a board without otherLibraries of its core leans on its own rows alone. */
  readonly pull?: number;
  /** A core that its rows are borrowed from, brought to this one's scale: where no network was measured. */
  readonly borrows?: { readonly core: string; readonly scaleFactor: number };
  /** Families whose prior was read off its own rows, so that leaving those out says nothing of the prior. */
  readonly priorOfOwnRows?: readonly string[];
  /** Its rows only help the profile with this id, which was built with the same flags on another board. */
  readonly helps?: string;
  /** Restricts the rows, e.g. to one generation of the library. */
  accepts(row: RowOrigin): boolean;
}

type RowOrigin = Pick<MeasuredRow, 'kernels' | 'runtime' | 'source' | 'model_or_layer'>;

const smallCode = ({ source }: RowOrigin): boolean => source.includes('(-Os)');
const modern = (row: RowOrigin): boolean =>
  row.kernels.includes('CMSIS-NN') && !row.kernels.includes('TF_MAKE_TAGS') && !smallCode(row);

/** In this order in the runtime file: a board without measurements takes the first profile of its core. */
export const cmsisNnProfiles: readonly ProfileSpec[] = [
  {
    id: 'cortex-m4-l4r5zi',
    core: 'cortex-m4',
    boards: ['nucleo-l4r5zi'],
    measuredOn: 'NUCLEO-L4R5ZI',
    layers: 'NUCLEO-F446RE',
    build: 'CMSIS-NN 3.6.0, GCC -O3 -flto',
    accepts: modern,
  },
  {
    id: 'cortex-m4-f446re',
    core: 'cortex-m4',
    boards: ['nucleo-f446re'],
    measuredOn: 'NUCLEO-F446RE',
    layers: 'NUCLEO-F446RE',
    build: 'CMSIS-NN of 2020 (Mbed) and of 2023, GCC, release flags',
    accepts: modern,
  },
  {
    id: 'cortex-m4-nrf52840',
    core: 'cortex-m4',
    boards: ['nano-33-ble'],
    measuredOn: 'Arduino Nano 33 BLE',
    layers: 'Arduino Nicla Sense ME',
    build: "Chirale_TensorFlowLite 2.0.0 with CMSIS-NN, Arduino's default flags (-Os)",
    accepts: (row) => modern(row) || row.kernels.startsWith('cmsis-nn'),
  },
  {
    id: 'cortex-m4-l4r5zi-os',
    core: 'cortex-m4',
    boards: [],
    measuredOn: 'NUCLEO-L4R5ZI',
    layers: 'NUCLEO-F446RE',
    build: 'CMSIS-NN 3.6.0, GCC -Os',
    helps: 'cortex-m4-nrf52840',
    // Timed one by one, convolutions of the nRF52840 take what they take at -O3; fully connected layers do not.
    accepts: (row) => smallCode(row) && row.model_or_layer.includes(' FC_'),
  },
  {
    id: 'cortex-m7-f746zg',
    core: 'cortex-m7',
    boards: ['nucleo-f746zg'],
    measuredOn: 'NUCLEO-F746ZG',
    layers: undefined,
    build: 'CMSIS-NN of 2020 (Mbed), GCC, release flags',
    accepts: modern,
  },
  {
    id: 'cortex-m7-f767zi',
    core: 'cortex-m7',
    boards: ['nucleo-f767zi'],
    measuredOn: 'NUCLEO-F767ZI',
    layers: undefined,
    build: 'CMSIS-NN of 2020 (Mbed), GCC, release flags',
    accepts: modern,
  },
  {
    id: 'cortex-m0plus-rp2040',
    core: 'cortex-m0plus',
    boards: ['pico'],
    measuredOn: 'Raspberry Pi Pico',
    layers: undefined,
    pull: 0.003,
    priorOfOwnRows: ['conv-1x1'],
    build: 'pico-tflmicro of January 2024, one core, code and weights in flash',
    accepts: (row) => !row.kernels.includes('multicore'),
  },
  {
    id: 'cortex-m33-l552',
    core: 'cortex-m33',
    boards: ['nucleo-l552ze-q'],
    measuredOn: 'NUCLEO-L552ZE-Q',
    layers: 'NUCLEO-L552ZE-Q',
    // The four MLPerf Tiny networks with microTVM and CMSIS-NN: nRF5340 over L4R5, 0.78 to 0.87.
    borrows: { core: 'cortex-m4', scaleFactor: 0.82 },
    build: 'CMSIS-NN of 2022 to 2024, single layers; other kernels at the pace of microTVM with CMSIS-NN',
    accepts: () => false,
  },
];

/** How strongly rows of the same core but another board count beside the board's own. */
const otherBoardWeight = 0.35;
/** The same for a board that was built with the same unusual flags: twice as much. */
const sameFlagsWeight = 0.7;
/** Sums over one operator type overlap with the network they come from. */
const operatorRowWeight = 0.6;
/** Pull of the priors; chosen by leaving one network out over the three Cortex-M4 boards. */
export const priorPull = 0.03;
/** The same of what single layers say: of the very board, and of another with its core. */
const ownLayersPull = 0.5;
const otherLayersPull = 0.1;

/** How strongly a prior holds that rests on the single layers of a board. */
export function pullOf(spec: ProfileSpec, layersOf: string | undefined): Pull {
  const pull = spec.pull ?? priorPull;
  const single = singleLayerPriors[layersOf ?? ''];
  if (single === undefined) return pull;
  const strength = layersOf === spec.measuredOn ? ownLayersPull : otherLayersPull;
  return (term) => ((single[term] ?? 0) > 0 ? Math.max(strength, pull) : pull);
}

export function fitProfile(
  spec: ProfileSpec,
  observations: ReadonlyMap<string, readonly Observation[]>,
  prior: Coefficients,
  without: (observation: Observation) => boolean = () => false,
  pull: Pull = pullOf(spec, spec.layers),
  otherWeight = otherBoardWeight,
): Record<string, number> {
  const rows: Weighted[] = [];
  for (const [id, list] of observations) {
    const borrowed = coreOf(id) === spec.borrows?.core;
    if (coreOf(id) !== spec.core && !borrowed) continue;
    const helps = specOf(id)?.helps;
    if (helps !== undefined && helps !== spec.id && id !== spec.id) continue;
    const scaleFactor = borrowed ? (spec.borrows?.scaleFactor ?? 1) : 1;
    for (const observation of list) {
      if (without(observation)) continue;
      const kind = observation.kind === 'network' ? 1 : operatorRowWeight;
      const weight = kind * (id === spec.id ? 1 : helps === undefined ? otherWeight : sameFlagsWeight);
      rows.push({ observation: { ...observation, cycles: observation.cycles * scaleFactor }, weight });
    }
  }
  return fitCoefficients(rows, prior, pull);
}

function specOf(id: string): ProfileSpec | undefined {
  return cmsisNnProfiles.find((spec) => spec.id === id);
}

/** Core of the profile with an id. */
export function coreOf(id: string): string | undefined {
  return specOf(id)?.core;
}

export interface LeftOut {
  readonly observation: Observation;
  /** predicted / measured */
  readonly ratio: number;
}

/** Predicts every whole network of the profile from a fit that saw nothing of that network on any board. */
export function leaveOneNetworkOut(
  spec: ProfileSpec,
  observations: ReadonlyMap<string, readonly Observation[]>,
  prior: Coefficients,
  pull: Pull = pullOf(spec, spec.layers),
  otherWeight = otherBoardWeight,
): LeftOut[] {
  const own = observations.get(spec.id) ?? [];
  const networks = [...new Set(own.map((observation) => observation.network))];
  if (networks.length < 2) return [];
  return networks.flatMap((network) => {
    const coefficients = fitProfile(
      spec,
      observations,
      prior,
      (o) => o.network === network,
      pull,
      otherWeight,
    );
    return own
      .filter((observation) => observation.network === network && observation.kind === 'network')
      .map((observation) => ({
        observation,
        ratio: predict(observation, coefficients) / observation.cycles,
      }));
  });
}

/**
 * Predicts every whole network of the profile from a fit that saw no row of its board. `layersOf`: the board whose single
 * layers `prior` is of.
 */
export function leaveBoardOut(
  spec: ProfileSpec,
  observations: ReadonlyMap<string, readonly Observation[]>,
  prior: Coefficients,
  layersOf: string | undefined,
): LeftOut[] {
  const own = observations.get(spec.id) ?? [];
  const others = new Map([...observations].filter(([id]) => id !== spec.id));
  const coefficients = fitProfile(spec, others, prior, undefined, pullOf(spec, layersOf));
  return own
    .filter((observation) => observation.kind === 'network')
    .map((observation) => ({ observation, ratio: predict(observation, coefficients) / observation.cycles }));
}
