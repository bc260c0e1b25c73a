import * as vscode from 'vscode';
import type { Context } from '../context.ts';
import { editorType } from '../cost/views.ts';
import { pickFile } from './pick.ts';

/**
 * What the layers of a space or of a `.tflite` cost, as a page. Reading either writes nothing, so it needs no trust.
 * Arguments: a URI as menus give it, or its text and the name of a space as lenses and hovers give them; without any,
 * what is in the editor, else it is asked for.
 */
export async function costs({ costs: views }: Context, place?: unknown, space?: unknown): Promise<void> {
  const uri =
    place === undefined ? (modelInFront() ?? pickFile(place) ?? (await askForFile())) : pickFile(place);
  if (uri === undefined) return;
  if (/\.tflite$/i.test(uri.path)) await vscode.commands.executeCommand('vscode.openWith', uri, editorType);
  else views.showSpace(uri, typeof space === 'string' ? space : undefined);
}

function modelInFront(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isFile = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  return isFile && /\.tflite$/i.test(input.uri.path) ? input.uri : undefined;
}

/** Among the spaces and models of the workspace; where there are none, anywhere. */
async function askForFile(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.{nas,tflite}', '**/node_modules/**', 200);
  if (found.length === 0) {
    const [chosen] =
      (await vscode.window.showOpenDialog({
        filters: { [vscode.l10n.t('Search spaces and models')]: ['nas', 'tflite'] },
        title: vscode.l10n.t('Costs of which space or model?'),
      })) ?? [];
    return chosen;
  }
  const answer = await vscode.window.showQuickPick(
    found
      .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
      .sort((a, b) => (a.label < b.label ? -1 : 1)),
    { placeHolder: vscode.l10n.t('Costs of which space or model?') },
  );
  return answer?.uri;
}
