/** Resolving a completion: the documentation of the item that is selected, found by what the item carries. */

import { isMetric, markdownBlock, markdownLines, metrics, strategyRow } from '../../engine/space/index.ts';
import { MarkupKind, type CompletionItem } from 'vscode-languageserver-types';
import type { Workspace } from '../analysis/workspace.ts';
import type { ItemData } from './completion-items.ts';
import { boardDetails } from './completion-targets.ts';
import {
  declarationWords,
  example,
  functionDocumentation,
  operatorDocumentation,
  settingDocumentation,
  type SettingHolder,
  statementWords,
} from './documentation.ts';
import { commentAbove, declarationText } from './hover-name.ts';

export function resolveCompletion(item: CompletionItem, workspace: Workspace): CompletionItem {
  const markdown = documentation(item.data as Partial<ItemData> | undefined, workspace);
  if (markdown === undefined) return item;
  return { ...item, documentation: { kind: MarkupKind.Markdown, value: markdown } };
}

function documentation(data: Partial<ItemData> | undefined, workspace: Workspace): string | undefined {
  const name = data?.name;
  if (name === undefined) return undefined;
  switch (data?.kind) {
    case 'operator':
      return operatorDocumentation(name);
    case 'function':
      return functionDocumentation(name);
    case 'board':
      return boardDetails(workspace.snapshot(data.where ?? ''), name);
    case 'metric':
      return isMetric(name) ? metrics[name].documentation : undefined;
    case 'strategy':
      return strategyRow(name)?.documentation;
    case 'word': {
      const info = declarationWords[name] ?? statementWords[name];
      return info === undefined ? undefined : example(info);
    }
    case 'setting':
      return settingDocumentation(data.where as SettingHolder, name, data.strategy);
    case 'block':
      return data.where === undefined ? undefined : blockDocumentation(name, data.where, workspace);
    default:
      return undefined;
  }
}

function blockDocumentation(name: string, uri: string, workspace: Workspace): string | undefined {
  const snapshot = workspace.snapshot(uri);
  const declaration = snapshot?.parse.file.declarations.find(
    (each) => (each.kind === 'block' || each.kind === 'cell') && each.name?.name === name,
  );
  if (declaration === undefined || !('name' in declaration) || declaration.name === undefined)
    return undefined;
  const symbol = {
    name,
    kind: declaration.kind === 'cell' ? ('cell' as const) : ('block' as const),
    definition: { file: uri, span: declaration.name },
    values: undefined,
    documentation: undefined,
  };
  const head = declarationText(symbol, workspace) ?? name;
  const comment = commentAbove(symbol, workspace);
  return [markdownBlock(head, 'nas'), ...(comment === undefined ? [] : [markdownLines(comment)])].join(
    '\n\n',
  );
}
