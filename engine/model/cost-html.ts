/** A cost as one HTML file that needs nothing else: for a colleague, a ticket or a paper's appendix. */

import {
  formatBytes,
  formatCount,
  formatEnergy,
  formatEstimate,
  formatHertz,
  formatTime,
} from '../cost/index.ts';
import type { Metric } from '../space/metrics.ts';
import { type IntervalReport, toldOfSchedule } from './cost-report.ts';
import type { CostDetail, GraphDetail, LayerDetail } from './cost-detail.ts';
import { chartStyle, escaped } from './memory-chart.ts';

const style = `
:root { color-scheme: light dark; }
body { max-width: 1100px; margin: 2em auto; padding: 0 1em; font: 15px/1.45 system-ui, sans-serif; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 8px; text-align: right; border-bottom: 1px solid #8884; vertical-align: top; }
th:nth-child(-n+3), td:nth-child(-n+3) { text-align: left; }
td.name { overflow-wrap: anywhere; }
td { white-space: nowrap; }
td.name, td.shape { white-space: normal; }
tr.peak td.ram { font-weight: 600; }
.bar { display: block; height: 4px; margin-top: 2px; margin-left: auto; background: #4a7ba6; }
.remark { display: block; font-size: 0.87em; opacity: 0.85; }
.none > .remark, .problem { color: #b3261e; opacity: 1; }
@media (prefers-color-scheme: dark) { .none > .remark, .problem { color: #ff8a80; } }
@media (forced-colors: active) { .bar { forced-color-adjust: none; background: CanvasText; } }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; }
.facts dt { font-weight: 600; }
.facts dd { margin: 0; }
${chartStyle}`;

export function costHtml(detail: CostDetail): string {
  const { title, target, total, graphs } = detail;
  const facts: readonly (readonly [string, string])[] = [
    ['target', `${target.board_name} with ${target.runtime_name} at ${formatHertz(target.clock_hz)}`],
    ['latency', estimate('latency', total.latency_ms)],
    ['tensor arena', estimate('ram', total.ram_bytes)],
    ['RAM of the whole program', estimate('ram total', total.program_ram_bytes)],
    ['model file', estimate('flash', total.flash_bytes)],
    ['runtime and kernels', estimate('flash', total.runtime_flash_bytes)],
    ['energy', estimate('energy', total.energy_uj)],
    ...toldOfSchedule(total).map(([metric, value]) => [metric, estimate(metric, value)] as const),
    ['MACs', `${total.partial === undefined ? '' : 'at least '}${formatCount(total.macs)}`],
    ['placement', detail.placement.message],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}: cost on ${escaped(target.board_name)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<dl class="facts">
${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('\n')}
</dl>
${detail.problems.map(({ message }) => `<p class="problem">${escaped(message)}</p>`).join('\n')}
${graphs.map((graph) => graphHtml(graph, graphs.length > 1)).join('\n')}
<h2>What is assumed</h2>
<ul>
${detail.assumptions.map((sentence) => `<li>${escaped(sentence)}</li>`).join('\n')}
</ul>
</body>
</html>
`;
}

function graphHtml(graph: GraphDetail, several: boolean): string {
  const { layers, memory } = graph;
  const most = {
    latency: Math.max(0, ...layers.map(({ latency_ms: latency }) => latency?.value ?? 0)),
    ram: Math.max(0, ...layers.map(({ ram_bytes: ram }) => ram)),
    flash: Math.max(0, ...layers.map(({ flash_bytes: flash }) => flash)),
  };
  const called =
    graph.called_by.length === 0 ? '' : `<p>It is run by ${escaped(graph.called_by.join(', '))}.</p>`;
  return `${several ? `<h2>${escaped(graph.name)}</h2>${called}` : ''}
<h2>Memory over the inference</h2>
<p>${escaped(memory.peak)}</p>
${memory.patches === null ? '' : `<p>${escaped(memory.patches)}</p>`}
${memory.chart}
<h2>Layers</h2>
<table>
<thead><tr><th>#</th><th>layer</th><th>operator</th><th>MACs</th><th>latency</th><th>RAM</th><th>flash</th><th>energy</th></tr></thead>
<tbody>
${layers.map((layer, index) => layerHtml(layer, index, most)).join('\n')}
</tbody>
</table>`;
}

function layerHtml(
  layer: LayerDetail,
  index: number,
  most: { readonly latency: number; readonly ram: number; readonly flash: number },
): string {
  const remarks = layer.remarks.map((sentence) => `<span class="remark">${escaped(sentence)}</span>`);
  const latency = layer.latency_ms;
  const between = latency === null ? '' : `<span class="remark">${formatTime(latency)}</span>`;
  return `<tr class="${layer.peak ? 'peak' : ''}"><td>${index + 1}</td>
<td class="name ${layer.support}" title="${escaped(layer.name)}">${escaped(layer.label)}${remarks.join('')}</td>
<td class="shape">${escaped(layer.op)}<span class="remark">${escaped(layer.shapes)}</span></td>
<td>${formatCount(layer.macs)}</td>
<td>${latency === null ? 'no data' : formatTime(latency.value)}${between}${bar(latency?.value ?? 0, most.latency)}</td>
<td class="ram">${formatBytes(layer.ram_bytes)}${bar(layer.ram_bytes, most.ram)}</td>
<td>${formatBytes(layer.flash_bytes)}${bar(layer.flash_bytes, most.flash)}</td>
<td>${layer.energy_uj === null ? 'no data' : formatEnergy(layer.energy_uj.value)}</td></tr>`;
}

function bar(value: number, most: number): string {
  const share = most === 0 ? 0 : (100 * value) / most;
  return `<span class="bar" style="width:${share.toFixed(1)}%"></span>`;
}

const estimate = (metric: Metric, value: IntervalReport | null): string =>
  value === null ? 'no data' : formatEstimate(metric, value);
