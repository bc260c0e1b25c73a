/**
 * Completion: the grammar says what can stand at the cursor, each kind of thing is listed by
 * `completion-items.ts`. Nothing is offered in comments, so that an editor's own words can be.
 */

import { CompletionItemKind, type CompletionItem, type CompletionList } from 'vscode-languageserver-types';
import { expectedAt, type Expectation } from '../../grammar/index.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';
import * as items from './completion-items.ts';
import { pathItems } from './completion-paths.ts';
import { boardNames, runtimeNames } from './completion-targets.ts';

/** Characters that bring the list up by themselves, beside those of words. */
export const completionTriggers = ['"', '/', ',', '(', '{', '|', '>', '.'] as const;

export function completions(snapshot: Snapshot, offset: number, workspace: Workspace): CompletionList | null {
  const expected = expectedAt(snapshot.text, offset);
  if (expected.inComment) return null;
  const place: Place = { snapshot, offset, workspace, inString: expected.inString };
  const found = new Map<string, CompletionItem>();
  for (const expectation of expected.expectations) {
    for (const item of itemsFor(expectation, place)) {
      // What was named first is likelier; the same word is not offered twice.
      if (!found.has(item.label)) found.set(item.label, item);
    }
  }
  if (found.size === 0) return null;
  return {
    isIncomplete: false,
    itemDefaults: { editRange: snapshot.lines.range(expected.word) },
    items: [...found.values()],
  };
}

interface Place {
  readonly snapshot: Snapshot;
  readonly offset: number;
  readonly workspace: Workspace;
  readonly inString: boolean;
}

function itemsFor(expectation: Expectation, place: Place): readonly CompletionItem[] {
  const { snapshot, offset, workspace } = place;
  switch (expectation.context) {
    case 'declaration':
      return items.declarations();
    case 'statement':
      return [
        ...items.layers(),
        ...items.blocks(snapshot, workspace),
        ...items.statements(),
        ...items.importableBlocks(snapshot, workspace),
      ];
    case 'operatorOption':
      return [...items.layers(), ...items.blocks(snapshot, workspace)];
    case 'parameterName':
      return items.layerParameters(expectation.operator, new Set(expectation.used));
    case 'parameterValue':
      return [
        ...items.parameterValues(expectation.operator, expectation.parameter),
        ...items.values(snapshot, offset),
      ];
    case 'operatorOperand':
    case 'output':
    case 'expression':
    case 'repeatCount':
      return items.values(snapshot, offset);
    case 'arrow':
      return items.plain(['->'], CompletionItemKind.Operator);
    case 'follower':
      return items.followers(expectation.operator).filter(({ label }) => !expectation.used.includes(label));
    case 'modifier':
      return items.words(expectation.same ? ['same', 'when', 'unless'] : ['when', 'unless']);
    case 'argument':
      return [
        ...(expectation.name === undefined
          ? items.argumentNames(snapshot, expectation.callee, expectation.named)
          : []),
        ...items.values(snapshot, offset),
      ];
    case 'binaryOperator':
      return items.words(expectation.afterRange ? ['step', 'log', 'and', 'or'] : ['and', 'or']);
    case 'unit':
      return items.unitNames();
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
        ? []
        : items.settings(expectation.declaration, new Set(expectation.used));
    case 'propertyValue':
      return settingValues(expectation, place);
    case 'constraintMetric':
    case 'objectiveMetric':
      return items.metrics();
    case 'constraintOperator':
      return items.plain(['<', '<=', '>', '>='], CompletionItemKind.Operator);
    case 'objectiveDirection':
      return items.plain(['max', 'min'], CompletionItemKind.Keyword);
    case 'objectiveSuffix':
      return items.plain(['weight', 'on'], CompletionItemKind.Keyword);
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
      return place.inString ? boardNames(snapshot) : boardNames(snapshot).map(quoted);
    case 'importPath':
      return pathItems(place.snapshot, place.workspace, offset, place.inString, '.nas');
    case 'stringArgument':
      return pathItems(place.snapshot, place.workspace, offset, place.inString, '');
    case 'importName':
      return items.importNames(snapshot, workspace, expectation.path, expectation.used);
    case 'label':
    case 'newName':
    case 'constraintBound':
      return [];
  }
}

function settingValues(
  { declaration, name, index }: Extract<Expectation, { context: 'propertyValue' }>,
  { snapshot, offset }: Place,
): readonly CompletionItem[] {
  if (declaration === 'target' && name === 'runtime' && index === 0) {
    const target = snapshot.parse.file.declarations.find(
      (each) => each.kind === 'target' && each.start <= offset && offset <= each.end,
    );
    return runtimeNames(snapshot, target?.kind === 'target' ? target.board?.value : undefined);
  }
  if (declaration === 'dataset' && name === 'features' && index === 0) {
    return items.plain(['mfcc', 'spectrogram'], CompletionItemKind.EnumMember);
  }
  return [];
}

function quoted(item: CompletionItem): CompletionItem {
  return { ...item, insertText: `"${item.label}"`, filterText: `"${item.label}"` };
}
