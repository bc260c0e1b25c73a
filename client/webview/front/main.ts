/** The page of the front view. What it shows comes as messages; what it remembers survives a reload. */

import { formatMetric } from '../../../engine/cost/format.ts';
import { type Metric, metrics } from '../../../engine/space/metrics.ts';
import { axes, type FromPage, type FrontState, type Point, type ToPage } from '../../front/messages.ts';
import { axisLabel, epochsText, valueOf } from '../../front/metrics.ts';
import { isOnFront, type Look, standingOf, tableColumns, undrawnText, visible } from '../../front/rows.ts';
import { createChart, described } from './chart.ts';
import { element, setOptions } from '../dom.ts';
import { fillTable } from './table.ts';
import { onThemeChange, readTheme } from '../theme.ts';
import { acquireVsCode } from '../vscode.ts';

/** What VS Code keeps for the page while it is hidden and over a reload of the window. */
interface Remembered {
  readonly run: string | undefined;
  readonly x: Metric;
  readonly y: Metric;
  readonly target: string | undefined;
  /** Trials off the front too. */
  readonly all: boolean;
  /** Fully trained ones only. */
  readonly trained: boolean;
  readonly selected: number | undefined;
}

/** In place of a target: all of the run. No board is called so. */
const ALL = '*';

const vscode = acquireVsCode<FromPage, Remembered>();
let view: Remembered = {
  run: undefined,
  x: 'latency',
  y: 'accuracy',
  target: undefined,
  all: true,
  trained: false,
  selected: undefined,
  ...vscode.getState(),
};
let state: FrontState | undefined;
let order: readonly Point[] = [];

const canvas = element('chart', HTMLCanvasElement);
const [x, y, target] = [
  element('x', HTMLSelectElement),
  element('y', HTMLSelectElement),
  element('target', HTMLSelectElement),
];
const all = element('all', HTMLInputElement);
const trained = element('trained', HTMLInputElement);
const stop = element('stop', HTMLButtonElement);
const resume = element('resume', HTMLButtonElement);
const chart = createChart(canvas, (trial) => {
  select(trial);
  send({ type: 'open', trial });
});

function send(message: FromPage): void {
  vscode.postMessage(message);
}

function isMetric(text: string): text is Metric {
  return axes.some((metric) => metric === text);
}

function lookOf(of: FrontState | undefined): Look {
  const one = view.target === undefined ? [] : [view.target];
  return { targets: view.target === ALL ? (of?.targets ?? []) : one, trained: view.trained };
}

function remember(change: Partial<Remembered>): void {
  view = { ...view, ...change };
  vscode.setState(view);
  draw();
}

function select(trial: number): void {
  remember({ selected: trial });
  document.querySelector(`tr[data-trial="${trial}"]`)?.scrollIntoView({ block: 'nearest' });
}

function testText({ test }: Point): string {
  if (test === undefined) return '';
  const { accuracy, low, high } = test;
  const isKnown = low !== undefined && high !== undefined;
  const interval = isKnown ? ` (95 % interval ${formatMetric('accuracy', { low, high })})` : '';
  return `, Test accuracy: ${formatMetric('accuracy', accuracy)}${interval}`;
}

/** The selected trial in words, all that is known of it: the chart shows two of its numbers. */
function describeChosen(): void {
  const point = state?.points.find(({ trial }) => trial === view.selected);
  const look = lookOf(state);
  const told = (of: Point): string[] =>
    axes.flatMap((metric) => {
      // What no target changes is said once.
      const on = metrics[metric].from === 'priced' ? look.targets : look.targets.slice(0, 1);
      return on
        .filter((name) => valueOf(of, metric, name) !== undefined)
        .map((name) => described(of, metric, name, on.length > 1));
    });
  const text =
    point === undefined
      ? ''
      : `${point.name}, ${standingOf(point, look)}, ${epochsText(point.epochs, state?.fullEpochs)}. ` +
        `${told(point).join(', ')}${testText(point)}.`;
  const chosen = element('chosen', HTMLElement);
  // The same words again would be spoken again.
  if (chosen.textContent !== text) chosen.textContent = text;
}

function emptyText(trained: number, shown: number, status: FrontState['status']): string {
  if (trained === 0) {
    return status === 'running'
      ? 'The first trial appears here when it has been trained.'
      : 'No trial has been trained yet.';
  }
  if (shown === 0) return 'No trial has had its last training yet.';
  return `Nothing is known of this target's ${metrics[view.x].label.toLowerCase()}: choose another axis.`;
}

function draw(): void {
  if (state === undefined) return;
  const { limits, targets, status, failedTrials, fullEpochs } = state;
  const look = lookOf(state);
  const points = visible(state.points, look);
  const front = points.filter((point) => isOnFront(point, look));
  element('title', HTMLElement).textContent = `Pareto front of ${state.title}`;
  element('status', HTMLElement).textContent =
    state.statusText + (failedTrials > 0 ? ` ${failedTrials} of the trials failed.` : '');
  setOptions(
    target,
    [...targets.map((name) => ({ value: name, label: name })), { value: ALL, label: 'all targets' }],
    view.target ?? '',
  );
  element('target-label', HTMLElement).hidden = targets.length < 2;
  stop.hidden = status !== 'running';
  resume.hidden = status !== 'stopped' && status !== 'failed';
  element('keys', HTMLElement).hidden = points.length === 0;
  order = chart.show({ ...view, ...look, points, limits, fullEpochs }, readTheme());
  const undrawn = element('undrawn', HTMLElement);
  undrawn.textContent = undrawnText(state.objectives, [view.x, view.y], look.targets);
  undrawn.hidden = undrawn.textContent === '' || points.length === 0;
  const empty = element('empty', HTMLElement);
  empty.hidden = order.length > 0;
  empty.textContent = emptyText(state.points.length, points.length, status);
  describeChosen();
  canvas.setAttribute(
    'aria-label',
    `${order.length} ${order.length === 1 ? 'trial' : 'trials'} by ${axisLabel(view.y)} and ${axisLabel(view.x)}, ` +
      `${front.length} of them on the Pareto front`,
  );
  element('caption', HTMLElement).textContent =
    `${view.trained ? 'On the Pareto front of the fully trained' : 'On the Pareto front'}${targets.length < 2 ? '' : ` of ${view.target === ALL ? 'some target' : (view.target ?? '')}`}`;
  fillTable(
    { head: element('head', HTMLTableRowElement), rows: element('rows', HTMLTableSectionElement) },
    [...front].sort((a, b) => b.accuracy - a.accuracy),
    tableColumns(state, look),
    view.selected,
    {
      select,
      open: (trial) => send({ type: 'open', trial }),
      exportModel: (trial) => send({ type: 'export', trial }),
    },
  );
}

for (const [control, key] of [
  [x, 'x'],
  [y, 'y'],
] as const) {
  setOptions(
    control,
    axes.map((metric) => ({ value: metric, label: axisLabel(metric) })),
    view[key],
  );
  control.addEventListener('change', () => {
    if (isMetric(control.value)) remember({ [key]: control.value });
  });
}
all.checked = view.all;
all.addEventListener('change', () => remember({ all: all.checked }));
trained.checked = view.trained;
trained.addEventListener('change', () => remember({ trained: trained.checked }));
target.addEventListener('change', () => remember({ target: target.value }));
stop.addEventListener('click', () => send({ type: 'stop' }));
resume.addEventListener('click', () => send({ type: 'resume' }));

canvas.addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  const at = order.findIndex(({ trial }) => trial === view.selected);
  if (step !== undefined && order.length > 0) {
    const next = order[at < 0 ? 0 : (at + step + order.length) % order.length];
    if (next !== undefined) select(next.trial);
  } else if (event.key === 'Home' || event.key === 'End') {
    const end = order.at(event.key === 'Home' ? 0 : -1);
    if (end !== undefined) select(end.trial);
  } else if (event.key === 'Enter' && view.selected !== undefined) {
    send({ type: 'open', trial: view.selected });
  } else if (event.key.toLowerCase() === 'e' && view.selected !== undefined) {
    send({ type: 'export', trial: view.selected });
  } else return;
  event.preventDefault();
});

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.type === 'select') {
    select(data.trial);
    return;
  }
  state = data.state;
  const { targets } = state;
  const known = view.target === ALL ? targets.length > 1 : targets.includes(view.target ?? '');
  remember({ run: state.run, target: known ? view.target : targets[0] });
});
onThemeChange(draw);
send({ type: 'ready' });
