/**
 * The walkthrough: offered once, and its steps ticked when their work is done. VS Code ticks by itself only what
 * happens through a command; what happens by typing, or through a button of a page, is told from here.
 */

import * as vscode from 'vscode';

const offeredKey = 'nasturtium.walkthroughOffered';

export class Walkthrough {
  private readonly extension: vscode.ExtensionContext;
  private readonly ticked = new Set<string>();

  constructor(extension: vscode.ExtensionContext) {
    this.extension = extension;
  }

  private get id(): string {
    return `${this.extension.extension.id}#start`;
  }

  async open(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', this.id);
  }

  /** Steps as package.json names them. */
  done(step: 'write' | 'cost' | 'search' | 'export'): void {
    if (this.ticked.has(step)) return;
    this.ticked.add(step);
    vscode.commands.executeCommand('welcome.markStepComplete', `${this.id}#${step}`).then(
      () => undefined,
      // VS Code has noted it, but knows no walkthrough yet; or this editor has none.
      () => undefined,
    );
  }

  /** Not where walkthroughs are unwanted: VS Code's own setting says so. */
  async offer(): Promise<void> {
    const { globalState } = this.extension;
    const wanted = vscode.workspace
      .getConfiguration('workbench.welcomePage')
      .get<boolean>('walkthroughs.openOnInstall', true);
    if (!wanted || globalState.get<boolean>(offeredKey) === true) return;
    await globalState.update(offeredKey, true);
    const show = vscode.l10n.t('Get Started');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('Nasturtium is new here. Four steps lead from a search space to a model for your board.'),
      show,
    );
    if (answer === show) await this.open();
  }
}
