/** The fronts of a run as tables for a terminal, one for each target. */

import {
  type CostMetric,
  counted,
  isCostMetric,
  metricWord,
  scheduledMetrics,
} from '../../engine/space/index.ts';
import { formatHertz, formatMetric, formatPercent as percent } from '../../engine/cost/index.ts';
import { durationText, failuresText, inOrder, metricValue, whyEmpty } from '../../engine/search/index.ts';
import type { RunView } from '../../engine/search/index.ts';
import { visibleLine } from '../../engine/space/index.ts';
import type { TargetFront, ToldTrial } from '../../engine/search/types.ts';
import { asTyped } from '../invocation.ts';
import type { Io } from '../io.ts';
import { tableLines } from '../table.ts';
import type { Column } from '../table.ts';

const statuses: Readonly<Record<RunView['status'], string>> = {
  running: 'a search is at work in it',
  finished: 'finished',
  stopped: `stopped; "${asTyped('resume')}" goes on`,
};

/** @param all every trial, not only those of the front */
export function frontTable(io: Pick<Io, 'style'>, view: RunView, all: boolean): string[] {
  const done = counted(view.trials.length, 'trial');
  return [
    `${io.style('bold', visibleLine(view.settings.space))}: ${done} in ${durationText(view.elapsedSeconds)}, ${statuses[view.status]}.`,
    ...view.fronts.flatMap((front) => targetTable(io, view, front, all)),
    ...lead(notes(view, all).map(visibleLine)),
  ];
}

function targetTable(io: Pick<Io, 'style'>, view: RunView, front: TargetFront, all: boolean): string[] {
  const chosen = all ? view.trials : view.trials.filter(({ trial }) => front.trials.includes(trial));
  const { objectives, constraints } = view.settings;
  const here = objectives.map(({ on, ...rest }) => ({ ...rest, on: on ?? front.target }));
  const columns = columnsFor(view, front, all);
  const [header = '', ...lines] = tableLines(
    columns,
    inOrder(chosen, here).map((trial) => columns.map(({ cell }) => cell(trial))),
  );
  const title = view.fronts.length > 1 ? [targetTitle(front)] : [];
  const rows =
    lines.length === 0
      ? [visibleLine(whyEmpty(view.trials, constraints))]
      : [io.style('bold', header), ...lines];
  return ['', ...title, ...rows];
}

function targetTitle({ target, runtime, clockHz, schedule = '' }: TargetFront): string {
  const by = runtime === undefined || target.includes(runtime) ? '' : ` with ${runtime}`;
  const at = clockHz === undefined || target.includes(' at ') ? '' : ` at ${formatHertz(clockHz)}`;
  const every = schedule === '' || target.endsWith(schedule) ? '' : ` ${schedule}`;
  return `On ${visibleLine(target + by + at + every)}:`;
}

interface FrontColumn extends Column {
  readonly cell: (trial: ToldTrial) => string;
}

function columnsFor(view: RunView, front: TargetFront, all: boolean): FrontColumn[] {
  const left = (title: string, cell: FrontColumn['cell']): FrontColumn => ({ title, align: 'left', cell });
  const right = (title: string, cell: FrontColumn['cell']): FrontColumn => ({ title, align: 'right', cell });
  return [
    right('trial', ({ trial }) => String(trial)),
    left('name', ({ name }) => name),
    right('accuracy', ({ result }) => (result === undefined ? '' : percent(result.validation.int8))),
    ...shownCosts(view, front.target).map(({ metric, on, title }) =>
      right(title, (trial) => {
        const value = metricValue(trial, metric, on);
        return value === undefined ? 'no data' : formatMetric(metric, value);
      }),
    ),
    right('epochs', ({ result }) => (result === undefined ? '' : `${result.epochs} of ${view.fullEpochs}`)),
    left('split', ({ result, fullyTrained }) =>
      result === undefined ? '' : fullyTrained ? 'validation, test' : 'validation',
    ),
    left('test', testText),
    ...(all ? [left('standing', (trial) => standing(trial, front))] : []),
  ];
}

/** Whatever ranks on a target is shown, so that no trial of its front is beaten in all that is shown. */
function shownCosts(
  { settings, trials }: RunView,
  target: string,
): { readonly metric: CostMetric; readonly on: string; readonly title: string }[] {
  const asked = [...settings.objectives, ...settings.constraints].flatMap(({ metric, on }) =>
    isCostMetric(metric) ? [{ metric, on: on ?? target }] : [],
  );
  const scheduled = scheduledMetrics.filter((metric) =>
    trials.some((trial) => metricValue(trial, metric, target) !== undefined),
  );
  const usual = (['latency', 'ram', 'flash', ...scheduled] as const).map((metric) => ({
    metric,
    on: target,
  }));
  const shown = new Map([...usual, ...asked].map((cost) => [`${cost.metric} ${cost.on}`, cost]));
  return [...shown.values()].map(({ metric, on }) => ({
    metric,
    on,
    title: on === target ? metricWord(metric) : `${metricWord(metric)} on ${on}`,
  }));
}

/** `81.8 % (80.0 to 83.4 %)` */
function testText({ result, testInterval }: ToldTrial): string {
  if (result?.test === undefined) return '';
  const share = percent(result.test.int8);
  if (testInterval === undefined) return share;
  return `${share} (${percent(testInterval)})`;
}

function standing(trial: ToldTrial, front: TargetFront): string {
  if (trial.status === 'failed') return 'failed';
  if (trial.breaks.length > 0) return `breaks ${trial.breaks.join(' and ')}`;
  return front.trials.includes(trial.trial) ? 'front' : 'beaten';
}

/** With a blank line before them, if there are any. */
const lead = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', ...lines]);

/** What the columns cannot say. */
function notes(view: RunView, all: boolean): string[] {
  const { trials, fronts, fullEpochs } = view;
  const shown = trials.filter(({ trial }) => all || fronts.some((front) => front.trials.includes(trial)));
  const trained = shown.filter(({ fullyTrained }) => fullyTrained);
  const partly = shown.filter(({ fullyTrained, status }) => !fullyTrained && status === 'done').length;
  const shortened = trained.find(({ result }) => (result?.epochs ?? fullEpochs) < fullEpochs);
  const failures = all ? failuresText(trials) : '';
  return [
    ...(shown.length === 0
      ? []
      : ['Accuracy is that of the int8 network on the validation split: it alone ranks.']),
    ...(trained.some(({ testInterval }) => testInterval !== undefined)
      ? ['Test is the int8 accuracy on the test split with its 95 % interval.']
      : []),
    ...(trained.some(({ testInterval }) => testInterval === undefined)
      ? [
          'Where test has no interval, an older version made the trial and did not record how large the split is.',
        ]
      : []),
    ...(partly > 0 && !all
      ? [
          `${partly} of these ${partly === 1 ? 'is' : 'are'} partly trained; "--trained" shows the front of the fully trained.`,
        ]
      : []),
    ...(shortened === undefined
      ? []
      : [
          `The time did not suffice for ${counted(fullEpochs, 'epoch')}, so the last training was shortened.`,
        ]),
    ...(failures === '' ? [] : [failures]),
  ];
}
