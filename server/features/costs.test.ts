/** Hints, hovers and lenses: the numbers in the text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings, type HintKind } from '../analysis/settings.ts';
import type { Share } from '../analysis/share.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { resolvedTargets } from '../analysis/targets.ts';
import { Workspace } from '../analysis/workspace.ts';
import { filesOf, fixture, type Fixture } from '../testing/fixture.ts';
import { codeLenses, lensCommand, lensPlace } from './code-lens.ts';
import { hover } from './hover.ts';
import { inlayHints, resolveInlayHint } from './inlay-hints.ts';
import { formatBig, formatCount, formatShare, formatBytes, formatTime } from '../../engine/cost/index.ts';

const head = 'target "nucleo-f446re" { runtime tflm + cmsis-nn }\n';
const space = `${head}space s {\n  input 32x32x3\n  tie w = {8 | 16}\n  conv 3x3 -> w stride 2, relu\n  gap\n  dense -> 10\n}\nconstraints { macs < 100000000 }\n`;

function hints({ snapshot }: Fixture, ...kinds: HintKind[]): string[] {
  const shown = Object.fromEntries(
    Object.keys(defaultSettings.inlayHints).map((kind) => [kind, kinds.includes(kind as HintKind)]),
  ) as Record<HintKind, boolean>;
  return inlayHints(
    snapshot,
    { start: 0, end: snapshot.text.length },
    { ...defaultSettings, inlayHints: shown },
  ).map(({ position, label }) => `${position.line} ${typeof label === 'string' ? label : ''}`);
}

test('every layer has a hint of each kind that is switched on', () => {
  const fix = fixture(space);
  assert.deepEqual(hints(fix), []);
  assert.deepEqual(hints(fix, 'shapes'), ['4 → 16x16x16', '5 → 16', '6 → 10']);
  assert.equal(hints(fix, 'macs')[0], '4 55.3–111 k MACs');
  const both = hints(fix, 'latency', 'ram');
  assert.equal(both.length, 3);
  assert.match(both[0] ?? '', /^4 [\d.]+–[\d.]+ ms · [\d.]+–[\d.]+ KB$/);
  assert.deepEqual(hints(fix, 'values'), ['3 : 8 | 16']);
});

test('an error takes the hints of what runs from it on, and no others', () => {
  const body = [
    '  input 32x32x3',
    '  conv 3x3 -> {8 | 16} stride 2, relu',
    '  B(16)',
    '  dwconv 3x3',
    '  B(24)',
    '  gap',
    '  dense -> 10',
  ];
  const block = 'block B(n) {\n  conv 1x1 -> n, relu\n  maxpool 2 stride 2\n}\n';
  const shapes = (block: string, lines: readonly string[]): string[] =>
    hints(fixture(`${head}${block}space s {\n${lines.join('\n')}\n}\n`), 'shapes');
  const [conv, pool, first, depthwise] = ['2 → 16x16x16', '3 → 8x8x16', '7 → 16x16x16', '9 → 8x8x16'];
  assert.deepEqual(shapes(block, body), [conv, pool, first, depthwise, '11 → 24', '12 → 10']);
  const before = [conv, pool, first, depthwise];
  for (const wrong of [
    '  dwcon',
    '  conv 3x3 ->',
    '  conv 3x3 -> foo',
    '  conv 40x40 -> 8 padding valid',
    '  conv {1 | 40} -> 8 padding valid',
    '  let n = foo; B(n)',
    '  B(foo)',
    '  skip { conv 3x3 -> foo }',
  ]) {
    assert.deepEqual(shapes(block, [...body.slice(0, 4), wrong, ...body.slice(4)]), before, wrong);
  }
  const broken = block.replace('maxpool', 'maxpol');
  assert.deepEqual(shapes(broken, body), ['2 → 16x16x16', first]);
  // An error that no layer depends on costs no hint.
  assert.equal(shapes(`${block}block C {\n  conv 3x3 -> foo\n}\n`, body).length, 6);
});

test('a hover says that a cost reaches no further than to an error', () => {
  const fix = fixture(space.replace('  gap\n', '  conv 3x3 -> foo\n'));
  const found = hover(fix.snapshot, fix.snapshot.text.indexOf('conv') + 1, fix.workspace);
  assert.match(JSON.stringify(found), /as far as the space can be read: it has an error/);
  assert.doesNotMatch(JSON.stringify(found), /times? per inference/);
});

test('hints keep to the range that is asked for', () => {
  const { snapshot } = fixture(space);
  const at = snapshot.text.indexOf('gap');
  assert.equal(inlayHints(snapshot, { start: at, end: at + 3 }, defaultSettings).length, 1);
});

test('a limit has what the space can give behind it', () => {
  assert.deepEqual(hints(fixture(space), 'limits'), ['8 55.4–111 k']);
  const { snapshot } = fixture(space.replace('macs < 100000000', 'ram < 3 KB'));
  const hint = inlayHints(
    snapshot,
    { start: snapshot.text.length - 8, end: snapshot.text.length },
    defaultSettings,
  )[0];
  assert.ok(hint !== undefined);
  assert.ok(typeof hint.label === 'string');
  assert.match(hint.label, /^[\d.]+–[\d.]+ KB$/);
  assert.match(JSON.stringify(resolveInlayHint(snapshot, hint).tooltip), /\*\*ram\*\*.*architecture/);
});

test('a limit on the model file says what the runtime takes on top, and a limit on all counts it', () => {
  const source = (limit: string) => space.replace('macs < 100000000', limit);
  const [own] = hints(fixture(source('flash < 64 KB')), 'limits');
  const [, file, onTop] = /^8 ([\d.–]+) KB \+ ([\d.–]+) KB of runtime$/.exec(own ?? '') ?? [];
  const [all] = hints(fixture(source('flash total < 64 KB')), 'limits');
  const total = /^8 ([\d.–]+) KB$/.exec(all ?? '')?.[1];
  const least = (range: string | undefined) => Number(range?.split('–')[0]);
  assert.ok(Math.abs(least(file) + least(onTop) - least(total)) < 1, `${file} + ${onTop} is ${total}`);
  checkHover(
    source('fl$0ash < 64 KB'),
    /without the runtime/,
    /take about [\d.–]+ KB of flash on top: `flash total`/,
  );
  checkHover(
    source('fl$0ash total < 256 KB'),
    /flash total.*The model file, the runtime/,
    /Of it, the runtime/,
  );
  checkHover(source('ram to$0tal < 64 KB'), /All RAM of the program/);
});

test('a schedule and its battery have hints, a hover and rows of their own', () => {
  const inside = 'schedule every 2 s\n  battery 230 mAh at 3 V';
  const source = space.replace(head, `target "nucleo-u575zi-q" {\n  ${inside}\n}\n`);
  const found = hints(fixture(source), 'limits');
  assert.match(found[0] ?? '', /^1 [\d.–]+ µW$/);
  assert.match(found[1] ?? '', /^2 [\d.–]+ days$/);
  assert.equal(found.length, 3);
  checkHover(
    source.replace('schedule', 'sche$0dule'),
    /with sleep in between/,
    /1\.2 µW for every 64 KB of the arena/,
  );
  checkHover(
    source.replace('every 2 s', 'every 2 s { sl$0eep 9 uA at 3 V }'),
    /draws while it sleeps with its memory kept/,
    /it draws 27 µW \(as the schedule says\)/,
  );
  checkHover(source.replace('mAh', 'm$0Ah'), /gives the battery life/, /every 2 s on 230 mAh at 3 V/);
  checkHover(
    source.replace('space s', 'space $0s'),
    /160 MHz, every 2 s on 230 mAh at 3 V/,
    /\| Average power \| [\d.–]+ µW \| not exact/,
    /\| Battery life \| [\d.–]+ days/,
  );
});

test('no hints of cost without a target', () => {
  assert.deepEqual(hints(fixture(space.replace(head, '')), 'latency', 'ram'), []);
});

test('a tooltip is made when a hint is resolved, and not for another version', () => {
  const { snapshot } = fixture(space);
  const [hint] = inlayHints(snapshot, { start: 0, end: snapshot.text.length }, defaultSettings);
  assert.ok(hint !== undefined);
  assert.equal(hint.tooltip, undefined);
  assert.match(JSON.stringify(resolveInlayHint(snapshot, hint).tooltip), /dearest instance.*Latency/);
  const stale = { ...hint, data: { ...(hint.data as object), version: 99 } };
  assert.equal(resolveInlayHint(snapshot, stale).tooltip, undefined);
});

function checkHover(source: string, ...patterns: RegExp[]): void {
  const { workspace, snapshot, cursor } = fixture(source);
  const text = JSON.stringify(hover(snapshot, cursor, workspace)?.contents ?? null);
  for (const pattern of patterns) assert.match(text, pattern);
}

test('hover: a layer with its account, origin and support', () => {
  checkHover(
    space.replace('conv', 'co$0nv'),
    /CONV_2D/,
    /MACs \| 55\.3–111 k/,
    /Latency/,
    /90 % interval/,
    /CMSIS-NN/i,
    /Kernel path|Slow kernel/,
    /published measurements/,
  );
});

test('a choice keeps its options when blanks are typed before it, and shows them as written when nothing draws it', () => {
  const padding = `// ${'-'.repeat(2000)}\n`;
  const { workspace, snapshot } = fixture(
    `${head}block B(out) {\n  conv {1 | 3} -> out\n  conv {5 | 7} -> out\n}\nblock Unused(out) {\n  conv {3 | 5} -> out\n}\n` +
      `space s {\n  input 8x8x3\n  B({8 | 16})\n  gap\n  dense -> 2\n}\n${padding}`,
  );
  const over = (of: Snapshot, what: string): string =>
    JSON.stringify(hover(of, of.text.indexOf(what) + 3, workspace)?.contents);
  assert.match(over(snapshot, '{5 | 7}'), /of 2: `5`, `7`.*Drawn once/);
  assert.match(over(snapshot, '{3 | 5}'), /of 2: `3`, `5`.*no space of this file draws it yet/);
  const at = { line: 2, character: 2 };
  const space = snapshot.analysis.spaces[0];
  const after = workspace.change(snapshot.uri, 2, [{ range: { start: at, end: at }, text: '   \n   ' }]);
  assert.ok(after !== undefined);
  assert.equal(after.analysis.spaces[0], space);
  for (const choice of ['{1 | 3}', '{5 | 7}', '{8 | 16}']) assert.match(over(after, choice), /Drawn once/);
});

test('hover: layers and spaces lead to the memory of the space, where the client runs commands', () => {
  for (const what of ['co$0nv', 'space s$0 {']) {
    const word = what.replace('$0', '');
    const { workspace, snapshot, cursor } = fixture(space.replace(word, what));
    const text = (links: boolean) =>
      JSON.stringify(hover(snapshot, cursor, workspace, { links, explained: false })?.contents);
    const link = /\[Memory over the inference\]\(command:nasturtium\.costs\?([^ ]+) /.exec(text(true))?.[1];
    const [uri, name] = JSON.parse(decodeURIComponent(link ?? '')) as unknown[];
    assert.equal(uri, snapshot.uri);
    assert.equal(name, snapshot.analysis.spaces[0]?.name);
    assert.doesNotMatch(text(false), /command:/);
  }
});

test('hover: names, operators, boards, constraints, choices, words', () => {
  checkHover(space.replace('-> w', '-> w$0'), /tie w = /, /2 values: 8 \| 16/);
  checkHover(space.replace('space s', 'space s$0'), /2 architectures/, /least–most/);
  checkHover(space.replace('nucleo-f446re', 'nucleo-$0f446re'), /STM32F446/i, /cortex-m4/);
  checkHover(space.replace('macs <', 'ma$0cs <'), /every architecture meets it/);
  checkHover(space.replace('{8 |', '{8$0 |'), /Choice\*\* of 2: `8`, `16`/);
  checkHover(space.replace(', relu', ', {re$0lu | hswish}'), /relu/);
  checkHover(
    space.replace(', relu', ', {relu $0| hswish | none}'),
    /Choice\*\* of 3: `relu`, `hswish`, `none`/,
    /Drawn once/,
  );
  checkHover(space.replace('stride', 'str$0ide'), /Step of the window/);
  checkHover(space.replace('relu', 're$0lu'), /relu/);
  checkHover(space.replace('tie', 't$0ie'), /drawn once for the whole space/);
  checkHover(`${space}// no$0thing`, /null/);
});

test('hover: the RAM of a board is what data can use; banks for code and outside the chip stand apart', () => {
  const on = (board: string) => space.replace('nucleo-f446re', `${board}$0`);
  checkHover(
    on('nucleo-f746zg'),
    /RAM for data 320 KB \(DTCM 64 KB, SRAM1/,
    /for code only ITCM 16 KB · flash/,
  );
  checkHover(on('stm32h747i-disco'), /RAM for data 992 KB/, /outside the chip External SDRAM 32 MB/);
});

const lensIds = { search: 'search', costs: 'costs', profile: 'profile', showProblem: 'showProblem' };

test('lenses count, and carry what their commands need', () => {
  const { snapshot } = fixture(space);
  const lenses = codeLenses(snapshot);
  const [found] = snapshot.analysis.spaces;
  assert.ok(found !== undefined);
  const titles = lenses.map((lens) => {
    const place = lensPlace(lens);
    assert.ok(place !== undefined);
    return lensCommand(place, snapshot, found, undefined, [], lensIds);
  });
  assert.deepEqual(
    titles.map(({ title, command, arguments: args }) => [title, command, ...((args ?? []) as string[])]),
    [
      ['2 architectures', ''],
      ['$(play) Search', 'search', 'file:///main.nas', 's'],
      ['$(dashboard) Costs', 'costs', 'file:///main.nas', 's'],
      ['$(pulse) Profile', 'profile', 'file:///main.nas', 's'],
    ],
  );
});

test('the lens of a network without choices says what it costs, and whether it fits', () => {
  const { snapshot } = fixture(
    `${head}target "pico"\nspace s {\n  input 8x8x3\n  conv 3x3 -> 4\n  flatten\n  dense -> 10\n}\n`,
  );
  const [network] = snapshot.analysis.spaces;
  const place = lensPlace(codeLenses(snapshot)[0] ?? { range: snapshot.lines.range({ start: 0, end: 0 }) });
  assert.ok(network !== undefined && place !== undefined);
  const share = (value: number, index: number): Share => {
    const setting = resolvedTargets(snapshot)[index]?.target;
    assert.ok(setting !== undefined);
    return { target: setting, value, low: value, high: value, exact: true };
  };
  const title = (shares: readonly Share[] | undefined): string =>
    lensCommand(place, snapshot, network, shares, [], lensIds).title;
  const cost = /[\d.]+ (µs|ms), [\d.]+ KB RAM, [\d.]+ KB flash/.source;
  assert.match(title(undefined), new RegExp(`^1 architecture · ${cost} on nucleo-f446re · ${cost} on pico$`));
  assert.match(title([share(1, 0), share(0, 1)]), /flash, fits on nucleo-f446re · .*, does not fit on pico$/);
});

test('numbers read like numbers', () => {
  assert.equal(formatTime({ low: 0.8, high: 2.14 }), '0.8–2.14 ms');
  assert.equal(formatTime(0.0421), '42.1 µs');
  assert.equal(formatBytes({ low: 3174, high: 6554 }), '3.1–6.4 KB');
  assert.equal(formatBytes(0), '0 B');
  assert.equal(formatCount(1_234_567, 'MACs'), '1.23 M MACs');
  assert.equal(formatBig(14680064n), '14,680,064');
  assert.equal(formatBig(14680064000000000000n), '1.46 × 10^19');
  assert.equal(formatShare(0.00001), '< 0.01 %');
  assert.equal(formatShare(0.375), '37.5 %');
});

test('hover: a block says once what it is, and a name of the context what it is here', () => {
  const { workspace, snapshot, cursor } = fixture(
    '// Keeps the shape.\nblock Plain(out) { conv 3x3 -> out }\nspace s {\n  input 8x8x3\n  Pl$0ain(4)\n  gap\n}',
  );
  const contents = hover(snapshot, cursor, workspace)?.contents as { readonly value: string };
  assert.equal(contents.value, '```nas\nblock Plain(out)\n```\n\nKeeps the shape.');
  checkHover(
    'dataset fashion-mnist\nspace s {\n  conv 3x3 -> 4\n  gap\n  dense -> cl$0asses\n}',
    /Number of classes.*Here 10\./,
  );
});

test('hover: a dataset, and what a skip connection costs', () => {
  checkHover('dataset fashion-$0mnist', /70,000 grey pictures/);
  checkHover(
    `${head}space s {\n  input 8x8x3\n  conv 3x3 -> 3\n  sk$0ip add\n  gap\n}\n`,
    /ADD.*Latency.*Joins the input/,
  );
});

test('what is on no disk offers no search', () => {
  const titles = (uri: string): unknown[] => {
    const workspace = new Workspace(filesOf(new Map()));
    return codeLenses(workspace.open(uri, 1, space)).map(({ data }) => (data as { kind: unknown }).kind);
  };
  assert.deepEqual(titles('file:///a.nas'), ['size', 'search', 'costs', 'profile']);
  assert.deepEqual(titles('untitled:Untitled-1'), ['size', 'search', 'costs', 'profile']);
  assert.deepEqual(titles('nasturtium-architecture:/a.nas'), ['size']);
});

test('hover: a word is explained first, and its example is one', () => {
  const program = `${space}quantize int8\nsearch nsga2 { population 4; trials 8; fidelity 1..3 epochs }\n`
    .replace('  gap\n', '  tie w = {1 | 2}\n  require w > 0\n  { relu } x2 same\n  gap\n')
    .replace('macs <', 'macs <');
  for (const word of ['tie', 'require', 'same', 'fidelity', 'population', 'trials', 'search', 'quantize']) {
    const { workspace, snapshot } = fixture(program);
    const at = program.search(new RegExp(`\\b${word}\\b`));
    const { value } = hover(snapshot, at + 1, workspace)?.contents as { readonly value: string };
    assert.match(value, /^[A-Z][^`]*\.\n\nFor example:\n```nas\n[^`]+\n```$/, word);
  }
});

test('hover: one of something is told as one', () => {
  checkHover(
    `${head}space o$0ne {\n  input 8x8x3\n  conv {1 | 3} -> 4\n  gap\n  dense -> 2\n}\n`,
    /2 architectures from 1 choice\./,
  );
  checkHover(
    `${head}space o$0ne {\n  input 8x8x3\n  gap\n  dense -> 2\n}\n`,
    /1 architecture from 0 choices\./,
  );
});

test('hover: a layer leads with its time, RAM and flash, on each target', () => {
  const first = (source: string): string => {
    const { workspace, snapshot, cursor } = fixture(source);
    return (hover(snapshot, cursor, workspace)?.contents as { readonly value: string }).value;
  };
  const numbers = /\*\*[\d.–]+ (?:µs|ms) · [\d.–]+ K?B RAM · [\d.–]+ K?B flash\*\*/.source;
  assert.match(first(space.replace('conv', 'co$0nv')), new RegExp(`^${numbers}\n\n\\*\\*CONV_2D`));
  assert.match(
    first(`target "pico"\n${space.replace('conv', 'co$0nv')}`),
    new RegExp(`^${numbers} on .*Pico.*\n\n${numbers} on ST `),
  );
});
