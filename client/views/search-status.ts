/** The running search in the status bar and as a notification with its progress. */

import * as vscode from 'vscode';
import { describeStanding } from '../search/describe.ts';
import type { Searches } from '../search/searches.ts';

export class SearchStatus implements vscode.Disposable {
  private readonly searches: Searches;
  private readonly item: vscode.StatusBarItem;
  private readonly subscription: vscode.Disposable;

  constructor(searches: Searches) {
    this.searches = searches;
    this.item = vscode.window.createStatusBarItem('nasturtium.search', vscode.StatusBarAlignment.Left);
    this.item.name = vscode.l10n.t('Nasturtium Search');
    this.item.command = 'nasturtium.showFront';
    this.subscription = searches.onDidChange(() => this.update());
  }

  private update(): void {
    const { active } = this.searches;
    if (active === undefined) {
      this.item.hide();
      return;
    }
    const standing = describeStanding(active.standing);
    this.item.text = `$(sync~spin) ${standing}`;
    this.item.tooltip = vscode.l10n.t('Searching {0}. Click to see the front.', active.title);
    this.item.accessibilityInformation = {
      label: vscode.l10n.t('Searching {0}: {1}', active.title, standing),
    };
    this.item.show();
  }

  /** A notification until the search ends; its Cancel stops the search. */
  notify(title: string): void {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Searching {0}', title),
      cancellable: true,
    };
    void vscode.window.withProgress(options, async (progress, cancelled) => {
      let shown = 0;
      const tell = (): void => {
        const { active } = this.searches;
        if (active === undefined) return;
        const { done, trials } = active.standing;
        const share = trials === undefined || trials === 0 ? 0 : (done / trials) * 100;
        progress.report({ message: describeStanding(active.standing), increment: share - shown });
        shown = share;
      };
      const subscription = this.searches.onDidChange(tell);
      cancelled.onCancellationRequested(() => void this.searches.stop());
      tell();
      await this.searches.ended();
      subscription.dispose();
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }
}
