/**
 * Whole networks on boards that no profile was fitted to, from rows outside the project: how a shipped profile does where
 * it has seen neither the board nor, mostly, the network. Only the errors enter the project.
 */

import type { LatencyProfile } from '../../../device-profiles/types.ts';
import type { Network } from '../../space/network.ts';
import { round } from './intervals.ts';
import { predict, type Coefficients, type Observation } from './least-squares.ts';
import { networkFromDefinition, type LayerDefinition } from './network-definition.ts';
import { observationOf, type MeasuredRow, type TermReader } from './observations.ts';

export interface OutsideCheck {
  readonly board: string;
  readonly core: string;
  readonly network: string;
  readonly profile: string;
  /** predicted / measured */
  readonly ratio: number;
  /** Whether it lies in the interval that the profile gives on boards that no row comes from. */
  readonly covered: boolean;
}

const shape = (text: string | undefined): readonly number[] => (text ?? '').split('x').map(Number);

/** A layer of a chain from text like `CONV_2D in=1x24x24x24 out=1x11x11x16 k=3x3 s=2x2 pad=VALID act=RELU`. */
function layerOf(text: string, index: number): LayerDefinition {
  const [op = ''] = text.split(' ');
  const value = (name: string): string | undefined => new RegExp(`\\b${name}=(\\S+)`).exec(text)?.[1];
  const output = shape(value('out'));
  const kernel = value('k');
  return {
    index,
    op,
    inputs: [shape(value('in'))],
    output,
    in_tensors: [index],
    out_tensors: [index + 1],
    ...(kernel === undefined ? {} : { kernel: shape(kernel), stride: shape(value('s')) }),
    filters: output.at(-1) ?? 1,
    padding: value('pad') ?? null,
    activation: value('act') ?? 'NONE',
  };
}

/** A network whose operators were profiled one by one, from the rows of its operators in order. */
function networkOfRows(rows: readonly MeasuredRow[], prefix: string): Network {
  const layers = rows.map(({ model_or_layer: text }, index) => layerOf(text.slice(prefix.length + 1), index));
  return networkFromDefinition({
    name: prefix,
    inputs: [{ shape: layers[0]?.inputs[0] ?? [], dtype: 'INT8' }],
    layers,
  });
}

const sensor = 'image_example1';

/** Whether a row is of the network that Silicon Labs profiled operator by operator. */
const isSensor = (row: MeasuredRow): boolean =>
  row.model_or_layer.startsWith(sensor) && row.kernels.startsWith('CMSIS-NN');

/** Whether a row is of the application on an STM32H745, built for release. */
const isApplication = ({ board, model_json: model, note }: MeasuredRow): boolean =>
  board.startsWith('NUCLEO-H745ZI-Q') && model !== '' && !note.includes('-O0');

/** Operators that were timed one by one on boards of which there is no profile. */
export function outsideOperators(
  rows: readonly MeasuredRow[],
  reader: TermReader,
  readNetwork: (name: string) => Network,
): { readonly sensor: readonly Observation[]; readonly application: readonly Observation[] } {
  const onSensor = rows.filter((row) => isSensor(row) && row.kind === 'op');
  const onApplication = rows.filter((row) => isApplication(row) && row.kind === 'opsum');
  const single = (row: MeasuredRow): Observation | undefined => {
    const observation = observationOf(
      { ...row, model_or_layer: '[0]' },
      networkOfRows([row], sensor),
      reader,
    );
    return observation && { ...observation, network: sensor };
  };
  const found = (list: readonly (Observation | undefined)[]) => list.filter((entry) => entry !== undefined);
  return {
    sensor: found(onSensor.map(single)),
    application: found(onApplication.map((row) => observationOf(row, readNetwork(row.model_json), reader))),
  };
}

export function coefficientsIn(profile: LatencyProfile): Coefficients {
  const terms = Object.entries(profile.paths).flatMap(([family, { cycles }]) =>
    Object.entries(cycles).map(([term, value]) => [`${family}.${term}`, value] as const),
  );
  return Object.fromEntries([['invoke', profile.invokeCycles] as const, ...terms]);
}

/** Checks of TFLM with CMSIS-NN, by the profile that a board without measurements takes. */
export function outsideChecks(
  rows: readonly MeasuredRow[],
  profiles: readonly LatencyProfile[],
  reader: TermReader,
  readNetwork: (name: string) => Network,
): readonly OutsideCheck[] {
  const check = (row: MeasuredRow, core: string, network: Network, name: string): OutsideCheck[] => {
    const profile = profiles.find((entry) => entry.core === core);
    const observation = observationOf(row, network, reader);
    if (profile === undefined || observation === undefined) return [];
    const ratio = predict(observation, coefficientsIn(profile)) / observation.cycles;
    const { low, high } = profile.network.otherBoards ?? profile.network;
    const covered = 1 / ratio >= low && 1 / ratio <= high;
    return [{ board: row.board, core, network: name, profile: profile.id, ratio: round(ratio, 3), covered }];
  };
  const onSensor = rows.filter(isSensor);
  const operators = onSensor.filter(({ kind }) => kind === 'op');
  const whole = onSensor.filter(({ kind }) => kind === 'e2e');
  const application = rows.filter((row) => isApplication(row) && row.kind === 'e2e');
  return [
    ...whole.flatMap((row) => check(row, 'cortex-m33', networkOfRows(operators, sensor), sensor)),
    ...application.flatMap((row) => check(row, 'cortex-m7', readNetwork(row.model_json), row.model_json)),
  ];
}
