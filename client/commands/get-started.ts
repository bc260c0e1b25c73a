import * as vscode from 'vscode';
import type { Context } from '../context.ts';

export function openWalkthrough({ walkthrough }: Context): Promise<void> {
  return walkthrough.open();
}

/** A new text with the example's content, so that the person decides where it is saved. */
export async function openExample({ extension }: Context): Promise<void> {
  const example = vscode.Uri.joinPath(extension.extensionUri, 'examples/fashion-mnist.nas');
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(example));
  const document = await vscode.workspace.openTextDocument({ language: 'nas', content });
  await vscode.window.showTextDocument(document);
}
