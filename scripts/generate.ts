/**
 * Writes what is told twice: from the rows of the catalogues (strategies, settings, metrics, formats of data) the tables
 * of the documentation and the words of the JSON schemas. What it writes is committed; `test/generated.test.ts` compares.
 *
 *     node scripts/generate.ts
 *
 * In Markdown a part stands between `<!-- generated: name -->` and `<!-- end: name -->`, in TypeScript between such line
 * comments; of a JSON file a value is replaced at its path. To have something else generated, add a line to {@link parts}.
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import {
  costMetrics,
  dataFormatNames,
  datasets,
  exampleLimit,
  formatAsWritten,
  mainMetrics,
  measures,
  metricNames,
  metrics,
  runningStrategies,
  searchForms,
  strategies,
  strategyNames,
} from '../engine/space/index.ts';
import { quantityNames } from '../engine/cost/quantities.ts';
import type { SettingForms } from '../engine/space/index.ts';
import {
  functionPattern,
  layerPattern,
  layerWordsSource,
  numberPattern,
  operatorNamesOfProfiles,
  operatorNamesSource,
  operatorRows,
  parameterPattern,
  pricedKinds,
  valueRows,
} from './generate-operators.ts';

const root = path.resolve(import.meta.dirname, '..');

interface TextPart {
  readonly file: string;
  readonly name: string;
  readonly text: () => string;
}
interface WholeFile {
  readonly file: string;
  readonly source: () => string;
}
interface JsonPart {
  readonly file: string;
  /** Keys from the root to the value. */
  readonly at: readonly string[];
  readonly value: (before: unknown) => unknown;
}

/** A pipe would end a cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const sentence = (text: string): string => text.replace(/\.$/, '');

/** Each setting of these once: name, meaning, what holds unless it is written. */
function settingRows(forms: SettingForms): (readonly string[])[] {
  return Object.entries(forms).map(([name, { documentation, byDefault = '' }]) => [
    `\`${name}\``,
    sentence(documentation),
    String(byDefault),
  ]);
}

/** Those of strategies first, each with whose it is. */
function searchSettings(): string {
  const own = runningStrategies.flatMap((name) =>
    settingRows(strategies[name].settings).map(([setting = '', meaning = '', usual = '']) => [
      setting,
      `${meaning} (\`${name}\`)`,
      usual,
    ]),
  );
  return table(['setting', 'meaning', 'unless given'], [...own, ...settingRows(searchForms)]);
}

function strategyTable(): string {
  const rows = strategyNames.map((name) => {
    const { documentation, settings } = strategies[name];
    const own = Object.keys(settings).map((setting) => `\`${setting}\``);
    return [`\`${name}\``, sentence(documentation), own.join(', ')];
  });
  return table(['strategy', 'what it does', 'settings of its own'], rows);
}

function metricTable(): string {
  const rows = metricNames.map((name) => {
    const { documentation, measure } = metrics[name];
    return [`\`${name}\``, sentence(documentation), measures[measure].unit, `\`${exampleLimit(name)}\``];
  });
  return table(['metric', 'what it is', 'kept in', 'a limit'], rows);
}

function dataTable(): string {
  const rows = dataFormatNames.map((name) => [`\`${formatAsWritten(name)}\``, datasets[name].reads]);
  return table(['`dataset`', 'what is read'], rows);
}

/** What is taken where nobody says a board or a runtime stands first: of these most was measured. */
const usual: readonly string[] = ['nucleo-f446re', 'tflm-cmsis-nn'];

/** Ids of the files of profiles, `nucleo-f446re`. */
function profilesIn(kind: 'boards' | 'runtimes' | 'kernels'): readonly string[] {
  const all = readdirSync(path.join(root, 'device-profiles', kind))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  return [...usual.filter((id) => all.includes(id)), ...all.filter((id) => !usual.includes(id))];
}

const identifier = (id: string): string => id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const importsOf = (...kinds: readonly Parameters<typeof profilesIn>[0][]): string =>
  kinds
    .flatMap((kind) =>
      profilesIn(kind).map(
        (id) => `import ${identifier(id)} from './${kind}/${id}.json' with { type: 'json' };`,
      ),
    )
    .join('\n');

const profileList = (kind: 'boards' | 'runtimes') => (): string => {
  const type = kind === 'boards' ? 'Board' : 'Runtime';
  const names = profilesIn(kind).map(identifier).join(', ');
  return `export const ${kind}: readonly ${type}[] = [${names}] as readonly unknown[] as readonly ${type}[];`;
};

function kernelFiles(): string {
  const entries = profilesIn('kernels').map((id) => `['${id}', ${identifier(id)}]`);
  return `const files: ReadonlyMap<string, unknown> = new Map<string, unknown>([${entries.join(', ')}]);`;
}

/** Costs of a trial, as a journal and the command line have them. */
const costsSchema = (amount: unknown) => ({
  type: 'object',
  additionalProperties: false,
  required: costMetrics.filter((name) => metrics[name].known),
  properties: Object.fromEntries(costMetrics.map((name) => [name, amount])),
});

/** The same, for those who read it elsewhere. */
const toldCosts = {
  ...costsSchema(undefined),
  properties: Object.fromEntries(
    costMetrics.map((name) => {
      const { documentation, measure } = metrics[name];
      return [
        name,
        { type: 'number', minimum: 0, description: `${documentation} In ${measures[measure].unit}.` },
      ];
    }),
  ),
};

const told = 'cli/schema/front.schema.json';

const textMate = 'grammar/syntaxes/nas.tmLanguage.json';
const runtimes = 'device-profiles/schema/runtime.schema.json';
const kernels = 'device-profiles/schema/kernels.schema.json';

/** What a key of a form may be: see `Form` in `device-profiles/types.ts`. */
function termPattern(): string {
  const name = `(${quantityNames.join('|')})`;
  const rest = `${name}(%[0-9]+)?`;
  const factor = `(${rest}|(floor|ceil)\\(${rest}/[0-9]+\\)|\\[${rest}(==|<)[0-9]+\\])`;
  return `^(1|${factor}(\\*${factor})*)$`;
}

const parts: readonly (TextPart | JsonPart | WholeFile)[] = [
  { file: 'grammar/layer-words.ts', source: layerWordsSource },
  { file: 'device-profiles/operator-names.ts', source: operatorNamesSource },
  { file: textMate, at: ['repository', 'layer', 'match'], value: layerPattern },
  { file: textMate, at: ['repository', 'parameter', 'match'], value: parameterPattern },
  { file: textMate, at: ['repository', 'function', 'match'], value: functionPattern },
  { file: textMate, at: ['repository', 'number', 'match'], value: numberPattern },
  { file: runtimes, at: ['definitions', 'operatorName', 'enum'], value: operatorNamesOfProfiles },
  { file: runtimes, at: ['definitions', 'quantity', 'enum'], value: () => quantityNames },
  { file: kernels, at: ['definitions', 'form', 'propertyNames', 'pattern'], value: termPattern },
  { file: runtimes, at: ['definitions', 'amounts', 'propertyNames', 'pattern'], value: termPattern },
  ...['amount', 'buffers'].map((name) => ({
    file: 'device-profiles/schema/interpreter.schema.json',
    at: ['definitions', name, 'propertyNames', 'pattern'],
    value: termPattern,
  })),
  {
    file: runtimes,
    at: ['properties', 'code', 'properties', 'perKind', 'propertyNames', 'enum'],
    value: pricedKinds,
  },
  {
    file: 'docs/language.md',
    name: 'operators',
    text: () => table(['layer', 'what it does', 'values (unless written)'], operatorRows()),
  },
  {
    file: 'docs/language.md',
    name: 'values of layers',
    text: () => table(['value', 'of', 'meaning'], valueRows()),
  },
  {
    file: 'device-profiles/index.ts',
    name: 'imports of profiles',
    text: () => importsOf('boards', 'runtimes'),
  },
  { file: 'device-profiles/kernels.ts', name: 'imports of kernels', text: () => importsOf('kernels') },
  { file: 'device-profiles/kernels.ts', name: 'kernels', text: kernelFiles },
  { file: 'device-profiles/index.ts', name: 'boards', text: profileList('boards') },
  { file: 'device-profiles/index.ts', name: 'runtimes', text: profileList('runtimes') },
  { file: 'docs/search.md', name: 'settings of a search', text: searchSettings },
  { file: 'docs/search.md', name: 'formats of data', text: dataTable },
  { file: 'docs/language.md', name: 'strategies', text: strategyTable },
  { file: 'docs/language.md', name: 'metrics', text: metricTable },
  {
    file: 'engine/search/run/schema/run.schema.json',
    at: ['definitions', 'metric', 'enum'],
    value: () => metricNames,
  },
  {
    file: 'engine/search/run/schema/journal.schema.json',
    at: ['definitions', 'cost'],
    value: () => costsSchema({ $ref: '#/definitions/amount' }),
  },
  ...['objectives', 'constraints'].map((goals) => ({
    file: told,
    at: ['properties', goals, 'items', 'properties', 'metric'],
    value: () => ({ enum: goals === 'objectives' ? mainMetrics : metricNames }),
  })),
  {
    file: told,
    at: ['definitions', 'trial', 'properties', 'costs', 'additionalProperties'],
    value: () => toldCosts,
  },
];

/** What every generated file should hold, by its path from the root. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const part of parts) {
    const place = path.join(root, part.file);
    const text = files.get(part.file) ?? (existsSync(place) ? readFileSync(place, 'utf8') : '');
    files.set(
      part.file,
      'source' in part ? part.source() : 'name' in part ? inText(text, part) : inJson(text, part),
    );
  }
  for (const [file, text] of files) {
    const options = await prettier.resolveConfig(path.join(root, file));
    files.set(file, await prettier.format(text, { ...options, filepath: file }));
  }
  return files;
}

function inText(text: string, { file, name, text: content }: TextPart): string {
  const mark = (word: string): string =>
    file.endsWith('.md') ? `<!-- ${word}: ${name} -->` : `// ${word}: ${name}`;
  const [start, end] = [mark('generated'), mark('end')];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`${file} lacks the lines ${start} and ${end}. Write them where it belongs.`);
  return `${text.slice(0, from + start.length)}\n\n${content()}\n\n${text.slice(to)}`;
}

function inJson(text: string, { file, at, value }: JsonPart): string {
  const whole = JSON.parse(text) as Record<string, unknown>;
  let place = whole;
  for (const key of at.slice(0, -1)) {
    const next = place[key];
    if (typeof next !== 'object' || next === null) throw new Error(`${file} has nothing at ${at.join('.')}.`);
    place = next as Record<string, unknown>;
  }
  const key = at.at(-1) ?? '';
  const before = place[key];
  const after = value(before);
  // The layout of everything else stays as it is.
  if (typeof before === 'string') return text.replace(JSON.stringify(before), () => JSON.stringify(after));
  place[key] = after;
  return JSON.stringify(whole, null, text.includes('{ "') ? undefined : 2);
}

if (import.meta.main) {
  for (const [file, text] of await generated()) {
    const place = path.join(root, file);
    if (existsSync(place) && readFileSync(place, 'utf8') === text) continue;
    writeFileSync(place, text);
    console.log(`Wrote ${file}.`);
  }
}
