/**
 * How a request runs: the phases that it needs are computed one slice at a time, then its handler is called. One
 * handler that fails is one failed request: the client gets the server's stack, the log too, and the server
 * lives on.
 */

import * as lsp from 'vscode-languageserver';
import { Cancelled, Slices } from '../analysis/slices.ts';
import { Overdue } from '../analysis/turn.ts';
import type { Phase, Snapshot } from '../analysis/snapshot.ts';
import { log } from './log.ts';
import type { Session } from './session.ts';

/** A request that takes longer is felt, and worth a line in the log. */
const slowMs = 50;

/** What a handler of a document's request is given. */
export interface DocumentContext {
  readonly session: Session;
  readonly snapshot: Snapshot;
  readonly slices: Slices;
}

/** One line of the table of requests. */
export interface Route {
  readonly method: string;
  readonly needs: Phase;
  register(session: Session): void;
}

interface HasDocument {
  readonly textDocument: { readonly uri: string };
}

/** A request about one document. `absent` answers for documents that the server cannot read. */
export function onDocument<P extends HasDocument, R, PR, E, RO>(
  type: lsp.ProtocolRequestType<P, R, PR, E, RO>,
  needs: Phase,
  absent: R,
  handle: (context: DocumentContext, params: P) => R | Promise<R>,
): Route {
  return onRequest(type, needs, async (session, params, slices) => {
    const asked = session.workspace.snapshot(documentUri(params));
    if (asked === undefined) return absent;
    const snapshot = await reach(session, asked, needs, slices);
    return handle({ session, snapshot, slices }, params);
  });
}

/** A request about no document, or about all. */
export function onRequest<P, R, PR, E, RO>(
  type: lsp.ProtocolRequestType<P, R, PR, E, RO>,
  needs: Phase,
  handle: (session: Session, params: P, slices: Slices) => R | Promise<R>,
): Route {
  return {
    method: type.method,
    needs,
    register(session) {
      const answer = async (params: P, token: lsp.CancellationToken): Promise<R> => {
        session.rest.begin();
        session.workspace.turn?.begin();
        const start = performance.now();
        try {
          const { annex } = session;
          const place = placeOf(params);
          if (annex !== undefined && isForAnnex(session, type.method, place))
            return (await annex.request(type.method, params, start, place, token)) as R;
          try {
            return await handle(session, params, new Slices(token));
          } catch (error) {
            if (!(error instanceof Overdue) || annex === undefined) throw error;
            // What is asked about needs a document that takes too long here.
            annex.take(place ?? error.uri);
            return (await annex.request(type.method, params, start, place, token)) as R;
          }
        } catch (error) {
          throw failure(session, type.method, error);
        } finally {
          session.rest.end();
          const ms = performance.now() - start;
          log(session, ms > slowMs ? 'debug' : 'trace', `${type.method} took ${ms.toFixed(1)} ms`);
        }
      };
      // LSP lets a handler answer nothing where a result may be null; the compiler cannot see that R includes it.
      session.connection.onRequest(type, answer as lsp.RequestHandler<P, R, E>);
    },
  };
}

/** Requests whose answer rests on documents that they do not name. */
const wide: ReadonlySet<string> = new Set([
  lsp.ReferencesRequest.method,
  lsp.RenameRequest.method,
  lsp.WillRenameFilesRequest.method,
  lsp.CallHierarchyIncomingCallsRequest.method,
  lsp.WorkspaceSymbolRequest.method,
]);

function isForAnnex({ workspace, isOwn }: Session, method: string, place: string | undefined): boolean {
  if (place !== undefined && !isOwn(place)) return true;
  return wide.has(method) && workspace.known().some(({ uri }) => !isOwn(uri));
}

/** The document that a request is about: of its own, or kept in what the server gave the client to send back. */
function placeOf(params: unknown): string | undefined {
  const { textDocument, data, item } = (params ?? {}) as Readonly<
    Record<'textDocument' | 'data' | 'item', { readonly uri?: unknown; readonly where?: unknown } | undefined>
  >;
  const place = textDocument?.uri ?? data?.uri ?? data?.where ?? item?.uri;
  return typeof place === 'string' ? place : undefined;
}

/**
 * Computes the phases of a document up to `needs`, giving way between steps and before what rests on them. Returns the
 * document as it is then, which has the text that was asked about and may be one where another file has changed.
 */
export async function reach(
  session: Session,
  asked: Snapshot,
  needs: Phase,
  slices: Slices,
): Promise<Snapshot> {
  const { workspace } = session;
  let snapshot = asked;
  let steps = asked.steps(needs);
  if (needs === 'cost' && asked.derived.costs === undefined) session.priced(asked.uri);
  await slices.pause();
  for (;;) {
    const now = workspace.snapshot(asked.uri);
    // Somebody typed while this request waited: an answer for the old text would be thrown away.
    if (now === undefined || now.version !== asked.version)
      throw new lsp.ResponseError(
        lsp.LSPErrorCodes.ContentModified,
        'The text has changed since the request.',
      );
    if (now !== snapshot) steps = now.steps(needs);
    snapshot = now;
    do {
      if (steps.next().done !== true) continue;
      workspace.turn?.begin();
      workspace.makeRoom();
      return snapshot;
    } while (!slices.isUsedUp);
    await slices.pause();
  }
}

/** A message without a document is the client's mistake: say so instead of failing somewhere inside. */
function documentUri(params: HasDocument): string {
  const uri: unknown = (params as Partial<HasDocument> | null | undefined)?.textDocument?.uri;
  if (typeof uri === 'string') return uri;
  throw new lsp.ResponseError(lsp.ErrorCodes.InvalidParams, 'The request lacks textDocument.uri.');
}

export function failure(session: Session, method: string, error: unknown): lsp.ResponseError<unknown> {
  if (error instanceof lsp.ResponseError) return error as lsp.ResponseError<unknown>;
  if (error instanceof Cancelled)
    return new lsp.ResponseError(lsp.LSPErrorCodes.RequestCancelled, error.message);
  const stack = fault(session, method, error);
  return new lsp.ResponseError(
    lsp.ErrorCodes.InternalError,
    `The server failed to answer ${method}. ${stack}`,
  );
}

/** Runs a notification's handler; a failure is logged and goes no further. */
export function guarded(session: Session, what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    fault(session, what, error);
  }
}

/** Logs what went wrong. Returns it with the place in the code. */
export function fault(session: Session, what: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log(session, 'error', `${what} failed: ${stack}`);
  return stack;
}
