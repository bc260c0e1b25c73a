import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../testing/fixture.ts';
import { resolveCompletion } from './completion-documentation.ts';
import { completions } from './completion.ts';

interface Wanted {
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
}

function check(source: string, { has = [], lacks = [] }: Wanted): void {
  const { workspace, snapshot, cursor } = fixture(source);
  const labels = completions(snapshot, cursor, workspace)?.items.map(({ label }) => label) ?? [];
  for (const label of has) assert.ok(labels.includes(label), `${label} is missing from ${labels.join(', ')}`);
  for (const label of lacks) assert.ok(!labels.includes(label), `${label} should not be offered`);
}

test('declarations at the top of a file', () => {
  check('$0', { has: ['space', 'block', 'target', 'search'], lacks: ['conv', 'let'] });
});

test('layers, blocks and statements in a body', () => {
  check('block DS(out) { gap }\nspace s {\n  $0\n}', {
    has: ['conv', 'DS', 'let', 'skip', 'choice'],
    lacks: ['target'],
  });
});

test('blocks of imported files, and of files that could be imported', () => {
  const source =
    '//- /a.nas\nblock Known(out) { gap }\nblock Hidden { gap }\n//- /b.nas\nblock Far { gap }\n//- /main.nas\nimport { Known as Near } from "./a.nas"\nspace s {\n  $0\n}';
  check(source, { has: ['Near', 'Far'], lacks: ['Hidden', 'Known'] });
  const { workspace, snapshot, cursor } = fixture(source);
  const far = completions(snapshot, cursor, workspace)?.items.find(({ label }) => label === 'Far');
  assert.equal(far?.additionalTextEdits?.[0]?.newText, 'import { Far } from "./b.nas"\n');
  assert.deepEqual(far.additionalTextEdits[0].range.start, { line: 1, character: 0 });
});

test('parameters of the layer that are not written yet', () => {
  check('space s {\n  conv 3x3 -> 8 stride 2 $0\n}', { has: ['padding', 'dilation'], lacks: ['stride'] });
});

test('followers behind a comma', () => {
  check('space s {\n  conv 3x3 -> 8, bn, $0\n}', { has: ['relu6', 'hswish'], lacks: ['bn', 'conv'] });
});

test('names and functions in expressions', () => {
  check('block B(out) {\n  let t = 2\n  conv 1x1 -> $0\n}', {
    has: ['out', 't', 'in', 'round8'],
    lacks: ['conv'],
  });
});

test('arguments of a block by name', () => {
  check('block B(out, stride = 1) { gap }\nspace s {\n  B($0)\n}', { has: ['out =', 'stride =', 'classes'] });
});

test('boards, runtimes, settings', () => {
  check('target "$0"', { has: ['pico', 'nucleo-f446re'] });
  check('target "pico" { $0 }', { has: ['runtime', 'clock'], lacks: ['trials'] });
  check('search nsga2 { trials 3; $0 }', { has: ['seed', 'population'], lacks: ['trials'] });
  check('search $0', { has: ['random', 'evolution', 'nsga2'] });
});

test('metrics and units', () => {
  check('constraints { $0 }', { has: ['latency', 'ram'] });
  check('objectives { max $0 }', { has: ['accuracy'] });
  check('constraints { latency < 20 $0 }', { has: ['ms'] });
});

test('files in an import', () => {
  check('//- /blocks.nas\nblock A { gap }\n//- /main.nas\nimport { A } from "$0"', { has: ['./blocks.nas'] });
});

test('nothing in a comment', () => {
  const { workspace, snapshot, cursor } = fixture('space s {\n  // con$0\n}');
  assert.equal(completions(snapshot, cursor, workspace), null);
});

test('the list replaces the word at the cursor', () => {
  const { workspace, snapshot, cursor } = fixture('space s {\n  dw$0co\n}');
  const range = completions(snapshot, cursor, workspace)?.itemDefaults?.editRange;
  assert.deepEqual(range, { start: { line: 1, character: 2 }, end: { line: 1, character: 6 } });
});

test('documentation is found when an item is resolved', () => {
  const { workspace, snapshot, cursor } = fixture(
    '// Separable convolution.\nblock DS(out) { gap }\nspace s {\n  $0\n}',
  );
  const list = completions(snapshot, cursor, workspace);
  const text = (label: string): string => {
    const item = list?.items.find((each) => each.label === label);
    assert.ok(item !== undefined);
    assert.equal(item.documentation, undefined);
    const { documentation } = resolveCompletion(item, workspace);
    return typeof documentation === 'object' ? documentation.value : '';
  };
  assert.match(text('conv'), /CONV_2D/);
  assert.match(text('let'), /drawn once/);
  assert.match(text('DS'), /Separable convolution\./);
});
