/** The totals of a model, each with its interval. */

import type { CostDetail } from '../../../engine/model/cost-detail.ts';
import type { IntervalReport } from '../../../engine/model/cost-report.ts';
import { formatMetric } from '../../../engine/cost/format.ts';
import { toldOfSchedule } from '../../../engine/model/cost-report.ts';
import { type Metric, metrics } from '../../../engine/space/metrics.ts';
import { make } from '../dom.ts';

export function fillTotals(list: HTMLElement, { total }: CostDetail): void {
  const rows: readonly (readonly [string, IntervalReport | null, Metric])[] = [
    ['Latency', total.latency_ms, 'latency'],
    ['Tensor arena', total.ram_bytes, 'ram'],
    ...(total.program_ram_bytes === null
      ? []
      : [['RAM of the program', total.program_ram_bytes, 'ram'] as const]),
    ['Model file', total.flash_bytes, 'flash'],
    ['Runtime and kernels', total.runtime_flash_bytes, 'flash'],
    ['Energy', total.energy_uj, 'energy'],
    ...toldOfSchedule(total).map(([metric, value]) => [metrics[metric].label, value, metric] as const),
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
        const [text, between] = [formatMetric(metric, interval.value), formatMetric(metric, interval)];
        value.append(make('strong', '', text));
        if (between !== text) value.append(make('span', 'interval', between));
      }
      group.append(make('dt', '', name), value);
      return group;
    }),
  );
}
