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
import { isTargetOn } from '../../../engine/cost/target-name.ts';
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
  /** Whose costs it shows. */
  readonly target: string;
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
    show({ points, limits, x, y, targets, trained, selected, all, fullEpochs }, theme) {
      const isOne = targets.length < 2;
      const lookAt = (target: string): Look => ({ targets: [target], trained });
      colours = theme;
      const [acrossRow, upRow] = [metrics[x], metrics[y]];
      const marks = targets.flatMap((target) =>
        points.flatMap((point): Mark[] => {
          const [across, up] = [valueOf(point, x, target), valueOf(point, y, target)];
          if (across === undefined || up === undefined) return [];
          return [{ x: across * acrossRow.axis.scale, y: up * upRow.axis.scale, point, target }];
        }),
      );
      const onFront = ({ point, target }: Mark): boolean => isOnFront(point, lookAt(target));
      const kinds = (isOne ? kindsOf(theme) : kindsOfTargets(theme, targets)).map((kind) => ({
        ...kind,
        marks: marks.filter((mark) => (all || onFront(mark)) && kind.takes(mark, onFront(mark))),
      }));
      const fronts = targets.map((target) => marks.filter((mark) => mark.target === target && onFront(mark)));
      const inHand = marks.filter(({ point }) => point.trial === selected);
      lines = limits
        .filter(({ target: on }) => on === undefined || targets.some((target) => isTargetOn(target, on)))
        .flatMap(({ metric, bound, allowed, target: on }) =>
          (['x', 'y'] as const)
            .filter((axis) => metric === (axis === 'x' ? x : y))
            .map((axis) => ({
              axis,
              at: bound * metrics[metric].axis.scale,
              text: `${allowed === 'below' ? 'at most' : 'at least'} ${formatMetric(metric, bound)}${isOne || on === undefined ? '' : ` on ${on}`}`,
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
        ...fronts.map((front, at) => ({
          label: 'Best of both',
          data: staircase(front, acrossRow.better, upRow.better),
          showLine: true,
          stepped: acrossRow.better === upRow.better ? ('after' as const) : ('before' as const),
          pointRadius: 0,
          pointHitRadius: 0,
          borderColor: isOne ? theme.front : seriesColour(theme, at),
          borderWidth: 1.5,
        })),
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
            filter: ({ text }) =>
              text !== '' && kinds.some(({ label, marks: drawn }) => label === text && drawn.length > 0),
          },
          onClick: () => undefined,
        },
        tooltip: {
          filter: ({ datasetIndex }) => datasetIndex > 0 && datasetIndex <= kinds.length,
          displayColors: false,
          callbacks: {
            label: ({ raw }) => {
              const { point, target } = raw as Mark;
              return [
                `${point.name}, ${standingOf(point, lookAt(target))}${isOne ? '' : ` on ${target}`}`,
                ...([y, x] as const).map((metric) => described(point, metric, target)),
                epochsText(point.epochs, fullEpochs),
              ];
            },
          },
        },
      };
      chart.update('none');
      const drawn = kinds.flatMap((kind) => kind.marks).sort((a, b) => a.x - b.x || a.y - b.y);
      return [...new Set(drawn.map(({ point }) => point))];
    },
  };
}

interface Kind {
  readonly label: string;
  readonly takes: (mark: Mark, onFront: boolean) => boolean;
  readonly shape: (typeof shapes)[number] | 'crossRot' | 'rectRot';
  readonly size: number;
  readonly fill: string;
  readonly colour: string;
}

/** What a trial is shows in its shape, and in its colour besides. */
function kindsOf({ front, beaten, limit, background }: Theme): Kind[] {
  const none = 'transparent';
  return [
    {
      label: 'On the front',
      takes: ({ point }, onFront) => onFront && point.fullyTrained,
      ...{ shape: 'circle', size: 5, fill: front, colour: background },
    },
    {
      label: 'On the front, partly trained',
      takes: ({ point }, onFront) => onFront && !point.fullyTrained,
      ...{ shape: 'triangle', size: 6, fill: none, colour: front },
    },
    {
      label: 'Beaten',
      takes: ({ point }, onFront) => !onFront && point.breaks.length === 0 && point.fullyTrained,
      ...{ shape: 'crossRot', size: 4, fill: beaten, colour: beaten },
    },
    {
      label: 'Beaten, partly trained',
      takes: ({ point }, onFront) => !onFront && point.breaks.length === 0 && !point.fullyTrained,
      ...{ shape: 'triangle', size: 4, fill: none, colour: beaten },
    },
    {
      label: 'Breaks a limit',
      takes: ({ point }, onFront) => !onFront && point.breaks.length > 0,
      ...{ shape: 'rectRot', size: 4, fill: none, colour: limit },
    },
  ];
}

const seriesColour = ({ series, front }: Theme, at: number): string => series[at % series.length] ?? front;
const shapes = ['circle', 'rect', 'triangle', 'star'] as const;

/** Of several targets each front has a colour and a shape of its own, hollow where a trial is partly trained. */
function kindsOfTargets(theme: Theme, targets: readonly string[]): Kind[] {
  const fronts = targets.flatMap((target, at): Kind[] => {
    const [shape, colour] = [shapes[at % shapes.length] ?? 'circle', seriesColour(theme, at)];
    // Hollow where partly trained, which the legend need not say of each.
    const kind = (label: string, isFull: boolean): Kind => ({
      label,
      takes: (mark, onFront) => onFront && mark.target === target && mark.point.fullyTrained === isFull,
      ...{ shape, size: 5, fill: isFull ? colour : 'transparent', colour },
    });
    return [kind(target, true), kind('', false)];
  });
  return [...fronts, ...kindsOf(theme).slice(2)];
}

/** @param isNamed with the target, where there are several */
export function described(point: Point, metric: Metric, target: string, isNamed = false): string {
  const value = valueOf(point, metric, target);
  return `${metrics[metric].label}${isNamed ? ` on ${target}` : ''}: ${value === undefined ? 'not known' : formatMetric(metric, value)}`;
}
