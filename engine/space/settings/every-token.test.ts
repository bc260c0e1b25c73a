/** Nothing that is written among settings may vanish: each token is in the meaning, or there is an error. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../../grammar/index.ts';
import { analyseText } from '../testing.ts';

const program = `target "pico" { runtime tflm + cmsis-nn; clock 133 MHz; schedule every 2 s; battery 230 mAh at 3 V }
dataset images("./p") {
  input 8x8x1; classes 3; calibrate 64; validation 10 %; seed 4; label "kind"; source full
  mirror on
}
quantize int8
constraints { latency < 20 ms on "pico"; ram <= 1 MB; accuracy > 90 % }
objectives { max accuracy weight 2; min latency on "pico" weight 3 }
search nsga2 {
  population 24; trials 300; budget 20 minutes; fidelity 3..30 epochs
  workers 2; batch 32; rate 0.01; smoothing 0.1; retrain 60 epochs; patience 9; seed 7
}
`;

const token = /"[^"]*"|\d[\d.]*(?<!\.)(?:x\d+)*|[A-Za-z_][\w-]*|->|\.\.|<=|[^\s\w]/g;

interface Written {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const tokensOf = (text: string): readonly Written[] =>
  [...text.matchAll(token)].map((found) => ({
    text: found[0],
    start: found.index,
    end: found.index + found[0].length,
  }));

const isPlace = new Set(['source', 'places']);

/** What the settings come to, wherever they stand. */
function meaning(text: string): { readonly settings: string; readonly hasError: boolean } {
  const { settings, problems } = analyseText(text);
  return {
    settings: JSON.stringify(settings, (key, value: unknown) => (isPlace.has(key) ? undefined : value)),
    hasError: parse(text).problems.length > 0 || problems.some(({ severity }) => severity === 'error'),
  };
}

const withoutSeparators = (text: string): string =>
  tokensOf(text)
    .map((each) => each.text)
    .filter((each) => each !== ';')
    .join(' ');

const whole = meaning(program);

/** Why a changed text lets something vanish; `undefined` when it does not. */
function vanished(changed: string): string | undefined {
  const { settings, hasError } = meaning(changed);
  if (hasError || settings !== whole.settings) return undefined;
  return withoutSeparators(changed) === withoutSeparators(program) ? undefined : changed;
}

test('the program that is broken below is right', () => {
  assert.equal(whole.hasError, false);
  assert.ok(tokensOf(program).length > 100);
});

test('a token that is taken away or written twice changes the meaning, or is an error', () => {
  for (const { text, start, end } of tokensOf(program)) {
    const without = program.slice(0, start) + program.slice(end);
    // A number of epochs can be a plain one.
    const lost = vanished(without);
    assert.equal(lost === undefined || text === 'epochs', true, `without \`${text}\` at ${start}`);
    const twice = `${program.slice(0, end)} ${program.slice(start)}`;
    assert.equal(vanished(twice), undefined, `\`${text}\` twice at ${start}`);
  }
});

test('a separator that is taken away is an error', () => {
  const { length } = program;
  let count = 0;
  for (let at = 0; at < length; at++) {
    const isLineEnd = program[at] === '\n' && /[a-z0-9%]\n {2}[a-z]/.test(program.slice(at - 1, at + 4));
    if (program[at] !== ';' && !isLineEnd) continue;
    const joined = `${program.slice(0, at)} ${program.slice(at + 1)}`;
    const [problem] = parse(joined).problems;
    // Behind a name of several words nothing tells a further word from a setting.
    if (!joined.slice(0, at).endsWith('cmsis-nn')) assert.equal(problem?.insert, ';', joined.slice(at - 9));
    assert.equal(meaning(joined).settings, whole.settings, `all is read all the same: ${joined}`);
    count++;
  }
  assert.ok(count > 15);
});

test('a token that is put in changes the meaning, or is an error', () => {
  const strays = [
    ...['foo', '7', '3x3', '"x"', '{', '}', '(', ')', ',', '=', '|', '-', '+', '..', 'x3', 'on', 'KB'],
    ...[
      'epochs',
      '%',
      'search',
      'weight',
      'not',
      'step',
      'input',
      'trials',
      'classes 3',
      'runtime',
      ':',
      '?',
    ],
  ];
  for (const { start } of tokensOf(program)) {
    for (const stray of strays) {
      const changed = `${program.slice(0, start)}${stray} ${program.slice(start)}`;
      assert.equal(vanished(changed), undefined, `\`${stray}\` at ${start}`);
    }
  }
});

test('behind what ends a value the rest is read', () => {
  const search = (settings: string): string => `dataset fashion-mnist\nsearch nsga2 { ${settings} }\n`;
  for (const [settings, population, trials, problems] of [
    ['population 12 trials 3', 12, 3, 1],
    ['population 12 foo bar trials 3', 12, 3, 3],
    ['population 12 13 trials 3', 12, 3, 1],
    ['population 12, trials 3', 12, 3, 1],
    ['population 12 = trials 3', 12, 3, 1],
    ['population 12 "a" ; trials 3', 12, 3, 1],
    ['population 12 seed 4 trials 3', 12, 3, 2],
    ['population 12 { x 3 }; trials 3', 12, 3, 1],
    ['population; trials 3', undefined, 3, 1],
  ] as const) {
    const { settings: read, parse: parsed, problems: others } = analyseText(search(settings));
    assert.deepEqual(
      [read.search?.strategySettings['population'], read.search?.trials],
      [population, trials],
      settings,
    );
    assert.equal(parsed.problems.length + others.length, problems, settings);
  }
  const { settings: read } = analyseText('target "pico" foo { clock 133 MHz }\nsearch random x { trials 3 }');
  assert.deepEqual([read.targets[0]?.clockHz, read.search?.trials], [133e6, 3]);
});

test('a setting of the wrong kind is an error at its value', () => {
  const inDataset = (setting: string): string =>
    `dataset images("./p") { input 8x8x1; classes 3; ${setting} }`;
  const inSearch = (setting: string): string => `search random { ${setting} }`;
  for (const [text, code, at] of [
    [inSearch('workers four'), 'value/type', 'four'],
    [inSearch('workers 1.5'), 'value/range', '1.5'],
    [inSearch('batch 32 KB'), 'unit/wrong', '32 KB'],
    [inSearch('rate {0.1 | 0.2}'), 'value/type', '{0.1 | 0.2}'],
    [inSearch('smoothing 1'), 'value/range', '1'],
    [inSearch('fidelity 1..9 step 2'), 'value/type', '1..9 step 2'],
    [inSearch('fidelity 1.5..9 epochs'), 'value/range', '1.5'],
    [inSearch('fidelity 1..9 epochs; retrain 9 epochs'), 'value/range', '9 epochs'],
    [inSearch('retrain 12 epochs'), 'value/range', '12 epochs'],
    [inSearch('trails 3'), 'setting/unknown', 'trails'],
    [inSearch('sample 3'), 'setting/unknown', 'sample'],
    [inSearch('trials 3; trials 4'), 'setting/duplicate', 'trials'],
    [inSearch('budget 3 constructor'), 'syntax/missing-token', ' '],
    [inSearch('constructor 3'), 'setting/unknown', 'constructor'],
    ['dataset constructor', 'dataset/unknown', 'constructor'],
    ['dataset fashion-mnist(small)', 'value/type', 'small'],
    ['dataset images("./a", "./b")', 'argument/too-many', '"./b"'],
    ['dataset images(path = "./a")', 'argument/unknown', 'path'],
    [inDataset('mirror maybe'), 'value/type', 'maybe'],
    [inDataset('mirror'), 'setting/missing', 'mirror'],
    [inDataset('shift 1.5'), 'value/range', '1.5'],
    [inDataset('source other'), 'value/type', 'other'],
    [inDataset('label {1 | 2}'), 'value/type', '{1 | 2}'],
    [inDataset('mean {0.4 | 0.5}'), 'value/type', '{0.4 | 0.5}'],
    [inDataset('seed 3 { a 1 }'), 'value/type', ' { a 1 }'],
    ['target "pico" { runtime }', 'setting/missing', 'runtime'],
    ['target "pico" { clock; runtime tflm }', 'setting/missing', 'clock'],
  ] as const) {
    const { parse: parsed, problems } = analyseText(text);
    const found = [...parsed.problems, ...problems].map(({ code: c, start, end }) => [
      c,
      text.slice(start, end),
    ]);
    assert.ok(
      found.some(([c, marked]) => c === code && marked === at),
      `${text}: ${JSON.stringify(found)}`,
    );
  }
});

test('declarations and items on one line need a separator too', () => {
  for (const text of [
    'quantize int8 search random',
    'dataset fashion-mnist target "pico"',
    'cell C { limit inputs per node <= 2 output concat }',
    'constraints { ram < 10 flash < 3 KB }',
  ])
    assert.equal(parse(text).problems[0]?.insert, ';', text);
});
