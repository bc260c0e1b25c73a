/** The front views: one per run, kept up to date while its search runs, restored after a reload of the window. */

import * as vscode from 'vscode';
import { reasonOf } from '../../engine/files/index.ts';
import { noResults, type Run } from '../history/run.ts';
import { sourceOf, titleOf, type RunStore } from '../history/run-store.ts';
import type { Searches } from '../search/searches.ts';
import { readFromPage, type FromPage, type ToPage } from './messages.ts';
import { openPage } from '../webview-page.ts';
import { frontBody } from './page.ts';
import { frontState } from './to-state.ts';

const viewType = 'nasturtium.front';
/** Least time between two updates of a view: a search can finish many small trials in a second. */
const updateMs = 400;

export class FrontPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly extension: vscode.ExtensionContext;
  private readonly runs: RunStore;
  private readonly searches: Searches;
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  private readonly due = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(extension: vscode.ExtensionContext, runs: RunStore, searches: Searches) {
    this.extension = extension;
    this.runs = runs;
    this.searches = searches;
    this.subscriptions = [
      runs.onDidChange((folder) => this.schedule(folder)),
      searches.onDidChange(() => this.schedule(searches.active?.folder)),
      vscode.window.registerWebviewPanelSerializer(viewType, this),
    ];
  }

  show(run: Run): void {
    const open = this.panels.get(run.folder);
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      viewType,
      vscode.l10n.t('Front: {0}', titleOf(run)),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      {},
    );
    this.adopt(panel, run.folder);
  }

  /** The run whose front is being looked at. */
  get activeRun(): string | undefined {
    return [...this.panels].find(([, panel]) => panel.active)?.[0];
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const folder =
      typeof state === 'object' && state !== null && 'run' in state && typeof state.run === 'string'
        ? state.run
        : undefined;
    const run = folder === undefined ? undefined : (this.runs.find(folder) ?? (await this.runs.add(folder)));
    if (run === undefined) panel.dispose();
    else this.adopt(panel, run.folder);
  }

  private adopt(panel: vscode.WebviewPanel, folder: string): void {
    this.panels.set(folder, panel);
    panel.iconPath = new vscode.ThemeIcon('graph-scatter');
    const { webview } = panel;
    webview.onDidReceiveMessage((value: unknown) => {
      const message = readFromPage(value);
      if (message !== undefined) void this.obey(message, folder);
    });
    panel.onDidDispose(() => {
      clearTimeout(this.due.get(folder));
      this.due.delete(folder);
      this.panels.delete(folder);
    });
    openPage(webview, this.extension, { name: 'front', title: panel.title, body: frontBody });
  }

  private async obey(message: FromPage, folder: string): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.update(folder);
        break;
      case 'open':
        await vscode.commands.executeCommand('nasturtium.openArchitecture', {
          run: folder,
          trial: message.trial,
        });
        break;
      case 'export':
        await vscode.commands.executeCommand('nasturtium.export', { run: folder, trial: message.trial });
        break;
      case 'stop':
        await vscode.commands.executeCommand('nasturtium.stop');
        break;
      case 'resume':
        await vscode.commands.executeCommand('nasturtium.resume', { run: folder });
        break;
    }
  }

  /** Soon, and once for all that happens until then. */
  private schedule(folder: string | undefined): void {
    if (folder === undefined || !this.panels.has(folder) || this.due.has(folder)) return;
    this.due.set(
      folder,
      setTimeout(() => {
        this.due.delete(folder);
        void this.update(folder);
      }, updateMs),
    );
  }

  private async update(folder: string): Promise<void> {
    const run = this.runs.find(folder);
    if (run === undefined) return;
    const progress = this.searches.progressOf(run);
    const show = async (message: ToPage): Promise<void> => {
      await this.panels.get(folder)?.webview.postMessage(message);
    };
    try {
      const results = await this.runs.resultsOf(run);
      await show({ type: 'state', state: frontState(run, sourceOf(run).name, results, progress) });
    } catch (error) {
      const statusText = reasonOf(error);
      const state = frontState(run, sourceOf(run).name, noResults, {
        status: 'failed',
        statusText,
        seen: true,
      });
      await show({ type: 'state', state });
    }
  }

  dispose(): void {
    for (const timer of this.due.values()) clearTimeout(timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
