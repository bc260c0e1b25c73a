/**
 * The table of requests: method -> phase of the document that it needs -> handler. A handler turns parameters
 * into offsets, calls one feature and turns its answer into what LSP expects; nothing else happens here.
 */

import * as lsp from 'vscode-languageserver';
import type { Position, WorkspaceSymbol } from 'vscode-languageserver-types';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from '../features/call-hierarchy.ts';
import { codeActions } from '../features/code-actions.ts';
import { codeLenses, lensPlace } from '../features/code-lens.ts';
import { completions } from '../features/completion.ts';
import { resolveCompletion } from '../features/completion-documentation.ts';
import { definition } from '../features/definition.ts';
import { foldingRanges } from '../features/folding.ts';
import { formatDocument, formatOnType, formatRanges } from '../features/formatting.ts';
import { hover } from '../features/hover.ts';
import { hintUri, inlayHints, resolveInlayHint } from '../features/inlay-hints.ts';
import { linkedEditing } from '../features/linked-editing.ts';
import { documentLinks } from '../features/links.ts';
import { documentHighlights, references } from '../features/references.ts';
import { prepareRename, Refusal, rename } from '../features/rename.ts';
import { renameFiles } from '../features/rename-files.ts';
import { selectionRanges } from '../features/selection.ts';
import { signatureHelp } from '../features/signature.ts';
import { documentSymbols, workspaceSymbols } from '../features/symbols.ts';
import { documentReport, workspaceReport } from './diagnostics.ts';
import type { LensWorker } from './lenses.ts';
import {
  spaceInfoMethod,
  type ExplainedHoverParams,
  type SpaceInfoParams,
  type SpaceInfoResult,
} from './protocol.ts';
import { onDocument, onRequest, reach, type DocumentContext, type Route } from './scheduler.ts';
import { spaceInfo } from './space-info.ts';
import { TokenMemory, tokensWithin } from './tokens.ts';

const spaceInfoRequest = new lsp.ProtocolRequestType<
  SpaceInfoParams,
  SpaceInfoResult | null,
  never,
  void,
  void
>(spaceInfoMethod);

/** Every request that the server answers, beside those of the life cycle. */
export function routes(lenses: LensWorker): Route[] {
  const tokens = new TokenMemory();
  return [
    // Problems
    onDocument(
      lsp.DocumentDiagnosticRequest.type,
      'cost',
      { kind: lsp.DocumentDiagnosticReportKind.Full, items: [] },
      ({ session, snapshot }, params) => documentReport(session, snapshot, params.previousResultId),
    ),
    onRequest(lsp.WorkspaceDiagnosticRequest.type, 'cost', (session, params, slices) =>
      workspaceReport(session, params.previousResultIds, slices),
    ),

    // Costs in the text
    onDocument(lsp.InlayHintRequest.type, 'cost', null, ({ session, snapshot }, params) =>
      inlayHints(snapshot, snapshot.lines.span(params.range), session.settings),
    ),
    onRequest(lsp.InlayHintResolveRequest.type, 'cost', (session, hint) =>
      resolveInlayHint(session.workspace.snapshot(hintUri(hint) ?? ''), hint, {
        links: session.client.commandLinks,
        explained: false,
      }),
    ),
    onDocument(lsp.HoverRequest.type, 'cost', null, (context, params) =>
      hover(context.snapshot, offsetOf(context, params), context.session.workspace, {
        links: context.session.client.commandLinks,
        explained: (params as ExplainedHoverParams).explained === true,
      }),
    ),
    onDocument(lsp.CodeLensRequest.type, 'meaning', null, ({ session, snapshot }) =>
      session.settings.codeLens ? codeLenses(snapshot) : [],
    ),
    onRequest(lsp.CodeLensResolveRequest.type, 'cost', (session, lens) => {
      const place = lensPlace(lens);
      return lenses.resolve(lens, session.workspace.snapshot(place?.uri ?? ''));
    }),
    onDocument(spaceInfoRequest, 'cost', null, ({ session, snapshot }) =>
      spaceInfo(snapshot, session.settings, (space) => lenses.sharesOf(space)),
    ),

    // Writing
    onDocument(lsp.CompletionRequest.type, 'tree', null, (context, params) => {
      const { snapshot, session } = context;
      return completions(
        snapshot,
        offsetOf(context, params),
        session.workspace,
        session.client.completion,
        params.context?.triggerCharacter,
      );
    }),
    onRequest(lsp.CompletionResolveRequest.type, 'text', (session, item) =>
      resolveCompletion(item, session.workspace),
    ),
    onDocument(lsp.SignatureHelpRequest.type, 'tree', null, (context, params) =>
      signatureHelp(context.snapshot, offsetOf(context, params)),
    ),
    onDocument(lsp.CodeActionRequest.type, 'cost', null, ({ session, snapshot }, params) =>
      codeActions(snapshot, snapshot.lines.span(params.range), params.context, session.settings),
    ),
    onDocument(lsp.DocumentFormattingRequest.type, 'tree', null, ({ snapshot }, params) =>
      formatDocument(snapshot, params.options),
    ),
    onDocument(lsp.DocumentRangeFormattingRequest.type, 'tree', null, ({ snapshot }, params) =>
      formatRanges(snapshot, [params.range], params.options),
    ),
    onDocument(lsp.DocumentRangesFormattingRequest.type, 'tree', null, ({ snapshot }, params) =>
      formatRanges(snapshot, params.ranges, params.options),
    ),
    onDocument(lsp.DocumentOnTypeFormattingRequest.type, 'tree', null, ({ snapshot }, params) =>
      formatOnType(snapshot, snapshot.lines.offsetAt(params.position), params.ch, params.options),
    ),

    // Names
    onDocument(
      lsp.DefinitionRequest.type,
      'meaning',
      null,
      (context, params) =>
        definition(context.session.workspace, context.snapshot, offsetOf(context, params)) ?? null,
    ),
    onDocument(
      lsp.ReferencesRequest.type,
      'meaning',
      null,
      (context, params) =>
        references(
          context.session.workspace,
          context.snapshot,
          offsetOf(context, params),
          params.context.includeDeclaration,
        ) ?? null,
    ),
    onDocument(
      lsp.DocumentHighlightRequest.type,
      'meaning',
      null,
      (context, params) => documentHighlights(context.snapshot, offsetOf(context, params)) ?? null,
    ),
    onDocument(lsp.PrepareRenameRequest.type, 'meaning', null, (context, params) =>
      refusable(() => prepareRename(context.session.workspace, context.snapshot, offsetOf(context, params))),
    ),
    onDocument(lsp.RenameRequest.type, 'meaning', null, (context, params) =>
      refusable(() =>
        rename(context.session.workspace, context.snapshot, offsetOf(context, params), params.newName),
      ),
    ),
    onRequest(lsp.WillRenameFilesRequest.type, 'tree', ({ workspace }, { files }) =>
      renameFiles(workspace, files),
    ),
    onDocument(
      lsp.LinkedEditingRangeRequest.type,
      'meaning',
      null,
      (context, params) =>
        linkedEditing(context.session.workspace, context.snapshot, offsetOf(context, params)) ?? null,
    ),
    onDocument(
      lsp.CallHierarchyPrepareRequest.type,
      'meaning',
      null,
      (context, params) =>
        prepareCallHierarchy(context.session.workspace, context.snapshot, offsetOf(context, params)) ?? null,
    ),
    onRequest(lsp.CallHierarchyIncomingCallsRequest.type, 'meaning', ({ workspace }, { item }) =>
      incomingCalls(workspace, item),
    ),
    onRequest(lsp.CallHierarchyOutgoingCallsRequest.type, 'tree', ({ workspace }, { item }) =>
      outgoingCalls(workspace, item),
    ),

    // The shape of a file
    onDocument(lsp.DocumentSymbolRequest.type, 'tree', null, ({ snapshot }) => documentSymbols(snapshot)),
    onRequest(lsp.WorkspaceSymbolRequest.type, 'tree', async (session, params, slices) => {
      const found: WorkspaceSymbol[] = [];
      for (const uri of session.workspace.all()) {
        const asked = session.workspace.snapshot(uri);
        if (asked === undefined) continue;
        found.push(...workspaceSymbols(await reach(session, asked, 'tree', slices), params.query));
      }
      return found;
    }),
    onDocument(lsp.FoldingRangeRequest.type, 'tree', null, ({ snapshot }) => foldingRanges(snapshot)),
    onDocument(lsp.SelectionRangeRequest.type, 'tree', null, ({ snapshot }, params) =>
      selectionRanges(snapshot, params.positions),
    ),
    onDocument(lsp.DocumentLinkRequest.type, 'tree', null, ({ session, snapshot }) =>
      documentLinks(session.workspace, snapshot),
    ),

    // Colours
    onDocument(lsp.SemanticTokensRequest.type, 'meaning', null, ({ snapshot }) => tokens.full(snapshot)),
    onDocument(lsp.SemanticTokensDeltaRequest.type, 'meaning', null, ({ snapshot }, params) =>
      tokens.delta(snapshot, params.previousResultId),
    ),
    onDocument(lsp.SemanticTokensRangeRequest.type, 'meaning', null, ({ snapshot }, params) =>
      tokensWithin(snapshot, snapshot.lines.span(params.range)),
    ),
  ];
}

function offsetOf({ snapshot }: DocumentContext, params: { readonly position: Position }): number {
  return snapshot.lines.offsetAt(params.position);
}

/** A refusal is an answer, not a fault: its sentence reaches the person and no stack the log. */
function refusable<R>(work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) throw new lsp.ResponseError(lsp.LSPErrorCodes.RequestFailed, error.message);
    throw error;
  }
}
