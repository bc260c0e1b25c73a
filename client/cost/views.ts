/**
 * The Cost Views of the window: the editor of `.tflite` files, and a page beside a `.nas` text for the memory of its
 * space. Reading either starts nothing but our own command line and writes nothing, so it works without trust.
 */

import * as vscode from 'vscode';
import type { CommandLine } from '../search/command-line.ts';
import { openPage } from '../webview-page.ts';
import { readChoice, type Choice } from './messages.ts';
import { costBody } from './page.ts';
import { CostSession, type Drawn } from './session.ts';
import { modelSource, spaceSource, type CostSource } from './sources.ts';

export const editorType = 'nasturtium.cost';
const panelType = 'nasturtium.spaceCost';
/** The board that was looked at last, which the next model begins with. */
const memoryKey = 'nasturtium.costChoice';

const anyChoice: Choice = { board: undefined, runtime: undefined, architecture: 'max' };

export class CostViews
  implements vscode.CustomReadonlyEditorProvider, vscode.WebviewPanelSerializer, vscode.Disposable
{
  private readonly extension: vscode.ExtensionContext;
  private readonly commandLine: CommandLine;
  private readonly sessions = new Map<vscode.WebviewPanel, CostSession>();
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(extension: vscode.ExtensionContext, commandLine: CommandLine) {
    this.extension = extension;
    this.commandLine = commandLine;
    this.subscriptions = [
      vscode.window.registerCustomEditorProvider(editorType, this, {
        supportsMultipleEditorsPerDocument: true,
        webviewOptions: { enableFindWidget: true },
      }),
      vscode.window.registerWebviewPanelSerializer(panelType, this),
    ];
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const remembered = readChoice(this.extension.workspaceState.get(memoryKey)) ?? anyChoice;
    this.adopt(panel, modelSource(uri), remembered, (choice) => {
      void this.extension.workspaceState.update(memoryKey, choice);
    });
  }

  /** The memory of a space, beside its text. */
  showSpace(uri: vscode.Uri, space: string | undefined): void {
    const key = `${uri.toString()}#${space ?? ''}`;
    const open = this.panels.get(key);
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      panelType,
      vscode.l10n.t('Cost: {0}', space ?? vscode.workspace.asRelativePath(uri)),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableFindWidget: true },
    );
    this.adoptSpace(panel, uri, space, anyChoice);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved =
      typeof state === 'object' && state !== null ? (state as Readonly<Record<string, unknown>>) : {};
    const { uri, space } = saved;
    if (typeof uri === 'string') {
      const choice = readChoice(saved['choice']) ?? anyChoice;
      this.adoptSpace(panel, vscode.Uri.parse(uri), typeof space === 'string' ? space : undefined, choice);
    } else panel.dispose();
    return Promise.resolve();
  }

  /** What the view in front has drawn; `undefined` when there is none, or nothing yet. */
  get shownInFront(): Drawn | undefined {
    return [...this.sessions].find(([panel]) => panel.active)?.[1].shown;
  }

  private adoptSpace(
    panel: vscode.WebviewPanel,
    uri: vscode.Uri,
    space: string | undefined,
    choice: Choice,
  ): void {
    const key = `${uri.toString()}#${space ?? ''}`;
    this.panels.set(key, panel);
    panel.onDidDispose(() => this.panels.delete(key));
    this.adopt(panel, spaceSource(uri, space), choice, () => undefined);
  }

  private adopt(
    panel: vscode.WebviewPanel,
    source: CostSource,
    choice: Choice,
    remember: (choice: Choice) => void,
  ): void {
    panel.iconPath = new vscode.ThemeIcon('dashboard');
    const { webview } = panel;
    const session = new CostSession({
      webview,
      source,
      commandLine: this.commandLine,
      choice,
      remember,
    });
    this.sessions.set(panel, session);
    panel.onDidDispose(() => {
      this.sessions.delete(panel);
      session.dispose();
    });
    openPage(webview, this.extension, { name: 'cost', title: source.title, body: costBody });
  }

  dispose(): void {
    for (const session of this.sessions.values()) session.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
