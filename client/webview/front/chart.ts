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
import { formatMetric } from '../../../engine/cost/format.ts';
import { type Metric, metrics } from '../../../engine/space/metrics.ts';
import type { Limit, Point } from '../../front/messages.ts';
import { axisLabel, epochsText, staircase, valueOf } from '../../front/metrics.ts';
import { isOnFront, type Look, standingOf } from '../../front/rows.ts';
import type { Theme } from '../theme.ts';

Chart.register(ScatterController, LinearScale, PointElement, LineElement, Tooltip, Legend);

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly point: Point;
}

export interface ChartView extends Look {
  readonly points: readonly Point[];
  readonly limits: readonly Limit[];
  readonly x: Metric;
  readonly y: Metric;
  readonly selected: number | undefined;
  /** Trials off the front too. */
  readonly all: boolean;
  readonly fullEpochs: number | undefined;
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
    show({ points, limits, x, y, target, trained, selected, all, fullEpochs }, theme) {
      const look: Look = { target, trained };
      colours = theme;
      const [acrossRow, upRow] = [metrics[x], metrics[y]];
      const marks = points.flatMap((point): Mark[] => {
        const [across, up] = [valueOf(point, x, target), valueOf(point, y, target)];
        if (across === undefined || up === undefined) return [];
        return [{ x: across * acrossRow.axis.scale, y: up * upRow.axis.scale, point }];
      });
      const kinds = kindsOf(theme).map((kind) => ({
        ...kind,
        marks: marks.filter(({ point }) => (all || isOnFront(point, look)) && kind.takes(point, look)),
      }));
      const front = marks.filter(({ point }) => isOnFront(point, look));
      const inHand = marks.filter(({ point }) => point.trial === selected);
      lines = limits
        .filter((limit) => limit.target === undefined || limit.target === target)
        .flatMap(({ metric, bound, allowed }) =>
          (['x', 'y'] as const)
            .filter((axis) => metric === (axis === 'x' ? x : y))
            .map((axis) => ({
              axis,
              at: bound * metrics[metric].axis.scale,
              text: `${allowed === 'below' ? 'at most' : 'at least'} ${formatMetric(metric, bound)}`,
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
        ...kinds.map(({ label, shape, size, fill, colour, marks: data }) => ({
          label,
          data,
          pointStyle: shape,
          pointRadius: size,
          pointHoverRadius: size + 2,
          backgroundColor: fill,
          borderColor: colour,
          borderWidth: 1.5,
        })),
        {
          label: 'Best of both',
          data: staircase(front, acrossRow.better, upRow.better),
          showLine: true,
          stepped: acrossRow.better === upRow.better ? 'after' : 'before',
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
      chart.options.scales = { x: axis(axisLabel(x)), y: axis(axisLabel(y)) };
      chart.options.plugins = {
        legend: {
          position: 'top',
          align: 'end',
          labels: {
            color: theme.text,
            usePointStyle: true,
            boxHeight: 7,
            font: { family: theme.font },
            filter: ({ text }) => kinds.some(({ label, marks: drawn }) => label === text && drawn.length > 0),
          },
          onClick: () => undefined,
        },
        tooltip: {
          filter: ({ datasetIndex }) => datasetIndex > 0 && datasetIndex <= kinds.length,
          displayColors: false,
          callbacks: {
            label: ({ raw }) => {
              const { point } = raw as Mark;
              return [
                `${point.name}, ${standingOf(point, look)}`,
                ...([y, x] as const).map((metric) => described(point, metric, target)),
                epochsText(point.epochs, fullEpochs),
              ];
            },
          },
        },
      };
      chart.update('none');
      return kinds
        .flatMap((kind) => kind.marks)
        .sort((a, b) => a.x - b.x || a.y - b.y)
        .map(({ point }) => point);
    },
  };
}

interface Kind {
  readonly label: string;
  readonly takes: (point: Point, look: Look) => boolean;
  readonly shape: 'circle' | 'triangle' | 'crossRot' | 'rectRot';
  readonly size: number;
  readonly fill: string;
  readonly colour: string;
}

/** What a trial is shows in its shape, and in its colour besides. */
function kindsOf({ front, beaten, limit, background }: Theme): Kind[] {
  const none = 'transparent';
  const onFront = (point: Point, look: Look): boolean => isOnFront(point, look);
  const isBeaten = (point: Point, look: Look): boolean => !onFront(point, look) && point.breaks.length === 0;
  return [
    {
      label: 'On the front',
      takes: (point, look) => onFront(point, look) && point.fullyTrained,
      ...{ shape: 'circle', size: 5, fill: front, colour: background },
    },
    {
      label: 'On the front, partly trained',
      takes: (point, look) => onFront(point, look) && !point.fullyTrained,
      ...{ shape: 'triangle', size: 6, fill: none, colour: front },
    },
    {
      label: 'Beaten',
      takes: (point, look) => isBeaten(point, look) && point.fullyTrained,
      ...{ shape: 'crossRot', size: 4, fill: beaten, colour: beaten },
    },
    {
      label: 'Beaten, partly trained',
      takes: (point, look) => isBeaten(point, look) && !point.fullyTrained,
      ...{ shape: 'triangle', size: 4, fill: none, colour: beaten },
    },
    {
      label: 'Breaks a limit',
      takes: (point, look) => !onFront(point, look) && point.breaks.length > 0,
      ...{ shape: 'rectRot', size: 4, fill: none, colour: limit },
    },
  ];
}

export function described(point: Point, metric: Metric, target: string | undefined): string {
  const value = valueOf(point, metric, target);
  return `${metrics[metric].label}: ${value === undefined ? 'not known' : formatMetric(metric, value)}`;
}
