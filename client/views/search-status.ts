/** The running search in the status bar. */

import * as vscode from 'vscode';
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
    const { standing } = this.searches;
    this.item.text = `$(sync~spin) ${standing}`;
    this.item.tooltip = vscode.l10n.t('Searching {0}. Click to see the front.', active.title);
    this.item.accessibilityInformation = {
      label: vscode.l10n.t('Searching {0}: {1}', active.title, standing),
    };
    this.item.show();
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }
}
