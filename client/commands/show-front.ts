import * as vscode from 'vscode';
import type { Context } from '../context.ts';
import type { Run } from '../history/run.ts';
import { pickRun } from './pick.ts';

export async function showFront(context: Context, place?: unknown): Promise<void> {
  const run = await pickRun(context, place);
  if (run === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no run in this workspace yet: search a space first.'),
    );
    return;
  }
  showFrontOf(context, run);
}

export function showFrontOf({ fronts }: Context, run: Run): void {
  fronts.show(run);
}
