/** Starts the language server as a process of its own and starts it again when asked. */

import * as vscode from 'vscode';
import { HoverRequest, LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import type { ExplainedHoverParams, SpaceInfoParams, SpaceInfoResult } from '../server/lsp/protocol.ts';
import { architectureScheme } from './architectures.ts';
import { setCondition } from './conditions.ts';
import type { Log } from './log.ts';
import { ProfileProblems } from './profile-problems.ts';

const stateWords: Readonly<Record<State, string>> = {
  [State.Stopped]: 'stopped',
  [State.Running]: 'running',
  [State.Starting]: 'starting',
  [State.StartFailed]: 'not able to start',
};

export class NasLanguageServer implements vscode.Disposable {
  private readonly client: LanguageClient;
  private readonly profileProblems = new ProfileProblems();
  private explained: { readonly file: string; readonly at: vscode.Position } | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  /** The server has started, stopped or failed. */
  readonly onDidChangeState = this.changed.event;

  constructor(extension: vscode.ExtensionContext, log: Log) {
    const module = vscode.Uri.joinPath(extension.extensionUri, 'dist/server.cjs').fsPath;
    // Ours alone, and cleared with the extension: code that runs must come from nowhere else.
    const env = { NASTURTIUM_CODE_CACHE: extension.globalStorageUri.fsPath };
    this.client = new LanguageClient(
      'nasturtium',
      'Nasturtium Language Server',
      {
        run: { module, transport: TransportKind.ipc, options: { env } },
        debug: {
          module,
          transport: TransportKind.ipc,
          options: { env, execArgv: ['--nolazy', '--inspect=6009'] },
        },
      },
      {
        documentSelector: [
          { language: 'nas', scheme: 'file' },
          { language: 'nas', scheme: 'untitled' },
          { language: 'nas', scheme: 'vscode-vfs' },
          { language: 'nas', scheme: architectureScheme },
        ],
        outputChannel: log.channel,
        initializationOptions: () => ({ trusted: vscode.workspace.isTrusted }),
        middleware: {
          handleDiagnostics: this.profileProblems.handle,
          provideHover: (document, position, token) => this.hover(document, position, token),
        },
        // Links in hovers run nothing but what we put there.
        markdown: { isTrusted: { enabledCommands: ['nasturtium.costs', 'nasturtium.explain'] } },
      },
    );
    this.client.registerFeature({
      fillClientCapabilities: (capabilities) => {
        capabilities.experimental = {
          ...(capabilities.experimental as object | undefined),
          nasturtiumCommandLinks: true,
        };
      },
      initialize: () => undefined,
      getState: () => ({ kind: 'static' }),
      clear: () => undefined,
    });
    this.client.onDidChangeState(({ newState }) => {
      log.info(`The language server is ${stateWords[newState]}.`);
      setCondition('serverRunning', newState === State.Running);
      this.changed.fire();
    });
  }

  /** The next hover at this place holds all that is known, until one at another place has been asked for. */
  explainAt(file: string, line: number, character: number): void {
    this.explained = { file: vscode.Uri.parse(file).toString(), at: new vscode.Position(line, character) };
  }

  private async hover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null | undefined> {
    const { client } = this;
    const explained = this.explained?.file === document.uri.toString() && this.explained.at.isEqual(position);
    if (!explained) this.explained = undefined;
    const place = client.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
    const params: ExplainedHoverParams = { ...place, explained };
    try {
      const found = await client.sendRequest(HoverRequest.type, params, token);
      return client.protocol2CodeConverter.asHover(found);
    } catch (error) {
      return client.handleFailedRequest(HoverRequest.type, token, error, null);
    }
  }

  /** The person trusts the workspace: data may be looked for. */
  trusted(): void {
    if (this.client.state === State.Running) void this.client.sendNotification('nasturtium/trusted');
  }

  get state(): 'starting' | 'running' | 'stopped' {
    switch (this.client.state) {
      case State.Running:
        return 'running';
      case State.Starting:
      case State.StartFailed:
        return 'starting';
      case State.Stopped:
        return 'stopped';
    }
  }

  start(): Promise<void> {
    return this.client.start();
  }

  async restart(): Promise<void> {
    if (this.client.needsStop()) await this.client.stop();
    await this.client.start();
  }

  /** What is known of the spaces of a document; `undefined` while the server is not running. */
  async spaceInfo(uri: vscode.Uri): Promise<SpaceInfoResult | undefined> {
    if (this.client.state !== State.Running) return undefined;
    const params: SpaceInfoParams = { textDocument: { uri: uri.toString() } };
    return this.client.sendRequest<SpaceInfoResult>('nasturtium/spaceInfo', params).catch(() => undefined);
  }

  dispose(): void {
    this.changed.dispose();
    this.profileProblems.dispose();
    void this.client.dispose();
  }
}
