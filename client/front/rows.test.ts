import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Run } from '../history/run.ts';
import type { FrontState, Goal, Point } from './messages.ts';
import { isOnFront, standingOf, tableColumns, undrawnText, visible } from './rows.ts';
import { frontState } from './to-state.ts';

const costs = { latency: 5.5, ram: 9307, flash: 26_112, macs: 2e6, parameters: 9000 };
const point: Point = {
  trial: 5,
  name: '8c82-640e',
  accuracy: 0.842,
  test: { accuracy: 0.8175, low: 0.8, high: 0.8338 },
  epochs: 12,
  fullyTrained: true,
  breaks: [],
  front: ['pico'],
  frontOfTrained: ['pico'],
  costs: { pico: costs, other: { ...costs, latency: 50 } },
};
const partly: Point = {
  ...point,
  ...{ trial: 6, name: 'p', epochs: 1, test: undefined, fullyTrained: false, frontOfTrained: [] },
};

function row(objectives: readonly Goal[], of: Point, targets = ['pico']): Record<string, string> {
  const columns = tableColumns(
    { points: [point, partly], fullEpochs: 12, objectives },
    { targets, trained: false },
  );
  return Object.fromEntries(
    columns.map(({ title, cell }) => {
      const { text, more } = cell(of);
      return [title, more === undefined ? text : `${text}, ${more}`];
    }),
  );
}

test('a row has what ranks, how long the trial was trained, on what it was judged, and the test apart', () => {
  assert.deepEqual(row([{ metric: 'accuracy', target: undefined }], point), {
    Accuracy: '84.2 %',
    Latency: '5.5 ms',
    RAM: '9.09 KB',
    Flash: '25.5 KB',
    Epochs: '12 of 12',
    Split: 'validation, and test',
    Test: '81.8 %, 80.0 to 83.4 %',
  });
  const { Epochs, Split, Test } = row([], partly);
  assert.deepEqual([Epochs, Split, Test], ['1 of 12', 'validation', '']);
});

test('what a schedule gives has columns where there is one', () => {
  const slept = { ...costs, 'average power': 141.2, 'battery life': 203.6 };
  const asleep: Point = { ...point, costs: { pico: slept } };
  const look = { targets: ['pico'], trained: false };
  const columns = tableColumns({ points: [asleep], fullEpochs: 12, objectives: [] }, look);
  const cells = Object.fromEntries(columns.map(({ title, cell }) => [title, cell(asleep).text]));
  assert.deepEqual([cells['Average power'], cells['Battery life']], ['141 µW', '204 days']);
});

test('every objective has a column, also one on another board', () => {
  const goals: Goal[] = [
    { metric: 'parameters', target: undefined },
    { metric: 'latency', target: 'other' },
    { metric: 'latency', target: 'pico' },
  ];
  const cells = row(goals, point);
  assert.equal(cells['Parameters'], '9 k');
  assert.equal(cells['Latency on other'], '50 ms');
  assert.equal(cells['Latency'], '5.5 ms');
});

test('of all targets together, each objective has a column on each, and each row says whose front it is on', () => {
  const goals: Goal[] = [{ metric: 'latency', target: undefined }];
  const cells = row(goals, point, ['pico', 'other']);
  assert.deepEqual(
    [cells['Latency on pico'], cells['Latency on other'], cells['RAM']],
    ['5.5 ms, on the front', '50 ms', undefined],
  );
  const look = { targets: ['pico', 'other'], trained: false };
  assert.equal(standingOf(point, look), 'on the front of pico');
  assert.equal(standingOf({ ...point, front: [] }, look), 'beaten');
});

test('a trial is on the front, beaten, or breaks a limit, on the target and among those looked at', () => {
  const look = { targets: ['pico'], trained: false };
  assert.equal(standingOf(partly, look), 'on the front');
  assert.equal(isOnFront(partly, { ...look, trained: true }), false);
  assert.equal(standingOf(partly, { ...look, targets: ['other'] }), 'beaten');
  assert.equal(standingOf({ ...partly, breaks: ['accuracy > 75 %'] }, look), 'breaks accuracy > 75 %');
  assert.deepEqual(visible([point, partly], { ...look, trained: true }), [point]);
});

test('the objectives that the axes leave out are named', () => {
  const goals: Goal[] = [
    { metric: 'accuracy', target: undefined },
    { metric: 'latency', target: undefined },
    { metric: 'ram', target: undefined },
  ];
  assert.match(
    undrawnText(goals, ['latency', 'accuracy'], ['pico']),
    /^RAM is an objective too and not drawn/,
  );
  assert.match(undrawnText(goals, ['flash', 'accuracy'], ['pico']), /^Latency and RAM are objectives too/);
  assert.equal(undrawnText(goals.slice(0, 2), ['latency', 'accuracy'], ['pico']), '');
  const elsewhere: Goal[] = [{ metric: 'latency', target: 'other' }];
  assert.match(undrawnText(elsewhere, ['latency', 'accuracy'], ['pico']), /^Latency on other is/);
  assert.equal(undrawnText(elsewhere, ['latency', 'accuracy'], ['other']), '');
});

test('a run that was searched in this window says what was seen, another what its results tell', () => {
  const run = {
    folder: '/runs/a',
    finished: true,
    settings: { constraints: [], objectives: [] },
  } as unknown as Run;
  const results = { trials: [], fronts: [], fullEpochs: 12, summary: 'The search has finished.' };
  const textOf = (status: FrontState['status'], seen: boolean): string =>
    frontState(run, 'a.nas', results, { status, statusText: 'As the process says.', seen }).statusText;
  assert.equal(textOf('finished', false), 'The search has finished.');
  assert.equal(textOf('stopped', false), 'The search has finished.');
  assert.equal(textOf('stopped', true), 'As the process says.');
  assert.equal(textOf('running', true), 'As the process says.');
});
