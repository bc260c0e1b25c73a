/** The columns of the layers' table and how they sort. Pure. */

import type { LayerDetail } from '../../engine/model/cost-detail.ts';

/** `order` is that in which they run. */
export const columns = [
  { key: 'order', title: '#', value: undefined },
  { key: 'name', title: 'Layer', value: undefined },
  { key: 'op', title: 'Operator', value: undefined },
  { key: 'macs', title: 'MACs', value: (layer: LayerDetail) => layer.macs },
  { key: 'latency', title: 'Latency', value: (layer: LayerDetail) => layer.latency_ms?.value },
  { key: 'ram', title: 'RAM', value: (layer: LayerDetail) => layer.ram_bytes },
  { key: 'flash', title: 'Flash', value: (layer: LayerDetail) => layer.flash_bytes },
  { key: 'energy', title: 'Energy', value: (layer: LayerDetail) => layer.energy_uj?.value },
] as const;

export type Column = (typeof columns)[number]['key'];

export interface Sorting {
  readonly column: Column;
  readonly descending: boolean;
}

/** Positions of the layers; those without a number come last, and equals stay in the order in which they run. */
export function sorted(layers: readonly LayerDetail[], { column, descending }: Sorting): number[] {
  const positions = layers.map((_, index) => index);
  const value = columns.find(({ key }) => key === column)?.value;
  const sign = descending ? -1 : 1;
  return positions.sort((a, b) => {
    const [left, right] = [layers[a], layers[b]];
    if (left === undefined || right === undefined || column === 'order') return sign * (a - b);
    if (column === 'name') return sign * left.label.localeCompare(right.label) || a - b;
    if (column === 'op') return sign * left.op.localeCompare(right.op) || a - b;
    const [x, y] = [value?.(left), value?.(right)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined) || a - b;
    return sign * (x - y) || a - b;
  });
}
