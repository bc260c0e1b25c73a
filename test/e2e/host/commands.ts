import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { hostTest } from './suite.ts';

hostTest('every contributed command is registered', async () => {
  const extension = vscode.extensions.getExtension<unknown>('nasturtium.nasturtium');
  assert.ok(extension, 'The extension is not installed.');
  await extension.activate();
  const manifest = extension.packageJSON as { contributes: { commands: { command: string }[] } };
  const registered = new Set(await vscode.commands.getCommands(true));
  const missing = manifest.contributes.commands
    .map(({ command }) => command)
    .filter((id) => !registered.has(id));
  assert.deepEqual(missing, []);
});
