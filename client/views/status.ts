/** What the editor shows at its edge: of a `.nas` file its language status, and the search that runs. */

import type { NasLanguageServer } from '../language-server.ts';
import type { Walkthrough } from '../walkthrough.ts';
import * as vscode from 'vscode';
import type { Searches } from '../search/searches.ts';

/** How long the text has to rest before the status asks again. */
const restMs = 500;

/** Whether the server runs, and how many architectures the file in the editor holds. */
export function showLanguageStatus(server: NasLanguageServer, walkthrough: Walkthrough): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('nasturtium.server', { language: 'nas' });
  item.name = 'Nasturtium';
  const update = async (): Promise<void> => {
    const { state } = server;
    item.busy = state === 'starting';
    if (state !== 'running') {
      item.text = state === 'starting' ? vscode.l10n.t('Starting') : vscode.l10n.t('Stopped');
      item.severity =
        state === 'stopped' ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
      item.detail = vscode.l10n.t('Nasturtium language server');
      item.command = { title: vscode.l10n.t('Restart'), command: 'nasturtium.restartServer' };
      return;
    }
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== 'nas') return;
    const info = await server.spaceInfo(document.uri);
    walkthrough.done('write');
    if (info?.spaces.some(({ targets }) => targets.length > 0) === true) walkthrough.done('cost');
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.command = { title: vscode.l10n.t('Show Output'), command: 'nasturtium.showOutput' };
    const [space] = info?.spaces ?? [];
    if (space === undefined) {
      item.text = vscode.l10n.t('No space');
      item.detail = vscode.l10n.t('Nasturtium language server');
    } else {
      const size = BigInt(space.size).toLocaleString(vscode.env.language);
      item.text =
        space.exact && space.size === '1'
          ? vscode.l10n.t('1 architecture')
          : vscode.l10n.t('{0} architectures', space.exact ? size : `≤ ${size}`);
      item.detail = vscode.l10n.t('in the space {0}', space.name);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const refresh = (delay: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void update(), delay);
  };
  refresh(0);
  return vscode.Disposable.from(
    item,
    server.onDidChangeState(() => refresh(0)),
    vscode.window.onDidChangeActiveTextEditor(() => refresh(0)),
    vscode.workspace.onDidChangeTextDocument(() => refresh(restMs)),
    { dispose: () => clearTimeout(timer) },
  );
}

/** In the status bar. */
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
