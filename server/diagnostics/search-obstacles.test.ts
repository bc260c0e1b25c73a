import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../analysis/settings.ts';
import { Workspace } from '../analysis/workspace.ts';
import { codeLenses, lensCommand, lensPlace } from '../features/code-lens.ts';
import { completions } from '../features/completion.ts';
import { documentLinks } from '../features/links.ts';
import { applied, filesOf, fixture } from '../testing/fixture.ts';
import { problemsOf } from './index.ts';
import { searchObstacles } from './search-obstacles.ts';

const files = new Map([
  ['file:///w/table.csv', 'a,b\n1,0\n'],
  ['file:///w/arrays.npz', ''],
  ['file:///w/pictures/cat/1.png', ''],
  ['file:///w/pictures/dog/1.JPG', ''],
  ['file:///w/notes.md', ''],
]);

function opened(text: string, trusted = true) {
  const workspace = new Workspace(filesOf(files));
  workspace.readsData = trusted;
  return { workspace, snapshot: workspace.open('file:///w/main.nas', 1, text) };
}

const dataCodes = (dataset: string, trusted = true): readonly string[] =>
  problemsOf(opened(`dataset ${dataset} { classes 2 }\n`, trusted).snapshot, defaultSettings).map(
    ({ code }) => code,
  );

test('data is looked for where it is said to be, and only in a workspace that is trusted', () => {
  for (const [dataset, codes] of [
    ['csv("./table.csv")', []],
    ['csv("table.csv")', []],
    ['csv("../w/table.csv")', []],
    ['csv("./tabel.csv")', ['data/missing']],
    ['csv("/table.csv")', ['data/missing']],
    ['csv("./pictures")', ['data/wrong-kind']],
    ['images("./pictures")', []],
    ['images("./pictures/")', []],
    ['images("./table.csv")', ['data/wrong-kind']],
    ['images("C:\\\\pictures")', ['data/missing']],
    ['npz("./arrays.npz")', []],
    ['fashion-mnist', []],
    ['images("")', []],
  ] as const) {
    assert.deepEqual(dataCodes(dataset), codes, dataset);
    assert.deepEqual(dataCodes(dataset, false), [], `${dataset}, not trusted`);
  }
});

test('a path that is almost right has its fix, and marks the string', () => {
  const { snapshot } = opened('dataset csv("./tabel.csv") { classes 2 }\n');
  const [problem] = problemsOf(snapshot, defaultSettings);
  assert.equal(snapshot.text.slice(problem?.start, problem?.end), '"./tabel.csv"');
  assert.deepEqual(
    problem?.fixes.map(({ title }) => title),
    ['Change to "./table.csv"'],
  );
});

test('completion lists folders and the files of the format, and nothing without trust', () => {
  const listed = (text: string, trusted = true): readonly string[] => {
    const at = text.indexOf('$0');
    const { workspace, snapshot } = opened(text.replace('$0', ''), trusted);
    return (completions(snapshot, at, workspace)?.items ?? []).map(({ label }) => label).sort();
  };
  assert.deepEqual(listed('dataset csv("$0")'), ['./pictures/', './table.csv']);
  assert.deepEqual(listed('dataset npz("./$0")'), ['./arrays.npz', './pictures/']);
  assert.deepEqual(listed('dataset images("./$0")'), ['./pictures/']);
  assert.deepEqual(listed('dataset images("./pictures/$0")'), ['./pictures/cat/', './pictures/dog/']);
  assert.deepEqual(listed('dataset csv("$0")', false), []);
});

test('no link leads to data in a workspace that is not trusted', () => {
  const links = (trusted: boolean): number => {
    const { workspace, snapshot } = opened('dataset csv("./table.csv")\n', trusted);
    return documentLinks(workspace, snapshot).length;
  };
  assert.deepEqual([links(true), links(false)], [1, 0]);
});

const right = `target "nucleo-f446re"
dataset csv("./table.csv") { input 3; classes 2 }
space s { dense -> classes }
search random { trials 1 }
`;

const ids = { search: 'search', costs: 'costs', profile: 'profile', showProblem: 'show' };

/** Titles and commands of the lenses that offer a search, or say why not. */
function searchLenses(
  text: string,
): readonly (readonly [title: string, command: string, ...at: unknown[]])[] {
  const { snapshot } = opened(text);
  return codeLenses(snapshot).flatMap((lens) => {
    const place = lensPlace(lens);
    if (place?.kind !== 'search') return [];
    const space = snapshot.analysis.spaces.find(({ name }) => name === place.space);
    const obstacles = searchObstacles(snapshot, defaultSettings);
    const {
      title,
      command,
      arguments: given,
    } = lensCommand(place, snapshot, space, undefined, obstacles, ids);
    return [[title, command, ...((given as unknown[] | undefined) ?? []).slice(1)] as const];
  });
}

test('the lens offers a search only where it would start, and else says why and leads there', () => {
  assert.deepEqual(searchLenses(right), [['$(play) Search', 'search', 's']]);
  assert.deepEqual(searchLenses(right.replace('table.csv', 'tabel.csv')), [
    [
      '$(circle-slash) No search: line 2: There is nothing at ./tabel.csv, and csv reads a file',
      'show',
      1,
      12,
    ],
  ]);
  assert.deepEqual(searchLenses(right.replace('-> classes', '-> 12')), [
    [
      '$(circle-slash) No search: line 3: The network puts out 12 values and the dataset has 2 classes, so it c…',
      'show',
      2,
      19,
    ],
  ]);
  const [twice] = searchLenses(right.replace('trials 1', 'patience 12 trials 1 seed 2'));
  assert.match(
    twice?.[0] ?? '',
    /^\$\(circle-slash\) No search: line 4: Write ; or start .* \(and 1 more\)$/,
  );
  // Nothing could be made of this space, and its lens says so.
  const [broken] = searchLenses(right.replace('input 3; ', ''));
  assert.match(broken?.[0] ?? '', /No search: line 3: /);
});

test('a file of prices has no errors, and its lens says what a search lacks', () => {
  const text = 'target "pico"\nspace s { input 8x8x1; gap; dense -> 12 }\n';
  const errors = problemsOf(opened(text).snapshot, defaultSettings).filter(
    ({ severity }) => severity === 'error',
  );
  assert.deepEqual(errors, []);
  assert.deepEqual(searchLenses(text), [
    ['$(circle-slash) No search: line 2: A search has no dataset to train on', 'show', 1, 6],
  ]);
});

test('every fix of an obstacle mends it', () => {
  const { snapshot } = fixture(
    right.replace('csv("./table.csv") { input 3; classes 2 }', 'fashion-mnist').replace('classes', '12'),
  );
  const [problem] = searchObstacles(snapshot, defaultSettings);
  const edits = (problem?.fixes[0]?.edits ?? []).map(({ span, text }) => ({
    range: snapshot.lines.range(span),
    newText: text,
  }));
  const mended = fixture(applied(snapshot, edits)).snapshot;
  assert.deepEqual(searchObstacles(mended, defaultSettings), []);
});
