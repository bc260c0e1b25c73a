/** The running search in the status bar. */

import * as vscode from 'vscode';
import type { Searches } from '../search/searches.ts';

export function showSearchStatus(searches: Searches): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('nasturtium.search', vscode.StatusBarAlignment.Left);
  item.name = vscode.l10n.t('Nasturtium Search');
  item.command = 'nasturtium.showFront';
  const update = (): void => {
    const { active, standing } = searches;
    if (active === undefined) {
      item.hide();
      return;
    }
    item.text = `$(sync~spin) ${standing}`;
    item.tooltip = vscode.l10n.t('Searching {0}. Click to see the front.', active.title);
    item.accessibilityInformation = {
      label: vscode.l10n.t('Searching {0}: {1}', active.title, standing),
    };
    item.show();
  };
  return vscode.Disposable.from(searches.onDidChange(update), item);
}
