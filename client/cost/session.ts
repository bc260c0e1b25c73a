/** One Cost View: asks the command line, shows the answer, asks again when something changes. */

import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import type { CostDetail } from '../../engine/model/cost-detail.ts';
import { reasonOf } from '../../engine/files/index.ts';
import type { CommandLine } from '../search/command-line.ts';
import { boardsIn } from './boards.ts';
import {
  readFromPage,
  type BoardChoice,
  type Choice,
  type CostState,
  type FromPage,
  type ToPage,
} from './messages.ts';
import type { CostSource } from './sources.ts';

/** How long a file or a text has to rest before it is priced again. */
const restMs = 250;

export type Drawn = Pick<Extract<FromPage, { type: 'drawn' }>, 'layers' | 'status'>;

export interface SessionParts {
  readonly webview: vscode.Webview;
  readonly source: CostSource;
  readonly commandLine: CommandLine;
  readonly choice: Choice;
  /** Keeps what the person chose. */
  remember(choice: Choice): void;
}

export class CostSession implements vscode.Disposable {
  private readonly parts: SessionParts;
  private readonly subscriptions: readonly { dispose(): unknown }[];
  private choice: Choice;
  private detail: CostDetail | undefined;
  private failure: string | undefined;
  private job: ChildProcess | undefined;
  /** Answers to questions that are no longer asked are dropped. */
  private asked = 0;
  private timer: NodeJS.Timeout | undefined;
  private busy = false;
  private boards: readonly BoardChoice[] = [];
  /** What the page says that it shows. */
  shown: Drawn | undefined;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.choice = parts.choice;
    this.subscriptions = [
      parts.source,
      parts.source.onDidChange(() => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.ask(), restMs);
      }),
      parts.webview.onDidReceiveMessage((value: unknown) => {
        const message = readFromPage(value);
        if (message !== undefined) void this.obey(message);
      }),
    ];
  }

  private state(): CostState {
    const { source } = this.parts;
    return {
      subject: source.subject,
      title: source.title,
      uri: source.uri.toString(),
      space: source.space,
      boards: this.boards,
      choice: this.choice,
      busy: this.busy,
      detail: this.detail,
      failure: this.failure,
    };
  }

  private async obey(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.listBoards();
        await this.ask();
        break;
      case 'choose':
        this.choice = message.choice;
        this.parts.remember(message.choice);
        await this.ask();
        break;
      case 'drawn':
        this.shown = { layers: message.layers, status: message.status };
        break;
      case 'report':
        await this.saveReport();
        break;
      case 'reveal':
        await this.reveal(message.line);
        break;
    }
  }

  private async ask(): Promise<void> {
    const turn = ++this.asked;
    this.job?.kill();
    this.busy = true;
    await this.show();
    const answer = await this.answer(this.withBoard()).catch((error: unknown) => ({
      failure: reasonOf(error),
    }));
    if (turn !== this.asked) return;
    this.busy = false;
    if ('failure' in answer) {
      this.failure = answer.failure;
      this.detail = undefined;
    } else {
      this.failure = undefined;
      this.detail = answer;
    }
    await this.show();
  }

  /** A model names no board, so one is chosen for it. */
  private withBoard(): Choice {
    if (this.choice.board !== undefined || this.parts.source.subject === 'space') return this.choice;
    return { ...this.choice, board: this.boards[0]?.id };
  }

  private async listBoards(): Promise<void> {
    const { commandLine, source } = this.parts;
    try {
      this.boards = await boardsIn(commandLine, source.folder, source.uri);
    } catch (error) {
      // The price says what is wrong with the target; without a list there is only nothing to choose from.
      commandLine.log.warn(reasonOf(error));
    }
  }

  private async answer(choice: Choice): Promise<CostDetail> {
    const { detail } = await this.price(choice, [], (job) => (this.job = job));
    if (detail === undefined) throw new Error(vscode.l10n.t('The command line gave no details.'));
    return detail;
  }

  /** What the command line says of a choice. @param started hears of its process. @throws Error with its message */
  private async price(
    choice: Choice,
    more: readonly string[],
    started: (job: ChildProcess) => void = () => undefined,
  ): Promise<{ readonly detail?: CostDetail }> {
    const question = await this.parts.source.question(choice);
    try {
      const args = [...question.args, ...more];
      return await this.parts.commandLine.json<{ detail?: CostDetail }>(
        args,
        question.folder,
        question.input,
        started,
      );
    } finally {
      await question.dispose();
    }
  }

  private async show(): Promise<void> {
    const message: ToPage = { type: 'state', state: this.state() };
    await this.parts.webview.postMessage(message);
  }

  private async saveReport(): Promise<void> {
    const { source } = this.parts;
    const name = source.uri.path.replace(/\.\w+$/, '-cost.html');
    const place = await vscode.window.showSaveDialog({
      defaultUri: source.uri.with({ path: name }),
      filters: { HTML: ['html'] },
      title: vscode.l10n.t('Save the Cost Report'),
    });
    if (place === undefined) return;
    if (place.scheme !== 'file') {
      void vscode.window.showWarningMessage(vscode.l10n.t('Choose a place on a disk for the report.'));
      return;
    }
    try {
      await this.price(this.withBoard(), ['--report', place.fsPath]);
    } catch (error) {
      void vscode.window.showErrorMessage(reasonOf(error));
      return;
    }
    const open = vscode.l10n.t('Open');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('The report is in {0}.', vscode.workspace.asRelativePath(place)),
      open,
    );
    if (answer === open) await vscode.env.openExternal(place);
  }

  private async reveal(line: number): Promise<void> {
    const { source } = this.parts;
    if (source.subject !== 'space') return;
    const document = await vscode.workspace.openTextDocument(source.uri);
    const place = document.lineAt(Math.min(line, document.lineCount) - 1).range;
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.One,
      selection: new vscode.Range(place.start, place.start),
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.asked++;
    this.job?.kill();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
