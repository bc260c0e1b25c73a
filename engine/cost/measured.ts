/**
 * What the probe has measured of a target's layers. A layer that was measured costs what it took, whatever the kernels were
 * counted or fitted to take; what two layers cost is the same when all their quantities are, so that is what tells them apart.
 */

import type { BoardMeasurement, MeasuredLayer } from '../../device-profiles/types.ts';
import { isOpKind, templateFrom } from '../operators/catalogue.ts';
import type { OpTemplate } from '../space/network.ts';
import { measureQuantities, quantityNames, type Quantities } from './quantities.ts';
import type { Target } from './target.ts';
import type { Estimate } from './types.ts';

/**
 * How far a layer inside a network may lie from the same layer run again and again by itself: the layers around it leave other
 * bytes in a cache, and its arrays lie otherwise. A share of its cycles.
 */
const around = 0.03;

export interface MeasuredOp {
  readonly op: OpTemplate;
  readonly quantities: Quantities;
  readonly cycles: Estimate;
}

export interface Measured {
  readonly date: string;
  readonly layers: readonly MeasuredOp[];
  /** `undefined` for a layer that was not measured. */
  cyclesOf(op: OpTemplate, quantities: Quantities): Estimate | undefined;
}

const int8 = { input: 'int8', output: 'int8' } as const;

const keyOf = ({ kind }: OpTemplate, quantities: Quantities): string =>
  `${kind} ${quantityNames.map((name) => quantities[name]).join(' ')}`;

/**
 * `undefined` for a layer that this version cannot make out: its kind is not known (any more), or its attributes are not those
 * of the kind, since a board's file may be anybody's. Such a layer counts as not measured.
 */
function measuredOp({ kind, attributes, inputs, output, cycles }: MeasuredLayer): MeasuredOp | undefined {
  if (!isOpKind(kind)) return undefined;
  const { least, median } = cycles;
  try {
    const op = templateFrom(kind, attributes);
    return {
      op,
      quantities: measureQuantities(op, inputs, output, int8),
      cycles: { value: median, low: least * (1 - around), high: median * (1 + around) },
    };
  } catch {
    return undefined;
  }
}

/** The same target as if nobody had measured it: what is known besides. */
export const withoutMeasurements = (target: Target): Target => ({
  ...target,
  board: { ...target.board, measured: [] },
});

/** Of this runtime at this clock; `undefined` where nothing was measured. */
export function measuredOf({ board, runtime, clockHz }: Target): Measured | undefined {
  const found: BoardMeasurement | undefined = board.measured?.find(
    (each) => each.runtime === runtime.id && each.clockHz === clockHz,
  );
  if (found === undefined) return undefined;
  const layers = found.layers.flatMap((layer) => measuredOp(layer) ?? []);
  const byKey = new Map(layers.map((layer) => [keyOf(layer.op, layer.quantities), layer.cycles]));
  return {
    date: found.date,
    layers,
    cyclesOf: (op, quantities) => byKey.get(keyOf(op, quantities)),
  };
}
