/** The plots of `docs/accuracy.md` as SVG text: the same figures give the same bytes. */

import { init, use } from 'echarts/core';
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

export interface Point {
  /** Cycles. */
  readonly measured: number;
  readonly predicted: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

const width = 720;
const colours = ['#0b6e4f', '#c8553d', '#3d5a80', '#8e5572', '#b58b00', '#4a7c9b', '#6b4e16', '#7a7a7a'];
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin', 'arrow', 'circle'];
const text = { color: '#333333', fontFamily: 'sans-serif' };
/** The band that is drawn: predictions within 10 %. */
const band = 0.1;

function render(height: number, option: object): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, backgroundColor: '#ffffff', textStyle: text, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // ECharts numbers what it draws through all charts of a process.
  return `${svg.replace(/\bzr\d+-/g, 'plot-')}\n`;
}

type LineType = 'solid' | 'dashed';

/** A grey line to read points by. */
function guide(type: LineType, data: readonly unknown[]): object {
  const lineStyle = { color: '#999999', width: 1, type };
  return { type: 'line', silent: true, symbol: 'none', lineStyle, data, clip: true };
}

/** Powers of ten around all values. */
function decades(series: readonly Series[]): readonly [number, number] {
  const values = series.flatMap(({ points }) => points.flatMap((point) => [point.measured, point.predicted]));
  return [
    10 ** Math.floor(Math.log10(Math.min(...values))),
    10 ** Math.ceil(Math.log10(Math.max(...values))),
  ];
}

/** Predicted against measured cycles on logarithmic axes, with the diagonal and 10 % to either side. */
export function predictedAgainstMeasured(title: string, series: readonly Series[]): string {
  const [min, max] = decades(series);
  const axis = (name: string, gap: number) => ({
    type: 'log',
    name,
    nameLocation: 'middle',
    nameGap: gap,
    min,
    max,
    axisLabel: { formatter: (value: number) => value.toExponential(0).replace('+', '') },
  });
  const line = (factor: number, type: LineType) =>
    guide(type, [
      [min, min * factor],
      [max, max * factor],
    ]);
  return render(590, {
    title: { text: title, left: 'center', top: 6, textStyle: { ...text, fontSize: 15 } },
    legend: {
      data: series.map(({ name }) => name),
      top: 36,
      itemWidth: 12,
      itemHeight: 12,
      textStyle: text,
    },
    grid: { left: 76, right: 24, top: 116, bottom: 58 },
    xAxis: axis('measured, cycles', 32),
    yAxis: axis('predicted without it, cycles', 54),
    series: [
      line(1, 'solid'),
      line(1 + band, 'dashed'),
      line(1 - band, 'dashed'),
      ...series.map(({ name, points }, index) => ({
        name,
        type: 'scatter',
        symbol: symbols[index % symbols.length],
        symbolSize: 8,
        itemStyle: { color: colours[index % colours.length], opacity: 0.8 },
        data: points.map(({ measured, predicted }) => [measured, predicted]),
      })),
    ],
  });
}

export interface Errors {
  readonly name: string;
  /** predicted / measured - 1 */
  readonly errors: readonly number[];
}

/** Every error as a point, a row per profile: where no measured value may be shown. */
export function errorStrips(title: string, rows: readonly Errors[]): string {
  const names = rows.map(({ name }) => name);
  const most = Math.max(0.2, ...rows.flatMap(({ errors }) => errors.map(Math.abs)));
  const limit = Math.ceil(most * 10) / 10;
  const line = (at: number, type: LineType) =>
    guide(type, [
      [at, names[0]],
      [at, names.at(-1)],
    ]);
  return render(110 + 34 * rows.length, {
    title: { text: title, left: 'center', top: 6, textStyle: { ...text, fontSize: 15 } },
    grid: { left: 190, right: 24, top: 40, bottom: 52 },
    xAxis: {
      type: 'value',
      name: 'error of the prediction',
      nameLocation: 'middle',
      nameGap: 30,
      min: -limit,
      max: limit,
      axisLabel: { formatter: (value: number) => `${Math.round(100 * value)} %` },
    },
    yAxis: { type: 'category', data: names, inverse: true },
    series: [
      line(0, 'solid'),
      line(band, 'dashed'),
      line(-band, 'dashed'),
      ...rows.map(({ name, errors }, index) => ({
        type: 'scatter',
        symbolSize: 8,
        itemStyle: { color: colours[index % colours.length], opacity: 0.6 },
        data: errors.map((error) => [error, name]),
      })),
    ],
  });
}
