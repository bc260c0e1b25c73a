/** The table of commands: what package.json contributes and what runs. */

import * as vscode from 'vscode';
import { reasonOf } from '../../engine/files/index.ts';
import type { Context } from '../context.ts';
import { costs } from './costs.ts';
import { explain, openExample, restartServer, showProblem } from './editor.ts';
import { exportModel } from './export.ts';
import { profile } from './profile.ts';
import { deleteRun, openArchitecture, revealRun, showFront } from './runs.ts';
import { resume, search } from './search.ts';

type Command = (context: Context, ...args: readonly unknown[]) => void | Promise<void>;

const commands: Readonly<Record<string, Command>> = {
  search,
  stop: ({ searches }) => searches.stop(),
  resume,
  showFront,
  openArchitecture,
  export: exportModel,
  costs,
  profile,
  showProblem,
  explain,
  deleteRun,
  revealRun,
  refreshRuns: ({ runs }) => runs.refresh(),
  restartServer,
  showOutput: ({ log }) => log.show(),
  openWalkthrough: ({ walkthrough }) => walkthrough.open(),
  openExample,
};

export function registerCommands(context: Context): vscode.Disposable[] {
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(`nasturtium.${name}`, async (...args: unknown[]) => {
      try {
        await run(context, ...args);
      } catch (error) {
        const reason = reasonOf(error);
        context.log.error(error instanceof Error ? error : reason);
        void vscode.window.showErrorMessage(reason);
      }
    }),
  );
}
