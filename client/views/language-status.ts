/** The language status of a `.nas` file: whether its server runs, and how many architectures the file holds. */

import * as vscode from 'vscode';
import type { NasLanguageServer } from '../language-server.ts';
import type { Walkthrough } from '../walkthrough.ts';

/** How long the text has to rest before the status asks again. */
const restMs = 500;

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
