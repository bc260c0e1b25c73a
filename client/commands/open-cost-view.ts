import * as vscode from 'vscode';
import type { Context } from '../context.ts';
import { editorType } from '../cost/views.ts';
import { pickFile } from './pick.ts';

/** What a `.tflite` or the space in the editor costs. Argument: a URI, as menus give it; without one it is asked for. */
export async function openCostView({ costs }: Context, place?: unknown): Promise<void> {
  const uri =
    place instanceof vscode.Uri ? place : (modelInFront() ?? pickFile(undefined) ?? (await askForModel()));
  if (uri === undefined) return;
  if (/\.tflite$/i.test(uri.path)) await vscode.commands.executeCommand('vscode.openWith', uri, editorType);
  else costs.showSpace(uri, undefined);
}

/** The memory of a space over an inference. Arguments as a hover gives them: the text of the file's URI, the space. */
export function showMemory({ costs }: Context, file?: unknown, space?: unknown): void {
  const uri = pickFile(file);
  if (uri === undefined) {
    void vscode.window.showWarningMessage(vscode.l10n.t('Open the .nas file whose memory you want to see.'));
    return;
  }
  costs.showSpace(uri, typeof space === 'string' ? space : undefined);
}

function modelInFront(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isFile = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  return isFile && /\.tflite$/i.test(input.uri.path) ? input.uri : undefined;
}

async function askForModel(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.tflite', '**/node_modules/**', 200);
  if (found.length === 0) {
    const [chosen] =
      (await vscode.window.showOpenDialog({
        filters: { 'TensorFlow Lite': ['tflite'] },
        title: vscode.l10n.t('Which model?'),
      })) ?? [];
    return chosen;
  }
  const answer = await vscode.window.showQuickPick(
    found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })),
    { placeHolder: vscode.l10n.t('Which model?') },
  );
  return answer?.uri;
}
