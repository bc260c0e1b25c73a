/** The totals of a model, each with its interval. */

import type { CostDetail } from '../../../engine/model/cost-detail.ts';
import type { Metric } from '../../front/messages.ts';
import { metricWords } from '../../front/metrics.ts';
import { make } from '../dom.ts';

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function fillTotals(list: HTMLElement, { total }: CostDetail): void {
  const rows: readonly (readonly [string, Interval | null, Metric])[] = [
    ['Latency', total.latency_ms, 'latency'],
    ['Tensor arena', total.ram_bytes, 'ram'],
    ...(total.program_ram_bytes === null
      ? []
      : [['RAM of the program', total.program_ram_bytes, 'ram'] as const]),
    ['Model file', total.flash_bytes, 'flash'],
    ['Runtime and kernels', total.runtime_flash_bytes, 'flash'],
    ['Energy', total.energy_uj, 'energy'],
    [
      total.partial === undefined ? 'MACs' : 'MACs, at least',
      { value: total.macs, low: total.macs, high: total.macs },
      'macs',
    ],
  ];
  list.replaceChildren(
    ...rows.map(([name, interval, metric]) => {
      const group = make('div');
      const value = make('dd');
      if (interval === null) value.append(make('span', 'missing', 'no data'));
      else {
        const { format } = metricWords[metric];
        value.append(make('strong', '', format(interval.value)));
        if (format(interval.low) !== format(interval.high)) {
          value.append(make('span', 'interval', `${format(interval.low)} to ${format(interval.high)}`));
        }
      }
      group.append(make('dt', '', name), value);
      return group;
    }),
  );
}
