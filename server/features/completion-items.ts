/** What completion can offer, one function per kind of thing. Documentation is filled in by resolving. */

import { CompletionItemKind, InsertTextFormat, type CompletionItem } from 'vscode-languageserver-types';
import {
  commonParameters,
  datasets as dataFormats,
  mainMetrics,
  metricNames,
  metrics as rowsOfMetrics,
  operators,
  runningStrategies,
  strategies as rows,
} from '../../engine/space/index.ts';
import type { Exported } from '../analysis/exports.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';
import { declarationWords, settingsOf, type SettingHolder, statementWords } from './documentation.ts';

/** What an item carries so that its documentation can be found later. */
export interface ItemData {
  readonly kind: 'word' | 'setting' | 'operator' | 'function' | 'board' | 'block' | 'metric' | 'strategy';
  readonly name: string;
  /** For settings the declaration, for blocks and boards the file. */
  readonly where?: string;
  /** For settings of a search. */
  readonly strategy?: string;
}

/**
 * Sorts what is made for the place first, then names in scope, then the language's own words, what needs an import,
 * and last what cannot be searched yet.
 */
export const order = { best: '0', scope: '1', operator: '2', word: '3', far: '4', later: '5' } as const;

export function item(
  label: string,
  kind: CompletionItemKind,
  rank: string,
  data: ItemData | undefined,
  extra: Partial<CompletionItem> = {},
): CompletionItem {
  return { label, kind, sortText: rank + label, ...(data === undefined ? {} : { data }), ...extra };
}

export function snippet(text: string): Partial<CompletionItem> {
  return { insertText: text, insertTextFormat: InsertTextFormat.Snippet };
}

const declarationSnippets: Readonly<Record<string, string>> = {
  import: 'import { $1 } from "${2:./blocks.nas}"',
  target: 'target "$1"',
  dataset: 'dataset ${1:fashion-mnist}',
  block: 'block ${1:Name}(${2:out}) {\n  $0\n}',
  cell: 'cell ${1:Name} {\n  edge each <- {none | skip | $0}\n  output concat\n}',
  space: 'space ${1:name} {\n  $0\n}',
  quantize: 'quantize int8',
  sparsity: 'sparsity {none | $1}',
  constraints: 'constraints {\n  $0\n}',
  objectives: 'objectives {\n  max accuracy\n  $0\n}',
  search: 'search ${1:nsga2} {\n  trials ${2:100}\n  seed ${3:1}\n}',
};

/** A whole search to begin from. The one place of a board in it is that of most measurements. */
const skeleton = `target "\${1:nucleo-f446re}" { runtime tflm + cmsis-nn }
dataset \${2:fashion-mnist}

space \${3:net} {
  conv 3x3 -> {8 | 16 | 24} stride 2, bn, relu
  conv 3x3 -> {16 | 32 | 64} stride 2, bn, relu x1..3
  $0
  gap; dense -> classes
}

quantize int8
constraints { ram < \${4:8} KB; flash < \${5:64} KB; latency < \${6:20} ms }
objectives { max accuracy; min latency }
search nsga2 { population 16; trials 100; seed 7 }
`;

/** Declarations that a file has once; the others may be repeated. */
const single = new Set(['dataset', 'quantize', 'sparsity', 'constraints', 'objectives', 'search']);

/** Keywords of the top of a file: first what it has not got yet, in the order in which files are written. */
export function declarations({ parse }: Snapshot): CompletionItem[] {
  const written = new Set<string>(parse.file.declarations.map(({ kind }) => kind));
  const keywords = Object.entries(declarationWords).map(([name, info], index) =>
    item(
      name,
      CompletionItemKind.Keyword,
      `${written.has(name) && single.has(name) ? order.far : order.word}${String.fromCharCode(97 + index)}`,
      { kind: 'word', name },
      {
        ...snippet(declarationSnippets[name] ?? name),
        labelDetails: { description: info.text },
      },
    ),
  );
  if (written.has('space')) return keywords;
  const whole = item('whole search', CompletionItemKind.Snippet, order.best, undefined, {
    ...snippet(skeleton),
    filterText: 'whole search space target',
    labelDetails: { description: 'target, dataset, space, limits and strategy' },
    documentation: 'A search space with all that a search needs, to be changed as you like.',
  });
  return [whole, ...keywords];
}

const statementSnippets: Readonly<Record<string, string>> = {
  let: 'let ${1:name} = {$0}',
  tie: 'tie ${1:name} = {$0}',
  require: 'require $0',
  choice: 'choice {\n  ${1:a}: $2\n  ${3:b}: $0\n}',
  branches: 'branches ${1|add,concat|} {\n  ${2:a}: $3\n  ${4:b}: $0\n}',
  skip: 'skip ${1|add,concat|}',
};

export function statements(): CompletionItem[] {
  return Object.keys(statementSnippets).map((name) =>
    item(
      name,
      CompletionItemKind.Keyword,
      order.word,
      { kind: 'word', name },
      snippet(statementSnippets[name] ?? name),
    ),
  );
}

/** Words that may follow a layer: `when`, `unless`, `same`. */
export function words(names: readonly string[]): CompletionItem[] {
  return names.map((name) =>
    item(
      name,
      CompletionItemKind.Keyword,
      order.word,
      name in statementWords ? { kind: 'word', name } : undefined,
    ),
  );
}

/** What networks for microcontrollers are made of, most frequent first. */
const frequent = ['conv', 'dwconv', 'dense', 'gap', 'maxpool', 'avgpool', 'add'];

function rankOf(name: string, later: boolean): string {
  if (later) return order.later;
  const index = frequent.indexOf(name);
  return order.operator + (index === -1 ? '~' : String(index));
}

export function layers(): CompletionItem[] {
  return [...operators.values()].map((info) =>
    item(
      info.name,
      CompletionItemKind.Method,
      rankOf(info.name, info.later),
      { kind: 'operator', name: info.name },
      {
        ...snippet(info.snippet),
        ...(info.later ? { labelDetails: { description: 'not priced yet' } } : {}),
      },
    ),
  );
}

export function followers(layer: string | undefined, isOption: boolean): CompletionItem[] {
  const known = operators.get(layer ?? '')?.followers ?? operators.get('conv')?.followers ?? [];
  const names = isOption ? [...known, 'none'] : known;
  // In the order in which they may stand, the usual ones first.
  return names.map((name, index) =>
    item(
      name,
      CompletionItemKind.Method,
      `${order.best}${String(index).padStart(2, '0')}`,
      { kind: 'operator', name },
      snippet(operators.get(name)?.snippet ?? name),
    ),
  );
}

export function layerParameters(layer: string | undefined, written: ReadonlySet<string>): CompletionItem[] {
  const own = operators.get(layer ?? '')?.parameters ?? [];
  return [...own, ...commonParameters]
    .filter(({ name }) => !written.has(name))
    .map(({ name, documentation, default: byDefault, words: choices }) =>
      item(name, CompletionItemKind.Property, order.scope, undefined, {
        ...snippet(choices === undefined ? `${name} $0` : `${name} \${1|${choices.join(',')}|}`),
        documentation,
        ...(byDefault === undefined ? {} : { labelDetails: { detail: ` = ${byDefault}` } }),
      }),
    );
}

/** Words that a parameter takes, such as `same` and `valid` of `padding`. */
export function parameterValues(layer: string | undefined, parameter: string): CompletionItem[] {
  const info = operators.get(layer ?? '')?.parameters.find(({ name }) => name === parameter);
  return (info?.words ?? []).map((word) => item(word, CompletionItemKind.EnumMember, order.best, undefined));
}

/** Blocks and cells of the file and of its imports. */
export function blocks(snapshot: Snapshot, workspace: Workspace): CompletionItem[] {
  const own = snapshot.exports.map((each) => block(each, snapshot.uri, order.scope));
  const imported = snapshot.parse.file.declarations.flatMap((declaration) => {
    if (declaration.kind !== 'import' || declaration.path === undefined) return [];
    const source = workspace.snapshot(workspace.resolve(snapshot.uri, declaration.path.value));
    if (source === undefined) return [];
    return source.exports.flatMap(({ name, parameters }) => {
      const imported = declaration.names?.find((each) => each.name.name === name);
      if (declaration.names !== undefined && imported === undefined) return [];
      return [block({ name: imported?.alias?.name ?? name, parameters }, source.uri, order.scope)];
    });
  });
  return [...own, ...imported];
}

/** Blocks of other files of the workspace, which bring their import along. */
export function importableBlocks(snapshot: Snapshot, workspace: Workspace): CompletionItem[] {
  const taken = new Set(blocks(snapshot, workspace).map(({ label }) => label));
  return workspace.all().flatMap((uri) => {
    const source = uri === snapshot.uri ? undefined : workspace.snapshot(uri);
    const specifier = relativePath(snapshot.uri, uri);
    if (source === undefined || specifier === undefined || snapshot.imports.includes(uri)) return [];
    return source.exports
      .filter(({ name }) => !taken.has(name))
      .map(({ name, parameters }) => ({
        ...block({ name, parameters }, uri, order.far),
        labelDetails: { description: specifier },
        additionalTextEdits: [
          {
            range: snapshot.lines.range(importPlace(snapshot)),
            newText: `import { ${name} } from "${specifier}"\n`,
          },
        ],
      }));
  });
}

function block({ name, parameters }: Exported, uri: string, rank: string): CompletionItem {
  const required = parameters.filter(({ isRequired }) => isRequired);
  const places = required.map((parameter, index) => `\${${index + 1}:${parameter.name}}`);
  const all = parameters.map(({ text }) => text).join(', ');
  return item(
    name,
    CompletionItemKind.Function,
    rank,
    { kind: 'block', name, where: uri },
    {
      ...snippet(places.length === 0 ? name : `${name}(${places.join(', ')})`),
      labelDetails: { detail: all === '' ? '' : `(${all})` },
    },
  );
}

/** After the last import, else at the top. */
function importPlace(snapshot: Snapshot): { start: number; end: number } {
  const last = snapshot.parse.file.declarations.findLast(({ kind }) => kind === 'import');
  const at = last === undefined ? 0 : snapshot.lines.startOf(snapshot.lines.lineAt(last.end) + 1);
  return { start: at, end: at };
}

/** `./blocks.nas`; `undefined` across drives or schemes. */
export function relativePath(from: string, to: string): string | undefined {
  const [here, there] = [from.split('/'), to.split('/')];
  let shared = 0;
  while (shared < here.length - 1 && here[shared] === there[shared]) shared++;
  if (shared < 3) return undefined;
  const up = here.length - 1 - shared;
  const down = there.slice(shared).map(decodeURIComponent).join('/');
  return up === 0 ? `./${down}` : `${'../'.repeat(up)}${down}`;
}

export function settings(
  of: SettingHolder,
  written: ReadonlySet<string>,
  strategy: string | undefined,
): CompletionItem[] {
  return Object.entries(settingsOf(of, strategy))
    .filter(([name]) => !written.has(name))
    .map(([name, { example }]) =>
      item(
        name,
        CompletionItemKind.Property,
        order.scope,
        { kind: 'setting', name, where: of, ...(strategy === undefined ? {} : { strategy }) },
        snippet(`${name} \${1:${example.replaceAll('}', '\\}')}}`),
      ),
    );
}

export function metrics(direction?: 'max' | 'min'): CompletionItem[] {
  // An objective is the arena or the model file: what comes on top hardly changes from one network to the next.
  const names = direction === undefined ? metricNames : mainMetrics;
  return names.map((name) => {
    const { better } = rowsOfMetrics[name];
    const unlikely = direction !== undefined && (direction === 'max') !== (better === 'higher');
    return item(name, CompletionItemKind.Property, unlikely ? order.far : order.scope, {
      kind: 'metric',
      name,
    });
  });
}

/** What goes on behind the first words of a metric: `total` behind `flash`. */
export function furtherWords(begun: string, of: readonly string[]): CompletionItem[] {
  const longer = of.filter((name) => begun !== '' && name.startsWith(`${begun} `));
  return plain(
    longer.map((name) => name.slice(begun.length + 1)),
    CompletionItemKind.Keyword,
  );
}

export function strategies(): CompletionItem[] {
  return runningStrategies.map((name) =>
    item(
      name,
      CompletionItemKind.EnumMember,
      order.scope,
      { kind: 'strategy', name },
      {
        labelDetails: { description: rows[name].summary },
      },
    ),
  );
}

export function plain(names: readonly string[], kind: CompletionItemKind): CompletionItem[] {
  return names.map((name) => item(name, kind, order.scope, undefined));
}

export function datasets(): CompletionItem[] {
  return Object.entries(dataFormats).map(([name, { snippet: text, documentation }]) =>
    item(name, CompletionItemKind.Value, order.scope, undefined, {
      ...snippet(text),
      labelDetails: { description: documentation },
    }),
  );
}

/** What the imported file offers; of all files while its path is not written. */
export function importNames(
  snapshot: Snapshot,
  workspace: Workspace,
  path: string | undefined,
  used: readonly string[],
): CompletionItem[] {
  const uris =
    path === undefined
      ? workspace.all().filter((uri) => uri !== snapshot.uri)
      : [workspace.resolve(snapshot.uri, path)];
  return uris.flatMap((uri) => {
    const source = workspace.snapshot(uri);
    if (source === undefined) return [];
    return source.exports
      .filter(({ name }) => !used.includes(name))
      .map(({ name }) =>
        item(name, CompletionItemKind.Function, order.scope, { kind: 'block', name, where: uri }),
      );
  });
}
