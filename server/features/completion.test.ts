import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../analysis/settings.ts';
import { diagnose } from '../diagnostics/index.ts';
import { fixture } from '../testing/fixture.ts';
import { resolveCompletion } from './completion-documentation.ts';
import { modernClient } from './completion-edits.ts';
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

test('followers in a choice, and none of them', () => {
  for (const written of ['{$0', '{relu6 | $0', '{relu6 | $0}'])
    check(`space s {\n  conv 3x3 -> 8, bn, ${written}\n}`, {
      has: ['relu', 'hswish', 'none'],
      lacks: ['bn', 'conv', 'in'],
    });
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
  check('target "pico" { runtime $0 }', {
    has: ['tflm + cmsis-nn', 'tflm + cmsis-nn 7.0', 'tflm + cmsis-nn 4.1'],
    lacks: ['x-cube-ai 9'],
  });
  check('target "pico" { runtime tflm + cmsis-nn 7.0 { $0 } }', {
    has: ['flags'],
    lacks: ['runtime', 'clock'],
  });
  check('target "pico" { runtime tflm + cmsis-nn 7.0 { flags $0 } }', {
    has: ['O3', 'Os'],
    lacks: ['flags'],
  });
  check('target "pico" { schedule $0 }', { has: ['every 2 s'], lacks: ['every'] });
  check('target "pico" { schedule every $0 }', { has: ['2 s'], lacks: ['every 2 s'] });
  check('target "pico" { battery 230 mAh $0 }', { has: ['at 3 V'] });
  check('target "pico" { schedule every 2 s { $0 } }', { has: ['sleep'], lacks: ['schedule', 'clock'] });
  check('target "pico" { schedule every 2 s { sleep $0 } }', { has: ['3 uA at 3 V'] });
  check('target "pico" { schedule every 2 s { sleep 3 uA $0 } }', { has: ['at 3 V'] });
  check('constraints { battery $0 }', { has: ['life', '<'], lacks: ['power'] });
  check('objectives { min average $0 }', { has: ['power'] });
  check('target "pico" { $0 }', { has: ['runtime', 'clock', 'schedule', 'battery'], lacks: ['trials'] });
  check('search nsga2 { trials 3; $0 }', { has: ['seed', 'population'], lacks: ['trials'] });
  check('search $0', { has: ['random', 'evolution', 'nsga2'] });
});

test('metrics and units', () => {
  check('constraints { $0 }', { has: ['latency', 'ram'] });
  check('objectives { max $0 }', { has: ['accuracy'] });
  check('constraints { latency < 20 $0 }', { has: ['ms'] });
  check('constraints { flash total < 20 $0 }', { has: ['KB'], lacks: ['ms'] });
  check('constraints { flash $0 }', { has: ['<', 'total'] });
  check('constraints { flash total $0 }', { has: ['<'], lacks: ['total'] });
  check('objectives { min flash $0 }', { has: ['weight', 'on'], lacks: ['total'] });
});

test('files in an import', () => {
  check('//- /blocks.nas\nblock A { gap }\n//- /main.nas\nimport { A } from "$0"', { has: ['./blocks.nas'] });
});

test('nothing in a comment', () => {
  const { workspace, snapshot, cursor } = fixture('space s {\n  // con$0\n}');
  assert.equal(completions(snapshot, cursor, workspace), null);
});

test('a client keeps what stands behind the cursor, or replaces the word', () => {
  const { workspace, snapshot, cursor } = fixture('space s {\n  dw$0co\n}');
  const start = { line: 1, character: 2 };
  const insert = { start, end: { line: 1, character: 4 } };
  const replace = { start, end: { line: 1, character: 6 } };
  assert.deepEqual(completions(snapshot, cursor, workspace)?.itemDefaults?.editRange, { insert, replace });
  const old = { snippets: false, sharedRange: false, insertReplace: false };
  const list = completions(snapshot, cursor, workspace, old);
  assert.equal(list?.itemDefaults, undefined);
  const conv = list?.items.find(({ label }) => label === 'conv');
  assert.deepEqual(conv?.textEdit, { newText: 'conv 3x3 -> 16', range: replace });
  assert.equal(conv.insertTextFormat, undefined);
});

test('beside a range for the whole list, each item says what it writes', () => {
  // LSP: with a default range an item without `textEditText` writes its label, and `insertText` counts for nothing.
  const { workspace, snapshot, cursor } = fixture('block B(out) { gap }\nspace s {\n  $0\n}');
  const items = completions(snapshot, cursor, workspace)?.items ?? [];
  const text = (label: string): unknown => items.find((each) => each.label === label)?.textEditText;
  assert.equal(text('conv'), 'conv ${1:3x3} -> ${2:16}');
  assert.equal(text('B'), 'B(${1:out})');
  assert.ok(items.every(({ insertText }) => insertText === undefined));
});

/** Labels as they are listed. */
function listed(source: string): string[] {
  const { workspace, snapshot, cursor } = fixture(source);
  const items = completions(snapshot, cursor, workspace)?.items ?? [];
  return [...items]
    .sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1))
    .map(({ label }) => label);
}

test('an empty file begins with a whole search, which has no problem', () => {
  const { workspace, snapshot, cursor } = fixture('$0');
  const old = { snippets: false, sharedRange: false, insertReplace: false };
  const [first] = completions(snapshot, cursor, workspace, old)?.items ?? [];
  assert.equal(first?.label, 'whole search');
  const written = first.textEdit?.newText ?? '';
  // That `gap` has a quicker equal is for its reader to decide.
  const problems = diagnose(fixture(written).snapshot, defaultSettings)
    .filter(({ code }) => code !== 'kernel/slow-path')
    .map(({ message }) => message);
  assert.deepEqual(problems, []);
  assert.ok(!listed('space s { gap }\n$0').includes('whole search'));
});

test('what is likeliest comes first', () => {
  assert.deepEqual(listed('block B { gap }\nspace s {\n  $0\n}').slice(0, 4), [
    'B',
    'conv',
    'dwconv',
    'dense',
  ]);
  assert.equal(listed('space s {\n  conv $0\n}')[0], '3x3');
  assert.equal(listed('space s {\n  conv 3x3 -> 8 padding $0\n}')[0], 'same');
  assert.equal(listed('block B(out) { gap }\nspace s { B($0) }')[0], 'out =');
  assert.deepEqual(listed('space s {\n  conv 3x3 -> 8, $0\n}').slice(0, 2), ['bn', 'relu']);
  assert.equal(listed('objectives { max $0 }')[0], 'accuracy');
  assert.deepEqual(listed('target "pico" {}\nconstraints { ram < 1 KB on "$0" }')[0], 'pico');
});

test('units fit what they measure', () => {
  assert.deepEqual(listed('constraints { ram < 16 $0 }'), ['KB', 'B', 'KiB', 'MB', 'MiB', 'on']);
  assert.equal(listed('constraints { latency < 2$0 }')[0], 'ms');
  assert.equal(listed('search nsga2 { budget 3 $0 }')[0], 'minutes');
  assert.deepEqual(listed('target "pico" { clock 100 $0 }').sort(), ['GHz', 'Hz', 'MHz', 'kHz']);
  assert.equal(listed('target "pico" { schedule every 3 $0 }').includes('s'), true);
  assert.deepEqual(listed('target "pico" { battery 3 $0 }').sort(), ['Ah', 'mAh']);
  assert.deepEqual(listed('target "pico" { battery 3 Ah at 3 $0 }').sort(), ['V', 'mV']);
  assert.deepEqual(listed('target "pico" { schedule every 2 s { sleep 3 $0 } }').sort(), ['mA', 'nA', 'uA']);
  assert.deepEqual(
    listed('constraints { battery life > 3 $0 }').filter((unit) => unit === 'years' || unit === 'uW'),
    ['years'],
  );
});

test('the runtimes of a board, as they are written', () => {
  const names = listed('target "nucleo-f446re" { runtime $0 }');
  assert.equal(names[0], 'tflm + cmsis-nn');
  for (const name of names) {
    const { snapshot } = fixture(`target "nucleo-f446re" { runtime ${name} }`);
    assert.deepEqual(diagnose(snapshot, defaultSettings), [], name);
  }
});

test('settings take no names of values', () => {
  assert.deepEqual(listed('target "pico" { clock $0 }'), ['125 MHz', '133 MHz']);
  assert.deepEqual(listed('search nsga2 { fidelity $0 }'), ['3..30 epochs']);
  assert.deepEqual(listed('target "pico" {}\nconstraints { ram < $0 }'), ['64 KB', '256 KB']);
});

test('a blank brings up the list where it begins one word of a few', () => {
  const asked = (source: string): boolean => {
    const { workspace, snapshot, cursor } = fixture(source);
    return completions(snapshot, cursor, workspace, modernClient, ' ') !== null;
  };
  for (const source of [
    'space s {\n  conv 3x3 -> 8, $0\n}',
    'target "pico" { runtime $0 }',
    'search $0',
    'space s {\n  skip $0\n}',
    'constraints { ram < $0 }',
  ])
    assert.ok(asked(source), source);
  for (const source of [
    '$0',
    'space s {\n  $0\n}',
    'space s {\n  conv $0\n}',
    'space s {\n  conv 3x3 -> 8 $0\n}',
    'space s {\n  tie a = $0\n}',
    '// a $0',
    'target "a $0"',
  ])
    assert.ok(!asked(source), source);
});

test('tensors where layers take them, the nearest first', () => {
  const body = 'space s {\n  conv 3x3 -> 8 as one\n  conv 3x3 -> 8 as two\n';
  assert.deepEqual(listed(`${body}  add($0)\n}`), ['two', 'one']);
  assert.deepEqual(listed(`${body}  from $0\n}`).slice(0, 2), ['two', 'one']);
  assert.deepEqual(listed(`${body}  split(p, q)\n  add($0)\n}`), ['q', 'p', 'two', 'one']);
  // The parts of a split have names of their own.
  assert.deepEqual(listed(`${body}  split($0)\n}`), []);
});

test('values are visible below, in the bodies that enclose the cursor', () => {
  check('space s {\n  tie a = 1\n  { let b = 2; conv 3x3 -> $0 }\n  { let c = 3 }\n}', {
    has: ['a', 'b'],
    lacks: ['c'],
  });
  check('space s {\n  tie a = $0\n}', { lacks: ['a'] });
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
