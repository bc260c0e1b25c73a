/** A server and a client in one process, over streams in memory, with files that a test can change. */

import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { LspClient } from '../../test/lsp-client.ts';
import { installedSettings } from '../lsp/installation.ts';
import { startServer, type Host } from '../lsp/server.ts';
import { filesOf } from './fixture.ts';

/** @param files texts by URI; the server sees later changes as it sees those of a disk. */
export function connect(t: TestContext, files = new Map<string, string>(), host: Host = {}): LspClient {
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  const connection = createConnection(ProposedFeatures.all, toServer, fromServer);
  startServer(connection, filesOf(files), installedSettings(import.meta.filename), host);
  const client = new LspClient(toServer, fromServer);
  t.after(async () => {
    // What waits for a pause must not find the connection gone.
    await client.request('shutdown', undefined);
    connection.dispose();
  });
  return client;
}

/** What a client says that follows files and is told to ask again. */
export const watching = {
  workspace: {
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    diagnostics: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    codeLens: { refreshSupport: true },
  },
  textDocument: { diagnostic: {} },
};

export const root = { workspaceFolders: [{ uri: 'file:///w', name: 'w' }] };

/** A change of a file outside the editor. */
export function touched(client: LspClient, uri: string, type: 1 | 2 | 3 = 2): void {
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });
}
