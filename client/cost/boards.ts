/** The boards that can be chosen in a view, as the command line lists them. Asked once per window. */

import { tmpdir } from 'node:os';
import * as vscode from 'vscode';
import type { CommandLine } from '../search/command-line.ts';
import type { BoardChoice } from './messages.ts';

export class Boards {
  private readonly commandLine: CommandLine;
  private known: Promise<readonly BoardChoice[]> | undefined;

  constructor(commandLine: CommandLine) {
    this.commandLine = commandLine;
  }

  all(): Promise<readonly BoardChoice[]> {
    this.known ??= this.list().catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  private async list(): Promise<readonly BoardChoice[]> {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const place = folder?.uri.scheme === 'file' ? folder.uri.fsPath : tmpdir();
    const answer = (await this.commandLine.json(['boards'], place)) as { boards?: readonly BoardChoice[] };
    return answer.boards ?? [];
  }
}
