/**
 * Completion: the grammar says what can stand at the cursor, each kind of thing is listed by
 * `completion-items.ts`. Nothing is offered in comments, so that an editor's own words can be.
 */

import { CompletionItemKind, type CompletionItem, type CompletionList } from 'vscode-languageserver-types';
import type { Declaration } from '../../grammar/ast.ts';
import { mainMetrics, metricNames, operators } from '../../engine/space/index.ts';
import { expectedAt, type Expectation } from '../../grammar/index.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';
import { listFor, modernClient, type CompletionClient } from './completion-edits.ts';
import { settingsOf } from './documentation.ts';
import * as items from './completion-items.ts';
import { dataItems, importItems } from './completion-paths.ts';
import { boardNames, clocks, flagNames, runtimeNames } from './completion-targets.ts';
import * as values from './completion-values.ts';

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

type SettingPlace = Extract<Expectation, { context: 'propertyValue' }>;

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

function itemsFor(expectation: Expectation, place: Place): readonly CompletionItem[] {
  const { snapshot, offset, workspace } = place;
  switch (expectation.context) {
    case 'declaration':
      return items.declarations(snapshot);
    case 'statement':
      return [
        // `skip` is a statement and an option of a choice; here it is the statement.
        ...items.statements(),
        ...items.layers(),
        ...items.blocks(snapshot, workspace),
        ...items.importableBlocks(snapshot, workspace),
      ];
    case 'operatorOption':
      return [...items.layers(), ...items.blocks(snapshot, workspace)];
    case 'parameterName':
      return items.layerParameters(expectation.operator, new Set(expectation.used));
    case 'parameterValue':
      return [
        ...items.parameterValues(expectation.operator, expectation.parameter),
        ...(expectation.parameter === 'from'
          ? values.tensors(snapshot, offset)
          : values.values(snapshot, offset)),
      ];
    case 'operatorOperand':
      return expectation.operator === 'from'
        ? values.tensors(snapshot, offset)
        : [...values.kernels(expectation.operator), ...values.values(snapshot, offset)];
    case 'expression':
      return place.isConstant ? [] : values.values(snapshot, offset);
    case 'output':
    case 'repeatCount':
      return values.values(snapshot, offset);
    case 'arrow':
      return items.plain(['->'], CompletionItemKind.Operator);
    case 'follower':
      return items
        .followers(expectation.operator, expectation.isOption)
        .filter(({ label }) => !expectation.used.includes(label));
    case 'modifier':
      return items.words(expectation.same ? ['same', 'when', 'unless'] : ['when', 'unless']);
    case 'argument':
      if (naming.has(expectation.callee)) return [];
      return joining.has(expectation.callee)
        ? values.tensors(snapshot, offset)
        : [
            ...(expectation.name === undefined
              ? values.argumentNames(snapshot, expectation.callee, expectation.named, expectation.index)
              : []),
            ...values.values(snapshot, offset),
          ];
    case 'binaryOperator':
      if (place.isConstant) return [];
      return items.words(
        expectation.afterRange ? ['step', 'log', 'and', 'or'] : ['and', 'or', 'when', 'else'],
      );
    case 'unit':
      return values.unitNames(snapshot, offset, place.setting);
    case 'merge':
      return items.plain(
        expectation.of === 'output' ? ['concat', 'add', 'last'] : ['add', 'concat'],
        CompletionItemKind.EnumMember,
      );
    case 'cellItem':
      return items.plain(['edge', 'limit', 'output'], CompletionItemKind.Keyword);
    case 'edgeEnds':
      return items.plain(['each'], CompletionItemKind.Keyword);
    case 'propertyName':
      return expectation.path.length > 0
        ? items.plain(innerSettings(expectation, expectation.used), CompletionItemKind.Property)
        : items.settings(
            expectation.declaration,
            new Set(expectation.used),
            declarationAt(snapshot, offset, 'search')?.strategy?.name,
          );
    case 'propertyValue':
      return settingValues(expectation, place);
    case 'constraintMetric':
      return items.metrics();
    case 'objectiveMetric':
      return items.metrics(expectation.direction);
    case 'constraintBound':
      return values.limits(snapshot, expectation.metric);
    case 'constraintOperator':
      return [
        ...items.plain(['<', '<=', '>', '>='], CompletionItemKind.Operator),
        ...items.furtherWords(expectation.metric, metricNames),
      ];
    case 'objectiveDirection':
      return items.plain(['max', 'min'], CompletionItemKind.Keyword);
    case 'objectiveSuffix':
      return [
        ...items.plain(['weight', 'on'], CompletionItemKind.Keyword),
        ...items.furtherWords(expectation.metric ?? '', mainMetrics),
      ];
    case 'constraintSuffix':
      return items.plain(['on'], CompletionItemKind.Keyword);
    case 'strategy':
      return items.strategies();
    case 'datasetName':
      return items.datasets();
    case 'quantization':
      return items.plain(['int8', 'int16x8'], CompletionItemKind.EnumMember);
    case 'sparsityOption':
      return items.plain(['none', '2:4', 'channel'], CompletionItemKind.EnumMember);
    case 'boardName':
      return place.inString ? boards(place) : boards(place).map(quoted);
    case 'importPath':
      return importItems(snapshot, workspace, offset, place.inString);
    case 'stringArgument':
      return dataItems(snapshot, workspace, offset, place.inString, expectation.callee);
    case 'importName':
      return items.importNames(snapshot, workspace, expectation.path, expectation.used);
    case 'label':
    case 'newName':
      return [];
  }
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
  if (index > 0) return [];
  if (declaration === 'target') {
    const target = declarationAt(snapshot, offset, 'target');
    const board = target?.board?.value;
    if (path[0] === 'runtime' && name === 'flags') return flagNames(snapshot, target);
    if (name === 'runtime') return runtimeNames(snapshot, board);
    if (name === 'clock') return clocks(snapshot, board);
  }
  if (declaration === 'dataset' && name === 'features')
    return items.plain(['mfcc', 'spectrogram'], CompletionItemKind.EnumMember);
  const form = settingsOf(declaration)[name];
  if (form?.words !== undefined) {
    // `true` and `false` can be written; `on` and `off` say the same.
    const words = form.words.filter((word) => word !== 'true' && word !== 'false');
    return items.plain(words, CompletionItemKind.EnumMember);
  }
  return form === undefined ? [] : items.plain([form.example], CompletionItemKind.Value);
}

/** Settings in the braces of another one. */
function innerSettings(
  { declaration, path }: Pick<SettingPlace, 'declaration' | 'path'>,
  used: readonly string[],
): string[] {
  const [outer = ''] = path;
  return Object.keys(settingsOf(declaration)[outer]?.inside ?? {}).filter((name) => !used.includes(name));
}

function quoted(item: CompletionItem): CompletionItem {
  return { ...item, insertText: `"${item.label}"`, filterText: `"${item.label}"` };
}
