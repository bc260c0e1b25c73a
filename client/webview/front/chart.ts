/** The scatter chart: beaten trials, the front with its line, limits across it, and the trial in hand. */

import {
  Chart,
  Legend,
  LinearScale,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
  type ChartConfiguration,
  type Plugin,
} from 'chart.js';
import type { Limit, Metric, Point } from '../../front/messages.ts';
import { metricWords, staircase, valueOf } from '../../front/metrics.ts';
import type { Theme } from '../theme.ts';

Chart.register(ScatterController, LinearScale, PointElement, LineElement, Tooltip, Legend);

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly point: Point;
}

export interface ChartView {
  readonly points: readonly Point[];
  readonly limits: readonly Limit[];
  readonly x: Metric;
  readonly y: Metric;
  readonly target: string | undefined;
  readonly selected: number | undefined;
  readonly showBeaten: boolean;
}

export interface FrontChart {
  /** Returns the points that have a place in the chart, in the order in which the keyboard walks through them. */
  show(view: ChartView, theme: Theme): readonly Point[];
}

export function createChart(canvas: HTMLCanvasElement, picked: (trial: number) => void): FrontChart {
  let lines: readonly { readonly axis: 'x' | 'y'; readonly at: number; readonly text: string }[] = [];
  let colours: Theme | undefined;

  const limitLines: Plugin<'scatter'> = {
    id: 'limits',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      if (colours === undefined) return;
      ctx.save();
      ctx.strokeStyle = colours.limit;
      ctx.fillStyle = colours.limit;
      ctx.font = `11px ${colours.font}`;
      ctx.setLineDash([6, 4]);
      for (const { axis, at, text } of lines) {
        const scale = scales[axis];
        if (scale === undefined || at < scale.min || at > scale.max) continue;
        const pixel = scale.getPixelForValue(at);
        ctx.beginPath();
        if (axis === 'x') {
          ctx.moveTo(pixel, chartArea.top);
          ctx.lineTo(pixel, chartArea.bottom);
          ctx.textAlign = 'right';
          ctx.fillText(text, pixel - 5, chartArea.bottom - 6);
        } else {
          ctx.moveTo(chartArea.left, pixel);
          ctx.lineTo(chartArea.right, pixel);
          ctx.textAlign = 'left';
          ctx.fillText(text, chartArea.left + 5, pixel - 5);
        }
        ctx.stroke();
      }
      ctx.restore();
    },
  };

  const configuration: ChartConfiguration<'scatter', Mark[]> = {
    type: 'scatter',
    data: { datasets: [] },
    plugins: [limitLines],
    options: {
      responsive: true,
      maintainAspectRatio: false,
      // Points that jump while a search runs are hard to follow; they appear in place.
      animation: false,
      onClick: (_event, elements) => {
        const [first] = elements;
        const mark = first && chart.data.datasets[first.datasetIndex]?.data[first.index];
        if (mark !== undefined) picked(mark.point.trial);
      },
    },
  };
  const chart = new Chart(canvas, configuration);

  return {
    show({ points, limits, x, y, target, selected, showBeaten }, theme) {
      colours = theme;
      const [acrossWords, upWords] = [metricWords[x], metricWords[y]];
      const marks = points.flatMap((point): Mark[] => {
        const [across, up] = [valueOf(point, x, target), valueOf(point, y, target)];
        if (across === undefined || up === undefined) return [];
        return [{ x: across * acrossWords.scale, y: up * upWords.scale, point }];
      });
      const front = marks.filter(({ point }) => point.front);
      const beaten = showBeaten ? marks.filter(({ point }) => !point.front) : [];
      const inHand = marks.filter(({ point }) => point.trial === selected);
      lines = limits
        .filter((limit) => limit.target === undefined || limit.target === target)
        .flatMap(({ metric, bound, allowed }) =>
          (['x', 'y'] as const)
            .filter((axis) => metric === (axis === 'x' ? x : y))
            .map((axis) => ({
              axis,
              at: bound * metricWords[metric].scale,
              text: `${allowed === 'below' ? 'at most' : 'at least'} ${metricWords[metric].format(bound)}`,
            })),
        );

      chart.data.datasets = [
        {
          label: 'Selected',
          data: inHand,
          pointRadius: 9,
          pointHoverRadius: 9,
          pointStyle: 'circle',
          backgroundColor: 'transparent',
          borderColor: theme.selected,
          borderWidth: 2,
        },
        {
          label: 'Pareto front',
          data: front,
          pointStyle: 'circle',
          pointRadius: 5,
          pointHoverRadius: 7,
          backgroundColor: theme.front,
          borderColor: theme.background,
          borderWidth: 1,
        },
        {
          label: 'Beaten trials',
          data: beaten,
          pointStyle: 'crossRot',
          pointRadius: 4,
          pointHoverRadius: 6,
          borderColor: theme.beaten,
          backgroundColor: theme.beaten,
          borderWidth: 1.5,
        },
        {
          label: 'Best of both',
          data: staircase(front, acrossWords.better, upWords.better),
          showLine: true,
          stepped: acrossWords.better === upWords.better ? 'after' : 'before',
          pointRadius: 0,
          pointHitRadius: 0,
          borderColor: theme.front,
          borderWidth: 1.5,
        },
      ];
      const axis = (label: string) => ({
        title: { display: true, text: label, color: theme.text, font: { family: theme.font } },
        // Without points there is nothing to measure: numbers would be made up.
        ticks: { display: marks.length > 0, color: theme.text, font: { family: theme.font } },
        grid: { color: theme.grid },
        grace: '8%',
      });
      chart.options.scales = { x: axis(acrossWords.label), y: axis(upWords.label) };
      chart.options.plugins = {
        legend: {
          position: 'top',
          align: 'end',
          labels: {
            color: theme.text,
            usePointStyle: true,
            boxHeight: 7,
            font: { family: theme.font },
            filter: ({ text }) => text === 'Pareto front' || (text === 'Beaten trials' && showBeaten),
          },
          onClick: () => undefined,
        },
        tooltip: {
          filter: ({ datasetIndex }) => datasetIndex === 1 || datasetIndex === 2,
          displayColors: false,
          callbacks: {
            label: ({ raw }) => {
              const { point } = raw as Mark;
              return [point.name, ...([y, x] as const).map((metric) => described(point, metric, target))];
            },
          },
        },
      };
      chart.update('none');
      return [...front, ...beaten].sort((a, b) => a.x - b.x || a.y - b.y).map(({ point }) => point);
    },
  };
}

export function described(point: Point, metric: Metric, target: string | undefined): string {
  const value = valueOf(point, metric, target);
  const words = metricWords[metric];
  const name = words.label.replace(/ \(.*\)$/, '');
  return `${name}: ${value === undefined ? 'not known' : words.format(value)}`;
}
