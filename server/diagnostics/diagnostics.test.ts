import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CodeActionKind } from 'vscode-languageserver-types';
import { layersOf } from '../analysis/costs.ts';
import { defaultSettings } from '../analysis/settings.ts';
import { codeActions } from '../features/code-actions.ts';
import { formatTime } from '../../engine/cost/index.ts';
import { applied, fixture } from '../testing/fixture.ts';
import { diagnose } from './index.ts';
import { mostListed } from './problems-too-many.ts';
import { costCodes } from './problem.ts';
import { profileCodes } from './profiles.ts';

/** Every problem of the named codes must be annotated, and every annotation must be there. */
function check(source: string, codes: RegExp): void {
  const { snapshot, expected } = fixture(source);
  const found = diagnose(snapshot, defaultSettings).filter(({ code }) => codes.test(String(code)));
  const shown = found.map(
    ({ code, range }) =>
      `${range.start.line}:${range.start.character}-${range.end.character} ${String(code)}`,
  );
  assert.deepEqual(
    shown,
    expected.map(({ line, start, end, code }) => `${line}:${start}-${end} ${code}`),
    JSON.stringify(
      found.map(({ message }) => message),
      undefined,
      1,
    ),
  );
  expected.forEach(({ words }, index) => {
    const shown = found[index]?.message ?? '';
    const message = typeof shown === 'string' ? shown : shown.value;
    assert.ok(message.includes(words), `${message} lacks "${words}"`);
  });
}

function messageOf(problem: ReturnType<typeof diagnose>[number] | undefined): string {
  const shown = problem?.message ?? '';
  return typeof shown === 'string' ? shown : shown.value;
}

/** @param source with the cursor on a problem. @param after what its preferred fix makes of the text. */
function checkFix(source: string, after: string): void {
  const { snapshot, cursor } = fixture(source);
  const actions = codeActions(snapshot, { start: cursor, end: cursor }, { diagnostics: [] }, defaultSettings);
  const fix = actions.find(
    ({ isPreferred, kind }) => isPreferred === true && kind === CodeActionKind.QuickFix,
  );
  assert.ok(fix !== undefined, 'There is no preferred fix.');
  assert.equal(applied(snapshot, fix.edit?.changes?.[snapshot.uri] ?? []), after);
}

const head = 'target "nucleo-f446re" { runtime tflm + cmsis-nn }\n';

test('syntax problems come with the token that is missing', () => {
  const { snapshot } = fixture('space s {\n  input 8x8x1\n  conv 3x3 ->\n}\n');
  const [problem] = diagnose(snapshot, defaultSettings);
  assert.match(String(problem?.code), /^syntax\//);
  assert.equal(problem?.severity, 1);
});

test('an arena that fits in no bank of the board names the largest', () => {
  const source = (size: number): string =>
    `target "nucleo-h743zi"\nspace s { input ${size}x${size}x3; conv 3x3 -> {16 | 32}; gap; dense -> 2 }`;
  const found = (size: number) =>
    diagnose(fixture(source(size)).snapshot, defaultSettings).filter(
      ({ code }) => code === 'memory/does-not-fit',
    );
  const [problem] = found(200);
  assert.match(messageOf(problem), /AXI SRAM, has 512 KB.*an arena is one piece/);
  assert.deepEqual(problem?.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 22 } });
  assert.deepEqual(found(100), []);
});

test('a constraint that nothing meets names the layer to blame', () => {
  const source = `${head}space s {
  input 32x32x3
  conv 3x3 -> {16 | 32}
  gap
  dense -> 10
}
constraints {
  macs < 1000
//^^^^^^^^^^^ constraint/impossible: make the \`conv\` that takes at least
}
`;
  check(source, /^constraint/);
  const { snapshot } = fixture(source);
  const [problem] = diagnose(snapshot, defaultSettings).filter(
    ({ code }) => code === 'constraint/impossible',
  );
  assert.equal(problem?.relatedInformation?.[0]?.location.range.start.line, 3);
});

test('a limit that no number stands against is told, and one that the runtime breaks says so', () => {
  const source = (target: string, limit: string) =>
    `${target}\nspace s {\n  input 8x8x1\n  conv 3x3 -> {4 | 8}\n  gap\n  dense -> 10\n}\nconstraints {\n  ${limit}\n}\n`;
  const found = (target: string, limit: string) =>
    diagnose(fixture(source(target, limit)).snapshot, defaultSettings)
      .filter(({ code }) => String(code).startsWith('constraint/'))
      .map((each) => `${each.code}: ${messageOf(each)}`);
  const probe = 'target "pico" { runtime nasturtium-probe }';
  assert.match(
    found(probe, 'flash total < 64 KB').join(),
    /^constraint\/unknown: How much flash .* Limit `flash` instead/,
  );
  assert.match(found(probe, 'energy < 1 J').join(), /^constraint\/unknown: There is no energy/);
  assert.match(found(probe, 'ram total < 64 KB').join(), /^constraint\/unknown: How much RAM/);
  assert.deepEqual(found('target "pico"', 'flash total < 1 MB')[0]?.slice(0, 21), 'constraint/always-met');
  assert.match(
    found('target "pico"', 'flash total < 20 KB').join(),
    /impossible: .*flash total is .* The runtime and its kernels alone take about [\d.–]+ KB/,
  );
});

const sleepy = (inside: string, limit = '') =>
  `target "nucleo-u575zi-q" { ${inside} }\nspace s {\n  input 32x32x3\n  conv 3x3 -> {8 | 16}\n  gap\n  dense -> 10\n}\nconstraints {\n  ${limit}\n}\n`;

test('a limit on what a schedule gives says what is missing for it', () => {
  const found = (inside: string, limit: string) =>
    diagnose(fixture(sleepy(inside, limit)).snapshot, defaultSettings)
      .filter(({ code }) => /^(constraint|schedule)/.test(String(code)))
      .map((each) => `${each.code}: ${messageOf(each)}`);
  assert.match(
    found('', 'average power < 1 mW').join(),
    /^constraint\/unknown: The target nucleo-u575zi-q has no schedule, so this limit has no effect there\. Write one/,
  );
  assert.match(
    found('schedule every 2 s', 'battery life > 9 days').join(),
    /^constraint\/unknown: The target nucleo-u575zi-q has no battery, .* `battery 230 mAh at 3 V`\.$/,
  );
  const both = 'schedule every 2 s; battery 230 mAh at 3 V';
  assert.match(
    found(both, 'battery life > 9 years').join(),
    /^constraint\/impossible: .* battery life is [\d.–]+ days, the constraint asks for > 9 years\. Relax it, or make the `conv` .* cheaper\.$/,
  );
  assert.match(
    found(both, 'average power < 1 uW').join(),
    /^constraint\/impossible: .* average power is .* or make the `conv` that takes at least [\d.]+ [mµ]J cheaper\.$/,
  );
  // A schedule is no limit that a person could tighten.
  assert.deepEqual(found('schedule every 1 h', ''), []);
});

test('a schedule that no architecture keeps, and one that gives nothing, are told at their place', () => {
  check(
    sleepy('').replace(
      '{  }',
      '{\n  schedule every 1 ms\n//^^^^^^^^^^^^^^^^^^^ constraint/impossible: the schedule asks for < 1 ms. Infer less often, or make the `conv`\n}',
    ),
    /^(constraint|schedule)/,
  );
  const unstated = sleepy('').replace('nucleo-u575zi-q', 'nucleo-f446re');
  check(
    unstated.replace(
      '{  }',
      '{\n  schedule every 2 s\n//^^^^^^^^^^^^^^^^^^ schedule/unknown: draws while it sleeps is not known, so this schedule gives no average power and no battery life. Write what\n}',
    ),
    /^(constraint|schedule)/,
  );
});

test('each of two schedules of one board is judged by its own period', () => {
  const [first = '', second = ''] = ['1 ms', '2 s'].map(
    (period) => `target "nucleo-u575zi-q" { schedule every ${period} }`,
  );
  const marks = `//                         ${'^'.repeat('schedule every 1 ms'.length)} constraint/impossible: asks for < 1 ms`;
  check(sleepy('').replace(/^.*$/m, [first, marks, second].join('\n')), /^(constraint|schedule)/);
});

test('a battery alone gets its schedule', () => {
  checkFix(sleepy('bat$0tery 230 mAh at 3 V'), sleepy('schedule every 2 s; battery 230 mAh at 3 V'));
});

test('a network without choices may meet its constraints', () => {
  check(
    `${head}space s {
  input 8x8x1
  gap
  dense -> 10
}
constraints { flash < 10 MB }
`,
    /^constraint/,
  );
});

test('a constraint that everything meets is greyed out', () => {
  check(
    `${head}space s {
  input 8x8x1
  conv 3x3 -> {4 | 8}
  gap
  dense -> 10
}
constraints {
  flash < 10 MB
//^^^^^^^^^^^^^ constraint/always-met: Every architecture meets this constraint: flash is
}
`,
    /^constraint/,
  );
});

test('a constraint that some meet is quiet', () => {
  check(
    `${head}space s {\n  input 32x32x3\n  conv 3x3 -> {8 | 64}\n  gap\n  dense -> 10\n}\nconstraints { macs < 1000000 }\n`,
    /^constraint/,
  );
});

test('an unknown board, with the likely one', () => {
  check(
    'target "nucleo-f446r"\n//     ^^^^^^^^^^^^^^ target/unknown: Did you mean "nucleo-f446re"?\n',
    /^target/,
  );
  checkFix('target "nucleo-f44$06r"\n', 'target "nucleo-f446re"\n');
});

test('a layer off the fast path says what it costs and how to mend it', () => {
  check(
    `${head}space s {
  input 32x32x3
  conv 3x3 -> 7
//^^^^ kernel/slow-path: lost to the slow path; 8 channels take
  conv 3x3 -> 16
//^^^^ kernel/slow-path: 7 input channels
  gap
//^^^ kernel/slow-path: avgpool 32x32 padding valid; flatten
  dense -> 12
}
`,
    /^kernel/,
  );
  checkFix(
    `${head}space s {\n  input 32x32x4\n  con$0v 3x3 -> {7 | 9}\n  gap\n  dense -> 12\n}\n`,
    `${head}space s {\n  input 32x32x4\n  conv 3x3 -> {8 | 12}\n  gap\n  dense -> 12\n}\n`,
  );
});

test('a reduction is changed to pooling where the image has one size', () => {
  const gap = (body: string, last: string): string =>
    `${head}space s {\n  input 16x16x8\n${body}  ${last}\n  dense -> 12\n}\n`;
  const hints = (source: string) => {
    const { snapshot } = fixture(source);
    const found = diagnose(snapshot, defaultSettings).filter(({ code }) => code === 'kernel/slow-path');
    return found.map(({ severity, data }) => [severity, data !== undefined]);
  };
  checkFix(gap('', 'g$0ap'), gap('', 'avgpool 16x16 padding valid; flatten'));
  checkFix(gap('', 'g$0mp'), gap('', 'maxpool 16x16 padding valid; flatten'));
  assert.deepEqual(hints(gap('', 'gap')), [[4, true]]);
  // Two sizes, or something that the fix would have to carry along: the hint stays, the fix does not.
  assert.deepEqual(hints(gap('  conv 3x3 -> 8 stride {1 | 2}\n', 'gap')), [[4, false]]);
  assert.deepEqual(hints(gap('', 'gap ?')), [[4, false]]);
  // One in a hundred of the whole is not worth a word, nor is a board without latencies.
  assert.deepEqual(hints(gap('  conv 5x5 -> 64\n  conv 5x5 -> 64\n  conv 5x5 -> 8 stride 4\n', 'gap')), []);
  assert.deepEqual(hints(gap('', 'gap').replace(head, '')), []);
});

test('the change to pooling costs what the hint says', () => {
  const { snapshot } = fixture(`${head}space s {\n  input 16x16x8\n  gap\n  dense -> 12\n}\n`);
  const [hint] = diagnose(snapshot, defaultSettings).filter(({ code }) => code === 'kernel/slow-path');
  const [, slow, fast] = /takes ([\d.]+ \S+)\. .* takes ([\d.]+ \S+)\.$/.exec(messageOf(hint)) ?? [];
  const latency = (body: string): string => {
    const { snapshot: other } = fixture(`${head}space s {\n  input 16x16x8\n  ${body}\n  dense -> 12\n}\n`);
    const layers = layersOf(other).slice(0, -1);
    return formatTime(
      layers.reduce((sum, { targets }) => sum + (targets[0]?.metrics.latency?.high ?? NaN), 0),
    );
  };
  assert.equal(latency('gap'), slow);
  assert.equal(latency('avgpool 16x16 padding valid; flatten'), fast);
});

test('a layer that the runtime lacks is an error with a fix', () => {
  const source = `${head}space s {
  input 32x32x3
  conv 3x3 -> 8, hsw$0ish
  gap
  dense -> 10
}
`;
  const { snapshot } = fixture(source);
  const codes = diagnose(snapshot, defaultSettings).map(({ code }) => code);
  if (codes.includes('operator/unsupported')) checkFix(source, source.replace('hsw$0ish', 'relu6'));
});

test('every code of this room has its page', () => {
  const pages = path.resolve(import.meta.dirname, '../../docs/diagnostics');
  for (const code of [
    'syntax/unexpected-character',
    'syntax/unexpected-token',
    'syntax/missing-token',
    'syntax/unclosed',
    'syntax/too-large',
    'problems/too-many',
    ...costCodes,
    ...profileCodes,
  ]) {
    assert.ok(existsSync(path.join(pages, `${code.replace('/', '-')}.md`)), `${code} has no page`);
  }
});

test('fix all mends what it can at once', () => {
  const { snapshot } = fixture('target "nucleo-f446r"\nspace s {\n  input 8x8x1\n  cnov 3x3 -> 8\n}\n');
  const [all] = codeActions(
    snapshot,
    { start: 0, end: 0 },
    { diagnostics: [], only: [CodeActionKind.SourceFixAll] },
    defaultSettings,
  );
  assert.equal(
    applied(snapshot, all?.edit?.changes?.[snapshot.uri] ?? []),
    'target "nucleo-f446re"\nspace s {\n  input 8x8x1\n  conv 3x3 -> 8\n}\n',
  );
});

test('what holds on two targets is said once, and what costs next to nothing is not said', () => {
  const text = (layer: string, input: string): string =>
    `target "nucleo-f446re" { clock 84 MHz }\ntarget "nano-33-ble"\nspace $0s {\n  input ${input}\n  ${layer}\n  dense -> 4\n}\n`;
  const slow = (layer: string, input: string): readonly string[] =>
    diagnose(fixture(text(layer, input)).snapshot, defaultSettings)
      .filter(({ code, severity }) => code === 'kernel/slow-path' && severity === 3)
      .map(({ message }) => (typeof message === 'string' ? message : message.value));
  const twice = slow('conv 9x1 -> 16 stride 2x1', '128x1x6');
  assert.ok(twice.length > 0);
  assert.equal(new Set(twice).size, twice.length);
  assert.deepEqual(slow('conv 1x1 -> 10', '31x31x96'), []);
});

test('of thousands of problems the worst are listed, and how many are not', () => {
  const { snapshot } = fixture('%% ?? @@\n'.repeat(3000));
  const found = diagnose(snapshot, defaultSettings);
  assert.equal(found.length, mostListed + 1);
  const last = found.at(-1);
  assert.equal(last?.code, 'problems/too-many');
  assert.match(JSON.stringify(last.message), /^"2,000 more problems/);
  assert.equal(last.range.start.line, mostListed);
});
