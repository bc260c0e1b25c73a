/** Habits of other languages: one problem, and the fix that says what was meant. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../analysis/settings.ts';
import { fixture } from '../testing/fixture.ts';
import { problemsOf } from './index.ts';

/** @param wanted the same text after the first fix of its only error */
function mends(source: string, wanted: string): void {
  const { snapshot } = fixture(source);
  const errors = problemsOf(snapshot, defaultSettings).filter(({ severity }) => severity === 'error');
  assert.deepEqual(
    errors.map(({ code }) => code),
    errors.slice(0, 1).map(({ code }) => code),
    source,
  );
  const [edit, ...more] = errors[0]?.fixes[0]?.edits ?? [];
  assert.ok(edit !== undefined && more.length === 0, `${source}: no fix.`);
  const { text } = snapshot;
  assert.equal(text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end), wanted);
}

const inSpace = (line: string): string => `space s {\n  input 8x8x1\n  ${line}\n  gap; dense -> 2\n}\n`;

for (const [written, meant] of [
  ['conv 3x3 - > 8', 'conv 3x3 -> 8'],
  ['conv 3x3 => 8', 'conv 3x3 -> 8'],
  ['conv 3x3 -> 8 stride=2', 'conv 3x3 -> 8 stride 2'],
  ['conv 3x3 -> 8 stride = 2', 'conv 3x3 -> 8 stride 2'],
  ['conv 3x3 -> 8 when in = 1', 'conv 3x3 -> 8 when in == 1'],
  ['conv 3x3 -> {8, 16, 24}', 'conv 3x3 -> {8 | 16 | 24}'],
  ['conv 3x3 -> (8 | 16)', 'conv 3x3 -> {8 | 16}'],
  ['conv 3x3 -> [8, 16]', 'conv 3x3 -> {8 | 16}'],
  ['conv 3x3 -> 8 bn', 'conv 3x3 -> 8, bn'],
  ['choice { skip: identity; big: conv 3x3 -> 1 }', 'choice { skip_: identity; big: conv 3x3 -> 1 }'],
  ['choice { a: identity; not: conv 3x3 -> 1 }', 'choice { a: identity; not_: conv 3x3 -> 1 }'],
  ['branches concat { when: identity; b: relu }', 'branches concat { when_: identity; b: relu }'],
  ['conv 3x3 -> 8, relu, bn', 'conv 3x3 -> 8, bn, relu'],
] as const) {
  test(`${written} means ${meant}`, () => mends(inSpace(written), inSpace(meant)));
}

for (const [written, meant] of [
  ['target pico', 'target "pico"'],
  ["target 'pico'", 'target "pico"'],
  ['target "pico" { runtime }', 'target "pico" { runtime tflm + cmsis-nn }'],
  ['target "pico" { runtime; clock 125 MHz }', 'target "pico" { runtime tflm + cmsis-nn; clock 125 MHz }'],
  ['target "pico" { clock }', 'target "pico" { clock 125 MHz }'],
  ['target "pico" { clock 125 }', 'target "pico" { clock 125 MHz }'],
  ['target "pico" { clock 125 mhz }', 'target "pico" { clock 125 MHz }'],
  ['constraints { ram < 16 }', 'constraints { ram < 16 KB }'],
  ['constraints { ram = 16 KB }', 'constraints { ram <= 16 KB }'],
  ['constraints { memory < 16 KB }', 'constraints { ram < 16 KB }'],
  ['constraints { latency < 16 msec }', 'constraints { latency < 16 ms }'],
  ['constraints { accuracy > 75 }', 'constraints { accuracy > 75 % }'],
  ['constraints { ram < 16 KB, flash < 3 KB }', 'constraints { ram < 16 KB; flash < 3 KB }'],
  ['constraints { ram < 16 KB on pico }', 'constraints { ram < 16 KB on "pico" }'],
  ['constraint { ram < 16 KB }', 'constraints { ram < 16 KB }'],
  ['objectives { maximise accuracy }', 'objectives { max accuracy }'],
  ['search nsga2 { population 12 trials 3 }', 'search nsga2 { population 12; trials 3 }'],
  ['search nsga2 { budget 1 minutes seed 7 }', 'search nsga2 { budget 1 minutes; seed 7 }'],
  ['constraints { accuracy > 75 % ram < 3 KB }', 'constraints { accuracy > 75 %; ram < 3 KB }'],
  ['objectives { max accuracy weight 2 min ram }', 'objectives { max accuracy weight 2; min ram }'],
  ['dataset fashion-mnist { mirror }', 'dataset fashion-mnist { mirror on }'],
  ['search nsga2 { trials = 3 }', 'search nsga2 { trials 3 }'],
  ['search nsga2 { trials: 3 }', 'search nsga2 { trials 3 }'],
  ['search nsga2 { budget 3 }', 'search nsga2 { budget 3 minutes }'],
  ['import A from "./a.nas"', 'import { A } from "./a.nas"'],
  ['quantise int8', 'quantize int8'],
] as const) {
  test(`${written} means ${meant}`, () => mends(`${written}\n`, `${meant}\n`));
}

test('a guessed unit is offered, and applied by nothing unseen', () => {
  const { snapshot } = fixture('constraints { ram < 16 }\n');
  const [problem] = problemsOf(snapshot, defaultSettings);
  assert.equal(problem?.fixes[0]?.preferred, false);
});

test('what follows from a mistake is not said', () => {
  const codes = (source: string): string[] =>
    problemsOf(fixture(source).snapshot, defaultSettings).map(({ code }) => code);
  assert.deepEqual(codes('block B(out) { conv 1x1 -> out }\nspace s {\n  input 8x8x1\n  B(ou = 8)\n}\n'), [
    'argument/unknown',
  ]);
  // On another line it is a mistake of its own.
  assert.deepEqual(codes('space s {\n  input 8x8x1\n  conv 3x3\n  conv 3x3 => 8\n}\n'), [
    'operand/missing',
    'syntax/unexpected-token',
  ]);
});
