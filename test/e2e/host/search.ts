import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { eventually, hostTest } from './suite.ts';
import { inWorkspace } from './workspace.ts';

/** How many records of a kind the journal of a run has. */
async function recorded(run: vscode.Uri, kind: 'evaluation' | 'finished'): Promise<number> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(run, 'journal.jsonl')).then(
    (read) => read,
    () => new Uint8Array(),
  );
  return new TextDecoder().decode(bytes).split(`"kind":"${kind}"`).length - 1;
}

async function runFolders(): Promise<string[]> {
  const entries = await vscode.workspace.fs.readDirectory(inWorkspace('runs')).then(
    (read) => read,
    () => [],
  );
  return entries.map(([name]) => name);
}

hostTest('a search is started, stopped and resumed by commands, and keeps what it has trained', async () => {
  const before = new Set(await runFolders());
  await vscode.commands.executeCommand('nasturtium.search', inWorkspace('tiny.nas'));
  const [name] = (await runFolders()).filter((folder) => !before.has(folder));
  assert.ok(name !== undefined, 'There is no run.');
  const run = inWorkspace('runs', name);
  const trained = () => recorded(run, 'evaluation');
  await eventually(trained, (count) => count > 0);

  await vscode.commands.executeCommand('nasturtium.stop');
  const kept = await trained();
  assert.equal(await recorded(run, 'finished'), 0, 'It had finished before it was stopped.');

  await vscode.commands.executeCommand('nasturtium.resume', { run: run.fsPath });
  await eventually(trained, (count) => count > kept);
  await vscode.commands.executeCommand('nasturtium.stop');
  assert.ok((await trained()) > kept);
  // Nothing is left running: another search could begin.
  await vscode.commands.executeCommand('nasturtium.stop');
});
