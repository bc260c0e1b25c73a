/**
 * Executes the table "Adding a thing" of ARCHITECTURE.md: in a copy of the tree, each thing is added by the files that its
 * row names and no others. What is generated is generated, the tree compiles, and the thing is there.
 *
 * To have another kind of thing tried, add a row to the table and an {@link Addition} here.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '..');
const copy = mkdtempSync(path.join(tmpdir(), 'nasturtium-adding-'));
after(() => rmSync(copy, { recursive: true }));

/** What the parts that are added to, and those that read them, are made of. */
const copied = [
  ...[
    'grammar',
    'engine',
    'device-profiles',
    'server',
    'client/front',
    'client/history',
    'cli/schema',
    'docs',
  ],
  ...['scripts', 'package.json', 'tsconfig.json', 'ARCHITECTURE.md'],
];

interface Addition {
  /** As in the table. */
  readonly thing: string;
  /** What becomes of each file; of one that is new, its text. */
  readonly files: Readonly<Record<string, string | ((text: string) => string)>>;
}

/** Puts a row or a line in front of a place that is there once. */
const inFrontOf =
  (place: string, row: string) =>
  (text: string): string => {
    assert.equal(text.split(place).length, 2, `There is more than one place, or none, for: ${place}`);
    return text.replace(place, () => `${row}\n${place}`);
  };

const additions: readonly Addition[] = [
  {
    thing: 'an operator',
    files: {
      'engine/operators/activations.ts': (text) =>
        inFrontOf(
          '/** Half a step of its output is 2^-9. */\n',
          `const reluN1To1 = activation(
  'relu_n1_to_1',
  { name: 'reluone', documentation: 'min(max(x, -1), 1) (TFLite RELU_N1_TO_1).' },
  none,
  plain('RELU_N1_TO_1', 1),
);
`,
        )(inFrontOf('  hardSwish,\n', '  reluN1To1,')(text)),
      'engine/train/operators/activations.ts': inFrontOf(
        '  /** `x * relu6(x + 3) / 6` (Howard et al. 2019',
        `  relu_n1_to_1: valuewise(
    (x) => tf.clipByValue(x, -1, 1),
    (x, y) => {
      const scaled = rescale(x, y);
      const one = roundAway(Math.fround(1 / y.scale));
      return table((q) => Math.min(y.zero + one, Math.max(y.zero - one, scaled(q))));
    },
  ),
`,
      ),
    },
  },
  {
    thing: 'a strategy',
    files: {
      'engine/space/strategies/catalogue.ts': inFrontOf(
        '  random: {\n',
        `  climbing: {
    summary: 'Hill climbing',
    documentation: 'Changes the best so far, and begins anew after so many steps.',
    settings: { steps: { example: '5', number: wholeFrom(1), byDefault: 5, documentation: 'Changes in a row.' } },
    weights: 'scratch',
    runs: true,
  },`,
      ),
      'engine/search/strategies/climbing.ts': `/** Changes the last candidate, and begins anew after so many steps. */

import type { Strategy } from '../types.ts';
import type { StrategyContext } from './context.ts';
import { Proposer } from './proposer.ts';

export function climbing<C>({ domain, random, settings }: StrategyContext<C, 'climbing'>): Strategy<C> {
  const proposer = new Proposer(domain, random);
  let asked = 0;
  let last: C | undefined;
  return {
    ask() {
      const from = asked++ % settings.steps === 0 ? undefined : last;
      last = from === undefined ? proposer.fresh() : proposer.vary(() => domain.mutate(from, random));
      return last;
    },
    tell: () => undefined,
    fail: () => undefined,
  };
}
`,
      'engine/search/registry.ts': (text) =>
        inFrontOf(
          '  random: randomSearch,\n',
          '  climbing,',
        )(
          inFrontOf(
            "import { nsga2 } from './strategies/nsga2.ts';",
            "import { climbing } from './strategies/climbing.ts';",
          )(text),
        ),
    },
  },
  {
    thing: 'a metric that others give',
    files: {
      'engine/space/metrics.ts': inFrontOf(
        "  'ram total': {\n",
        `  footprint: {
    label: 'Footprint',
    documentation: 'Arena and model file together.',
    measure: 'bytes',
    better: 'lower',
    limit: '128 KB',
    axis: KB,
    from: { of: ['ram', 'flash'], value: (ram = 0, flash = 0) => ram + flash },
    known: false,
  },`,
      ),
    },
  },
  {
    thing: 'a format of data',
    files: {
      'engine/space/settings/data-formats.ts': inFrontOf(
        '  speech: {\n',
        `  bits: {
    ...own,
    documentation: 'Bytes whose last one is the label.',
    argument: '"./file.bits"',
    reads: 'samples of two bytes and a label',
    snippet: 'bits("\${1:./file.bits}")',
    holds: 'file',
    endings: ['.bits'],
  },`,
      ),
      'engine/train/data/bits.ts': `/** Samples of two bytes and a label. */

import { readBytesSync } from '../../files/index.ts';
import type { Samples } from './assemble.ts';

export function readBits(file: string): Samples {
  const bytes = readBytesSync(file, 'array');
  const at = [...bytes.keys()].filter((i) => i % 3 === 2);
  const values = bytes.filter((_, i) => i % 3 !== 2);
  return { shape: [2], values, labels: at.map((i) => String(bytes[i])), from: 'all', placeOf: () => file };
}
`,
      'engine/train/data/open.ts': (text) =>
        inFrontOf(
          '  csv: async (reading) => {\n',
          '  bits: (reading) => build(reading, required(reading), { train: readBits(required(reading)) }),',
        )(
          inFrontOf(
            "import { readIdxFolder, readIdxPair } from './idx.ts';",
            "import { readBits } from './bits.ts';",
          )(text),
        ),
    },
  },
  {
    thing: 'a board',
    files: {
      'device-profiles/boards/my-board.json': JSON.stringify({
        ...(JSON.parse(readFileSync(path.join(root, 'device-profiles/boards/pico.json'), 'utf8')) as object),
        ...{ id: 'my-board', name: 'My board', aliases: [], defaultRuntime: 'my-kernels', core: 'cortex-m4' },
        runtimes: undefined,
      }),
    },
  },
  {
    thing: 'a runtime',
    files: {
      'device-profiles/runtimes/my-kernels.json': JSON.stringify({
        ...(JSON.parse(
          readFileSync(path.join(root, 'device-profiles/runtimes/tflm.json'), 'utf8'),
        ) as object),
        ...{ id: 'my-kernels', name: 'My kernels', aliases: [], cores: ['cortex-m4'] },
      }),
    },
  },
];

function write(file: string, what: string | ((text: string) => string)): void {
  const place = path.join(copy, file);
  writeFileSync(place, typeof what === 'string' ? what : what(readFileSync(place, 'utf8')));
}

/** The rows of the table: what is added, and the files. */
function table(): ReadonlyMap<string, readonly string[]> {
  const document = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
  const section = /## Adding a thing[^\n]*\n([\s\S]*?)\n## /.exec(document)?.[1] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  return new Map(
    rows.map((row) => {
      const [, thing = '', files = ''] = row.split('|').map((cell) => cell.trim());
      return [thing, [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file)];
    }),
  );
}

before(() => {
  for (const part of copied) cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  for (const { files } of additions) for (const [file, what] of Object.entries(files)) write(file, what);
  execFileSync(process.execPath, [path.join(copy, 'scripts/generate.ts')], { stdio: 'pipe' });
});

test('each thing is added by the files that the table names, and each row of it is tried', () => {
  const rows = table();
  assert.deepEqual(
    [...rows.keys()],
    additions.map(({ thing }) => thing),
  );
  for (const { thing, files } of additions) {
    const named = rows.get(thing) ?? [];
    const unnamed = Object.keys(files).filter(
      (file) => !named.some((name) => new RegExp(`^${name.replace(/<\w+>/, '[^/]+')}$`).test(file)),
    );
    assert.deepEqual(unnamed, [], `${thing} needs files that the table does not name.`);
    assert.equal(Object.keys(files).length, named.length, `${thing} needs fewer files than the table names.`);
  }
});

/** Where the rows are and whatever reads them; the rest of the tree has nothing to do with what is added. */
const reading = [
  ...['engine/operators', 'engine/train/operators'],
  ...['engine/space/strategies', 'engine/space/settings', 'engine/space/metrics.ts', 'engine/search'],
  ...['engine/cost/metrics.ts', 'engine/cost/format.ts', 'engine/cost/share.ts', 'engine/cost/verdict.ts'],
  ...['engine/train/data', 'server/features', 'client/front', 'device-profiles'],
];

test('the tree with all of them compiles', () => {
  const { config } = ts.readConfigFile(path.join(copy, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, copy);
  const roots = [
    ...['engine/operators/words.ts', 'engine/train/forward.ts'],
    ...['engine/search/registry.ts', 'engine/search/settings.ts', 'engine/search/architecture-problem.ts'],
    ...[
      'engine/train/data/open.ts',
      'server/features/completion-items.ts',
      'server/diagnostics/data-missing.ts',
    ],
    ...['client/front/rows.ts', 'device-profiles/index.ts'],
  ];
  const program = ts.createProgram(
    roots.map((file) => path.join(copy, file)),
    options,
  );
  const faults = program
    .getSourceFiles()
    .filter(({ fileName }) => reading.some((part) => fileName.startsWith(path.join(copy, part))))
    .flatMap((file) => program.getSemanticDiagnostics(file))
    .map(
      ({ messageText, file }) =>
        `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  assert.deepEqual(faults, []);
});

/** A module of the copy, with the types of the original. */
const load = async (file: string): Promise<unknown> => import(pathToFileURL(path.join(copy, file)).href);

test('what is added is read, priced, proposed and completed', async () => {
  const { analyseText } = (await load(
    'engine/space/testing.ts',
  )) as typeof import('../engine/space/testing.ts');
  const { boundSpace, boundOf, price, resolveTarget, shippedProfiles } = (await load(
    'engine/cost/index.ts',
  )) as typeof import('../engine/cost/index.ts');
  const { settings, problems, parse, spaces } = analyseText(`target "my-board"
dataset bits("./x.bits") { input 2; classes 2 }
space s { dense -> {4 | 8}, relu; dense -> classes }
constraints { footprint < 128 KB }
objectives { max accuracy; min footprint }
search climbing { steps 3; trials 4 }
`);
  assert.deepEqual(
    [...parse.problems, ...problems].filter(
      (problem) => !('severity' in problem) || problem.severity === 'error',
    ),
    [],
  );
  assert.deepEqual(settings.search?.strategySettings, { steps: 3 });
  const resolved = resolveTarget(shippedProfiles, { board: 'my-board' });
  assert.ok('target' in resolved && resolved.target.runtime.id === 'my-kernels');
  const [space] = spaces;
  assert.ok(space !== undefined);
  const total = price(space.lower(space.extreme('max')), resolved.target).total as unknown as Readonly<
    Record<string, { readonly value: number }>
  >;
  assert.equal(total['footprint']?.value, (total['ram']?.value ?? 0) + (total['flash']?.value ?? 0));
  const bound = boundOf(boundSpace(space, resolved.target), 'footprint' as Parameters<typeof boundOf>[1]);
  assert.ok(
    (bound?.low ?? Infinity) <= total['footprint'].value && total['footprint'].value <= (bound?.high ?? 0),
  );

  const { createStrategy, isRunningStrategy } = (await load(
    'engine/search/registry.ts',
  )) as typeof import('../engine/search/registry.ts');
  const name: string = 'climbing';
  assert.ok(isRunningStrategy(name));
  const numbers = {
    sample: ({ nextInt }: { nextInt: (below: number) => number }) => nextInt(100),
    mutate: (n: number) => (n + 1) % 100,
    crossover: (n: number) => n,
    key: (n: number) => String(n),
    violation: () => 0,
  };
  const strategy = createStrategy(name, numbers, { seed: 1, settings: { steps: 3 }, weights: [1] });
  const [first, second, third] = [strategy.ask(), strategy.ask(), strategy.ask()];
  assert.deepEqual([second, third], [((first ?? 0) + 1) % 100, ((first ?? 0) + 2) % 100]);

  const { axes } = (await load('client/front/messages.ts')) as typeof import('../client/front/messages.ts');
  assert.ok((axes as readonly string[]).includes('footprint'));
  const { openDataset } = (await load(
    'engine/train/data/open.ts',
  )) as typeof import('../engine/train/data/open.ts');
  writeFileSync(
    path.join(copy, 'x.bits'),
    Uint8Array.from({ length: 300 }, (_, i) => (i % 3 === 2 ? i % 2 : i % 251)),
  );
  assert.ok(settings.dataset !== undefined);
  assert.equal((await openDataset(settings.dataset, copy)).classNames.length, 2);
});

test('an operator that is added is checked, priced, run in floats and in 8 bits, stored and read back', async () => {
  const { analyseText } = (await load(
    'engine/space/testing.ts',
  )) as typeof import('../engine/space/testing.ts');
  const { initBackend } = (await load(
    'engine/train/backend.ts',
  )) as typeof import('../engine/train/backend.ts');
  const { quantize } = (await load(
    'engine/train/quantize.ts',
  )) as typeof import('../engine/train/quantize.ts');
  const { fold, initialState } = (await load(
    'engine/train/state.ts',
  )) as typeof import('../engine/train/state.ts');
  const { runFloat } = (await load(
    'engine/train/evaluate.ts',
  )) as typeof import('../engine/train/evaluate.ts');
  const { createInt8Interpreter } = (await load(
    'engine/train/int8/interpreter.ts',
  )) as typeof import('../engine/train/int8/interpreter.ts');
  const { exportTflite, readTflite } = (await load(
    'engine/model/index.ts',
  )) as typeof import('../engine/model/index.ts');
  const { spaces } = analyseText('space s { input 4x4x2; reluone; conv 1x1 -> 3, bn, reluone }');
  const [space] = spaces;
  assert.ok(space?.usable === true);
  const network = space.lower(space.extreme('max'));
  assert.deepEqual(
    network.ops.map(({ kind }) => kind),
    ['relu_n1_to_1', 'conv_2d', 'relu_n1_to_1'],
  );
  await initBackend();
  const trained = fold(network, initialState(network, 1));
  const images = Float32Array.from({ length: 64 }, (_, i) => (i % 9) - 4);
  const out = runFloat(trained, images, 2);
  assert.ok(Math.max(...out) === 1 || Math.min(...out) === -1);
  assert.ok(out.every((value) => Math.abs(value) <= 1));
  const quantized = quantize(trained, images);
  const bytes = createInt8Interpreter(quantized).run(Int8Array.from({ length: 32 }, (_, i) => 8 * i - 128));
  assert.ok(new Set(bytes).size > 2);
  const [read] = readTflite(exportTflite(quantized), 'added.tflite').subgraphs;
  assert.equal(read?.network.ops.filter(({ kind }) => (kind as string) === 'relu_n1_to_1').length, 2);
});

test('what is generated tells of them', () => {
  const has = (file: string, word: string): boolean =>
    readFileSync(path.join(copy, file), 'utf8').includes(word);
  for (const [file, word] of [
    ['docs/language.md', '`reluone`'],
    ['grammar/layer-words.ts', ' reluone '],
    ['grammar/syntaxes/nas.tmLanguage.json', '|reluone|'],
    ['device-profiles/schema/runtime.schema.json', '"relu_n1_to_1"'],
    ['docs/language.md', '`climbing`'],
    ['docs/search.md', '`steps`'],
    ['docs/language.md', '`footprint`'],
    ['engine/search/run/schema/journal.schema.json', '"footprint"'],
    ['engine/search/run/schema/run.schema.json', '"footprint"'],
    ['cli/schema/front.schema.json', '"footprint"'],
    ['docs/search.md', '`bits("./file.bits")`'],
    ['device-profiles/index.ts', './boards/my-board.json'],
    ['device-profiles/index.ts', './runtimes/my-kernels.json'],
  ] as const) {
    assert.ok(has(file, word), `${file} says nothing of ${word}`);
  }
});
