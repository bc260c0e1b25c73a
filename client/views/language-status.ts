/** The language status of a `.nas` file: whether its server runs, and how many architectures the file holds. */

import * as vscode from 'vscode';
import type { NasLanguageServer } from '../language-server.ts';
import type { Walkthrough } from '../walkthrough.ts';

/** How long the text has to rest before the status asks again. */
const restMs = 500;

export class LanguageStatus implements vscode.Disposable {
  private readonly server: NasLanguageServer;
  private readonly walkthrough: Walkthrough;
  private readonly item: vscode.LanguageStatusItem;
  private readonly subscriptions: readonly { dispose(): unknown }[];
  private timer: NodeJS.Timeout | undefined;

  constructor(server: NasLanguageServer, walkthrough: Walkthrough) {
    this.server = server;
    this.walkthrough = walkthrough;
    const item = vscode.languages.createLanguageStatusItem('nasturtium.server', { language: 'nas' });
    item.name = 'Nasturtium';
    this.item = item;
    this.subscriptions = [
      item,
      server.onDidChangeState(() => this.refresh(0)),
      vscode.window.onDidChangeActiveTextEditor(() => this.refresh(0)),
      vscode.workspace.onDidChangeTextDocument(() => this.refresh(restMs)),
    ];
    this.refresh(0);
  }

  private refresh(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.update(), delay);
  }

  private async update(): Promise<void> {
    const { state } = this.server;
    this.item.busy = state === 'starting';
    if (state !== 'running') {
      this.item.text = state === 'starting' ? vscode.l10n.t('Starting') : vscode.l10n.t('Stopped');
      this.item.severity =
        state === 'stopped' ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
      this.item.detail = vscode.l10n.t('Nasturtium language server');
      this.item.command = { title: vscode.l10n.t('Restart'), command: 'nasturtium.restartServer' };
      return;
    }
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== 'nas') return;
    const info = await this.server.spaceInfo(document.uri);
    this.walkthrough.done('write');
    if (info?.spaces.some(({ targets }) => targets.length > 0) === true) this.walkthrough.done('cost');
    this.item.severity = vscode.LanguageStatusSeverity.Information;
    this.item.command = { title: vscode.l10n.t('Show Output'), command: 'nasturtium.showOutput' };
    const [space] = info?.spaces ?? [];
    if (space === undefined) {
      this.item.text = vscode.l10n.t('No space');
      this.item.detail = vscode.l10n.t('Nasturtium language server');
    } else {
      const size = BigInt(space.size).toLocaleString(vscode.env.language);
      this.item.text =
        space.exact && space.size === '1'
          ? vscode.l10n.t('1 architecture')
          : vscode.l10n.t('{0} architectures', space.exact ? size : `≤ ${size}`);
      this.item.detail = vscode.l10n.t('in the space {0}', space.name);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
