/** What client and server tell each other they can do. */

import {
  CodeActionKind,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type ServerCapabilities,
} from 'vscode-languageserver';
import type { PositionEncoding } from '../analysis/lines.ts';
import type { CompletionClient } from '../features/completion-edits.ts';
import { completionTriggers } from '../features/completion.ts';
import { tokenModifiers, tokenTypes } from '../features/semantic-tokens.ts';

/** The client's capabilities that change what the server does. */
export interface ClientFeatures {
  readonly encoding: PositionEncoding;
  readonly pullDiagnostics: boolean;
  readonly configuration: boolean;
  readonly watchedFiles: boolean;
  /** Whether a watcher can name the folder that its pattern begins at. */
  readonly relativePatterns: boolean;
  /** Whether a link of a hover can run a command of ours: its experimental capability `nasturtiumCommandLinks`. */
  readonly commandLinks: boolean;
  readonly configurationChanges: boolean;
  readonly completion: CompletionClient;
  readonly refresh: {
    readonly diagnostics: boolean;
    readonly inlayHints: boolean;
    readonly codeLens: boolean;
    readonly semanticTokens: boolean;
  };
}

export function clientFeatures(client: ClientCapabilities): ClientFeatures {
  const { workspace, textDocument } = client;
  return {
    encoding: negotiate(client.general?.positionEncodings),
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    configuration: workspace?.configuration === true,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    relativePatterns: workspace?.didChangeWatchedFiles?.relativePatternSupport === true,
    commandLinks: has(client.experimental, 'nasturtiumCommandLinks'),
    configurationChanges: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    completion: {
      snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
      sharedRange: textDocument?.completion?.completionList?.itemDefaults?.includes('editRange') === true,
      insertReplace: textDocument?.completion?.completionItem?.insertReplaceSupport === true,
    },
    refresh: {
      diagnostics: workspace?.diagnostics?.refreshSupport === true,
      inlayHints: workspace?.inlayHint?.refreshSupport === true,
      codeLens: workspace?.codeLens?.refreshSupport === true,
      semanticTokens: workspace?.semanticTokens?.refreshSupport === true,
    },
  };
}

function has(experimental: unknown, name: string): boolean {
  return (
    typeof experimental === 'object' &&
    experimental !== null &&
    (experimental as Readonly<Record<string, unknown>>)[name] === true
  );
}

/** The client's first choice that the server speaks; UTF-16 must always be understood. */
function negotiate(offered: readonly string[] | undefined): PositionEncoding {
  for (const encoding of offered ?? []) if (encoding === 'utf-8' || encoding === 'utf-16') return encoding;
  return 'utf-16';
}

const filesAndFolders: { scheme: string; pattern: { glob: string; matches: 'file' | 'folder' } }[] = [
  { scheme: 'file', pattern: { glob: '**/*.nas', matches: 'file' } },
  { scheme: 'file', pattern: { glob: '**', matches: 'folder' } },
];

export function serverCapabilities(features: ClientFeatures): ServerCapabilities {
  return {
    positionEncoding: features.encoding,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
    ...(features.pullDiagnostics
      ? {
          diagnosticProvider: {
            identifier: 'nasturtium',
            interFileDependencies: true,
            workspaceDiagnostics: true,
          },
        }
      : {}),
    inlayHintProvider: { resolveProvider: true },
    hoverProvider: true,
    completionProvider: {
      triggerCharacters: [...completionTriggers],
      resolveProvider: true,
      completionItem: { labelDetailsSupport: true },
    },
    signatureHelpProvider: { triggerCharacters: ['(', ',', ' '], retriggerCharacters: [','] },
    definitionProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    documentHighlightProvider: true,
    linkedEditingRangeProvider: true,
    callHierarchyProvider: true,
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: { delta: true },
      range: true,
    },
    documentFormattingProvider: true,
    documentRangeFormattingProvider: { rangesSupport: true },
    documentOnTypeFormattingProvider: { firstTriggerCharacter: '}', moreTriggerCharacter: [';', '\n'] },
    codeLensProvider: { resolveProvider: true },
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.RefactorExtract,
        CodeActionKind.RefactorInline,
        CodeActionKind.RefactorRewrite,
        CodeActionKind.SourceFixAll,
        CodeActionKind.SourceOrganizeImports,
      ],
      resolveProvider: false,
    },
    documentLinkProvider: { resolveProvider: false },
    workspace: {
      workspaceFolders: { supported: true, changeNotifications: true },
      fileOperations: {
        willRename: { filters: filesAndFolders },
        didRename: { filters: filesAndFolders },
        didCreate: { filters: filesAndFolders },
        didDelete: { filters: filesAndFolders },
      },
    },
  };
}
