/**
 * Problems on their way to the client. A client that pulls asks when it wants to know; to others they are pushed
 * as soon as the notifications that arrived together have been applied.
 */

import { createHash } from 'node:crypto';
import * as lsp from 'vscode-languageserver';
import type { Diagnostic } from 'vscode-languageserver-types';
import { diagnose } from '../diagnostics/index.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { Slices } from '../analysis/slices.ts';
import { Overdue } from '../analysis/turn.ts';
import { fault, reach } from './scheduler.ts';
import type { Session } from './session.ts';

/** The report of a document; `unchanged` when it equals the one that the client named. */
export function documentReport(
  session: Session,
  snapshot: Snapshot,
  previous: string | undefined,
): lsp.DocumentDiagnosticReport {
  const items = diagnose(snapshot, session.settings);
  const resultId = identity(items);
  snapshot.derived.report = { settings: session.settings, resultId };
  return resultId === previous
    ? { kind: lsp.DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: lsp.DocumentDiagnosticReportKind.Full, resultId, items };
}

export async function workspaceReport(
  session: Session,
  previous: readonly { readonly uri: string; readonly value: string }[],
  slices: Slices,
): Promise<lsp.WorkspaceDiagnosticReport> {
  const before = new Map(previous.map(({ uri, value }) => [uri, value]));
  const items: lsp.WorkspaceDocumentDiagnosticReport[] = [];
  const gone = new Set(before.keys());
  for (const uri of session.workspace.all()) {
    const snapshot = session.workspace.snapshot(uri);
    if (snapshot === undefined) continue;
    gone.delete(uri);
    if (!session.isOwn(uri)) {
      const report = await reportOfLong(session, uri, before.get(uri));
      if (report !== undefined) items.push({ uri, version: snapshot.version ?? null, ...report });
      continue;
    }
    const place = { uri, version: snapshot.version ?? null };
    const told = before.get(uri);
    const { report } = snapshot.derived;
    // Clients ask every few seconds: what was let go is not worked out again to say that it is as it was.
    const isKnown = !snapshot.holdsMore && report?.settings === session.settings;
    if (isKnown && told !== undefined && report.resultId === told) {
      items.push({ ...place, kind: lsp.DocumentDiagnosticReportKind.Unchanged, resultId: told });
      continue;
    }
    const isLookedAt = snapshot.holdsMore;
    try {
      const reached = await reach(session, snapshot, 'cost', slices);
      items.push({ ...place, ...documentReport(session, reached, told) });
      if (!isLookedAt) reached.letGo();
    } catch (error) {
      if (!(error instanceof Overdue)) throw error;
      session.annex?.take(uri);
      const report = await reportOfLong(session, uri, told);
      if (report !== undefined) items.push({ ...place, ...report });
    }
  }
  // A client keeps the problems of a file until it hears that there are none, also when the file has been deleted.
  for (const uri of gone)
    items.push({ uri, version: null, kind: lsp.DocumentDiagnosticReportKind.Full, items: [] });
  return { items };
}

/** What the thread for long documents says; nothing while it is at work. */
async function reportOfLong(
  session: Session,
  uri: string,
  previous: string | undefined,
): Promise<lsp.DocumentDiagnosticReport | undefined> {
  const params: lsp.DocumentDiagnosticParams = {
    textDocument: { uri },
    ...(previous === undefined ? {} : { previousResultId: previous }),
  };
  const { method } = lsp.DocumentDiagnosticRequest;
  try {
    return (await session.annex?.request(method, params, performance.now(), uri)) as
      lsp.DocumentDiagnosticReport | undefined;
  } catch (error) {
    if (error instanceof lsp.ResponseError) return undefined;
    throw error;
  }
}

/** Equal for equal lists, so that a client keeps what it shows. */
function identity(items: readonly Diagnostic[]): string {
  return createHash('sha1').update(JSON.stringify(items)).digest('base64url');
}

/** Pushes the problems of documents that changed, once per turn of the event loop. */
export class Publisher {
  readonly #session: Session;
  readonly #waiting = new Set<string>();
  #isPublishing = false;
  #isStopped = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The document (and with `importers` all that import it) may have other problems than before. */
  changed(uri: string): void {
    if (this.#session.client.pullDiagnostics) return;
    if (!this.#isPublishing) setImmediate(() => void this.#publish());
    this.#isPublishing = true;
    // Behind all others, also when it is in the middle of being published.
    this.#waiting.delete(uri);
    this.#waiting.add(uri);
    for (const importer of this.#session.workspace.importersOf(uri)) this.#waiting.add(importer.uri);
  }

  /** Nobody listens any more, also to what is being worked out. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Everything may be different: settings or files outside the editor have changed. */
  allChanged(): void {
    if (this.#session.client.pullDiagnostics) {
      if (this.#session.client.refresh.diagnostics) {
        void this.#session.connection.sendRequest(lsp.DiagnosticRefreshRequest.type).catch(() => undefined);
      }
      return;
    }
    for (const snapshot of this.#session.workspace.opened()) this.changed(snapshot.uri);
  }

  /** The same text has other problems than before, since more is known of it. */
  renewed(uri: string): void {
    if (this.#session.client.pullDiagnostics) this.allChanged();
    else this.changed(uri);
  }

  closed(uri: string): void {
    this.#waiting.delete(uri);
    if (!this.#session.client.pullDiagnostics) {
      void this.#session.connection.sendDiagnostics({ uri, diagnostics: [] });
    }
  }

  /** Gives way between documents; those that change meanwhile have their turn too. */
  async #publish(): Promise<void> {
    const { workspace, connection, isOwn } = this.#session;
    const slices = new Slices({ isCancellationRequested: false });
    for (const uri of this.#waiting) {
      this.#waiting.delete(uri);
      if (!workspace.isOpen(uri) || !isOwn(uri)) continue;
      const snapshot = workspace.snapshot(uri);
      const diagnostics = snapshot === undefined ? undefined : await this.#problemsOf(snapshot, slices);
      if (this.#isStopped) return;
      if (snapshot === undefined || diagnostics === undefined) continue;
      const version = snapshot.version === undefined ? {} : { version: snapshot.version };
      void connection.sendDiagnostics({ uri, ...version, diagnostics });
    }
    this.#isPublishing = false;
  }

  /** `undefined` when they are told by a thread, or of a later version of the text. */
  async #problemsOf(snapshot: Snapshot, slices: Slices): Promise<Diagnostic[] | undefined> {
    try {
      return diagnose(await reach(this.#session, snapshot, 'cost', slices), this.#session.settings);
    } catch (error) {
      if (error instanceof Overdue) this.#session.annex?.take(snapshot.uri);
      else if (!(error instanceof lsp.ResponseError)) fault(this.#session, 'Publishing diagnostics', error);
      return undefined;
    }
  }
}
