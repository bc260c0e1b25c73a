/** The table of commands: what package.json contributes and what runs. */

import * as vscode from 'vscode';
import type { Context } from '../context.ts';
import { explain } from './explain.ts';
import { exportModel } from './export.ts';
import { openExample, openWalkthrough } from './get-started.ts';
import { restartServer, showOutput } from './language-server.ts';
import { deleteRun, refreshRuns, revealRun } from './manage-runs.ts';
import { costs } from './costs.ts';
import { openArchitecture } from './open-architecture.ts';
import { resume } from './resume.ts';
import { search } from './search.ts';
import { showFront } from './show-front.ts';
import { showProblem } from './show-problem.ts';
import { stop } from './stop.ts';

type Command = (context: Context, ...args: readonly unknown[]) => void | Promise<void>;

const commands: Readonly<Record<string, Command>> = {
  search,
  stop,
  resume,
  showFront,
  openArchitecture,
  export: exportModel,
  costs,
  showProblem,
  explain,
  deleteRun,
  revealRun,
  refreshRuns,
  restartServer,
  showOutput,
  openWalkthrough,
  openExample,
};

export function registerCommands(context: Context): vscode.Disposable[] {
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(`nasturtium.${name}`, async (...args: unknown[]) => {
      try {
        await run(context, ...args);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        context.log.error(error instanceof Error ? error : reason);
        void vscode.window.showErrorMessage(reason);
      }
    }),
  );
}
