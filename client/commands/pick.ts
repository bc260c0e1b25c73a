/** Finding out which file, run or trial a command is about: from its arguments, from what is looked at, or by asking. */

import * as vscode from 'vscode';
import type { TrialRecord } from '../../engine/search/types.ts';
import { architectureScheme } from '../architectures.ts';
import type { Context } from '../context.ts';
import { bestTrials, factsOf, type Run } from '../history/run.ts';
import { titleOf } from '../history/run-store.ts';

function field(argument: unknown, key: 'run' | 'trial'): unknown {
  return typeof argument === 'object' && argument !== null && key in argument
    ? (argument as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

/** The run and trial whose architecture is in the editor. */
function architectureInEditor(): URLSearchParams | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === architectureScheme ? new URLSearchParams(uri.query) : undefined;
}

/** The file to search: a command's argument (a URI or its text), or the editor's. */
export function pickFile(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument === 'string') return vscode.Uri.parse(argument, true);
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'nas' && document.uri.scheme !== architectureScheme
    ? document.uri
    : undefined;
}

export async function pickRun(
  { runs, searches, fronts }: Context,
  argument: unknown,
  wanted: (run: Run) => boolean = () => true,
): Promise<Run | undefined> {
  const named = field(argument, 'run') ?? architectureInEditor()?.get('run');
  if (typeof named === 'string') return runs.find(named) ?? (await runs.add(named));
  if (runs.runs.length === 0) await runs.refresh();
  const looked = runs.find(fronts.activeRun ?? searches.active?.folder ?? '');
  if (looked !== undefined && wanted(looked)) return looked;
  const candidates = runs.runs.filter(wanted);
  if (candidates.length < 2) return candidates[0];
  const items = candidates.map((run) => ({
    label: titleOf(run),
    description: searches.progressOf(run).status,
    detail: run.folder,
    run,
  }));
  const answer = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?') });
  return answer?.run;
}

export async function pickTrial(
  { runs }: Context,
  run: Run,
  argument: unknown,
): Promise<TrialRecord | undefined> {
  const results = await runs.resultsOf(run);
  const named = field(argument, 'trial') ?? architectureInEditor()?.get('trial');
  if (named !== undefined && named !== null)
    return results.trials.find(({ trial }) => trial === Number(named));
  const items = bestTrials(results).map((trial) => ({
    label: trial.name,
    description: factsOf(trial, ['latency', 'ram', 'flash']).join(', '),
    trial,
  }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The run has no trained trial yet: wait for the first one, or resume the search.'),
    );
    return undefined;
  }
  const answer = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Which trial of the front?'),
  });
  return answer?.trial;
}
