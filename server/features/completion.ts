/**
 * Completion: the grammar says what can stand at the cursor, each kind of thing is listed by
 * `completion-items.ts`. Nothing is offered in comments, so that an editor's own words can be.
 */

import { CompletionItemKind, type CompletionItem, type CompletionList } from 'vscode-languageserver-types';
import type { Declaration } from '../../grammar/ast.ts';
import { mainMetrics, metricNames, operators, type SettingForm, units } from '../../engine/space/index.ts';
import { expectedAt, type Expectation } from '../../grammar/index.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';
import { listFor, modernClient, type CompletionClient } from './completion-edits.ts';
import { formOf } from './documentation.ts';
import * as items from './completion-items.ts';
import { dataItems, importItems } from './completion-paths.ts';
import { boardNames, clocks, flagNames, runtimeNames } from './completion-targets.ts';
import * as values from './completion-values.ts';
import type { SettingPlace } from './completion-values.ts';

/** Characters that bring the list up by themselves, beside those of words. */
export const completionTriggers = ['"', '/', ',', '(', '{', '|', '>', '.', ' '] as const;

/** Where a blank brings the list up: there it begins one word of a few, and anywhere else it would be in the way. */
const afterBlank = new Set<Expectation['context']>([
  'follower',
  'merge',
  'propertyValue',
  'constraintBound',
  'objectiveMetric',
  'strategy',
  'datasetName',
  'quantization',
  'boardName',
]);

/** @param trigger the character that asked for the list, if no person did */
export function completions(
  snapshot: Snapshot,
  offset: number,
  workspace: Workspace,
  client: CompletionClient = modernClient,
  trigger?: string,
): CompletionList | null {
  const expected = expectedAt(snapshot.text, offset);
  if (expected.inComment) return null;
  const { expectations, inString } = expected;
  if (trigger === ' ' && (inString || !expectations.some(({ context }) => afterBlank.has(context))))
    return null;
  const setting = expectations.find((each) => each.context === 'propertyValue');
  const isConstant = expectations.some(
    (each) =>
      each.context === 'propertyValue' ||
      each.context === 'constraintSuffix' ||
      (each.context === 'argument' && (joining.has(each.callee) || naming.has(each.callee))),
  );
  const place: Place = { snapshot, offset, workspace, inString, setting, isConstant };
  const found = new Map<string, CompletionItem>();
  for (const expectation of expectations) {
    for (const item of itemsFor(expectation, place)) {
      // What was named first is likelier; the same word is not offered twice.
      if (!found.has(item.label)) found.set(item.label, item);
    }
  }
  if (found.size === 0) return null;
  return listFor([...found.values()], expected.word, offset, snapshot.lines, client);
}

interface Place {
  readonly snapshot: Snapshot;
  readonly offset: number;
  readonly workspace: Workspace;
  readonly inString: boolean;
  /** The setting whose value stands here. */
  readonly setting: SettingPlace | undefined;
  /** What stands here takes no names of values, functions or conditions. */
  readonly isConstant: boolean;
}

/** Layers that read the tensors named in the parentheses, and those that name them there. */
const listing = [...operators.values()].filter(({ tensors }) => tensors !== undefined);
const joining = new Set(listing.filter((info) => !info.makesTensors).map(({ name }) => name));
const naming = new Set(listing.filter((info) => info.makesTensors).map(({ name }) => name));

type Offer = {
  readonly [C in Expectation['context']]: (
    expectation: Extract<Expectation, { context: C }>,
    place: Place,
  ) => readonly CompletionItem[];
};

const { Keyword, Operator, EnumMember } = CompletionItemKind;

const inScope = ({ snapshot, offset }: Place): readonly CompletionItem[] => values.values(snapshot, offset);
const tensors = ({ snapshot, offset }: Place): readonly CompletionItem[] => values.tensors(snapshot, offset);
const layersAndBlocks = ({ snapshot, workspace }: Place): readonly CompletionItem[] => [
  ...items.layers(),
  ...items.blocks(snapshot, workspace),
];

/** What is offered for each thing that can stand at a place. */
const offer: Offer = {
  declaration: (_, { snapshot }) => items.declarations(snapshot),
  statement: (_, place) => [
    // `skip` is a statement and an option of a choice; here it is the statement.
    ...items.statements(),
    ...layersAndBlocks(place),
    ...items.importableBlocks(place.snapshot, place.workspace),
  ],
  operatorOption: (_, place) => layersAndBlocks(place),
  parameterName: ({ operator, used }) => items.layerParameters(operator, new Set(used)),
  parameterValue: ({ operator, parameter }, place) => [
    ...items.parameterValues(operator, parameter),
    ...(parameter === 'from' ? tensors(place) : inScope(place)),
  ],
  operatorOperand: ({ operator }, place) =>
    operator === 'from' ? tensors(place) : [...values.kernels(operator), ...inScope(place)],
  expression: (_, place) => (place.isConstant ? [] : inScope(place)),
  output: (_, place) => inScope(place),
  repeatCount: (_, place) => inScope(place),
  arrow: () => items.plain(['->'], Operator),
  follower: ({ operator, isOption, used }) =>
    items.followers(operator, isOption).filter(({ label }) => !used.includes(label)),
  modifier: ({ same }) => items.words(same ? ['same', 'when', 'unless'] : ['when', 'unless']),
  argument: ({ callee, name, named, index }, place) => {
    if (naming.has(callee)) return [];
    if (joining.has(callee)) return tensors(place);
    const names = name === undefined ? values.argumentNames(place.snapshot, callee, named, index) : [];
    return [...names, ...inScope(place)];
  },
  binaryOperator: ({ afterRange }, { isConstant }) =>
    isConstant ? [] : items.words(afterRange ? ['step', 'log', 'and', 'or'] : ['and', 'or', 'when', 'else']),
  unit: (_, { snapshot, offset, setting }) => values.unitNames(snapshot, offset, setting),
  merge: ({ of }) => items.plain(of === 'output' ? ['concat', 'add', 'last'] : ['add', 'concat'], EnumMember),
  cellItem: () => items.plain(['edge', 'limit', 'output'], Keyword),
  edgeEnds: () => items.plain(['each'], Keyword),
  propertyName: (expectation, { snapshot, offset }) => {
    const { path, declaration, used } = expectation;
    if (path.length > 0) return items.plain(innerSettings(expectation, used), CompletionItemKind.Property);
    const strategy = declarationAt(snapshot, offset, 'search')?.strategy?.name;
    return items.settings(declaration, new Set(used), strategy);
  },
  propertyValue: settingValues,
  constraintMetric: () => items.metrics(),
  objectiveMetric: ({ direction }) => items.metrics(direction),
  constraintBound: ({ metric }, { snapshot }) => values.limits(snapshot, metric),
  constraintOperator: ({ metric }) => [
    ...items.plain(['<', '<=', '>', '>='], Operator),
    ...items.furtherWords(metric, metricNames),
  ],
  objectiveDirection: () => items.plain(['max', 'min'], Keyword),
  objectiveSuffix: ({ metric = '' }) => [
    ...items.plain(['weight', 'on'], Keyword),
    ...items.furtherWords(metric, mainMetrics),
  ],
  constraintSuffix: () => items.plain(['on'], Keyword),
  strategy: () => items.strategies(),
  datasetName: () => items.datasets(),
  quantization: () => items.plain(['int8', 'int16x8'], EnumMember),
  sparsityOption: () => items.plain(['none', '2:4', 'channel'], EnumMember),
  boardName: (_, place) => (place.inString ? boards(place) : boards(place).map(quoted)),
  importPath: (_, { snapshot, workspace, offset, inString }) =>
    importItems(snapshot, workspace, offset, inString),
  stringArgument: ({ callee }, { snapshot, workspace, offset, inString }) =>
    dataItems(snapshot, workspace, offset, inString, callee),
  importName: ({ path, used }, { snapshot, workspace }) => items.importNames(snapshot, workspace, path, used),
};

function itemsFor(expectation: Expectation, place: Place): readonly CompletionItem[] {
  const make = offer[expectation.context] as (of: Expectation, place: Place) => readonly CompletionItem[];
  return make(expectation, place);
}

/** Behind `on` it is mostly one of the file's own boards, in a `target` another one. */
function boards({ snapshot, offset }: Place): readonly CompletionItem[] {
  const { declarations } = snapshot.parse.file;
  const inTarget = declarationAt(snapshot, offset, 'target') !== undefined;
  const declared = declarations.flatMap((each) =>
    each.kind === 'target' && each.board !== undefined ? [each.board.value] : [],
  );
  return boardNames(snapshot, new Set(inTarget ? [] : declared));
}

function declarationAt<K extends Declaration['kind']>(
  snapshot: Snapshot,
  offset: number,
  kind: K,
): Extract<Declaration, { kind: K }> | undefined {
  return snapshot.parse.file.declarations.find(
    (each): each is Extract<Declaration, { kind: K }> =>
      each.kind === kind && each.start <= offset && offset <= each.end,
  );
}

function settingValues(
  { declaration, path, name, index }: SettingPlace,
  place: Place,
): readonly CompletionItem[] {
  const { snapshot, offset } = place;
  if (index > 0) return restOfPhrase(formOf(declaration, path, name), index);
  if (declaration === 'target') {
    const target = declarationAt(snapshot, offset, 'target');
    const board = target?.board?.value;
    if (path[0] === 'runtime' && name === 'flags') return flagNames(snapshot, target);
    if (name === 'runtime') return runtimeNames(snapshot, board);
    if (name === 'clock') return clocks(snapshot, board);
  }
  if (declaration === 'dataset' && name === 'features')
    return items.plain(['mfcc', 'spectrogram'], CompletionItemKind.EnumMember);
  const form = formOf(declaration, path, name);
  if (form?.words !== undefined) {
    // `true` and `false` can be written; `on` and `off` say the same.
    const words = form.words.filter((word) => word !== 'true' && word !== 'false');
    return items.plain(words, CompletionItemKind.EnumMember);
  }
  return form === undefined ? [] : items.plain([form.example], CompletionItemKind.Value);
}

/** What goes on behind the first words and numbers of a phrase, as in its example: `at 3 V` behind `230 mAh`. */
function restOfPhrase(form: SettingForm | undefined, index: number): readonly CompletionItem[] {
  const rest = form?.phrase === undefined ? [] : form.example.split(' ').slice(index);
  const [next] = rest;
  return next === undefined || Object.hasOwn(units, next)
    ? []
    : items.plain([rest.join(' ')], CompletionItemKind.Value);
}

/** Settings in the braces of another one. */
function innerSettings(
  { declaration, path }: Pick<SettingPlace, 'declaration' | 'path'>,
  used: readonly string[],
): string[] {
  const form = formOf(declaration, path.slice(0, -1), path.at(-1) ?? '');
  return Object.keys(form?.inside ?? {}).filter((name) => !used.includes(name));
}

function quoted(item: CompletionItem): CompletionItem {
  return { ...item, insertText: `"${item.label}"`, filterText: `"${item.label}"` };
}
