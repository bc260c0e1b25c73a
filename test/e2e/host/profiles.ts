import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { eventually, hostTest } from './suite.ts';
import { inWorkspace } from './workspace.ts';

const board = inWorkspace('.nasturtium', 'boards', 'mine.json');

async function write(text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(board, new TextEncoder().encode(text));
}

const problems = (): string[] =>
  vscode.languages
    .getDiagnostics(board)
    .map(({ code, source, message }) =>
      [source, typeof code === 'object' ? code.value : code, message].join(' '),
    );

hostTest('a fault in a board of the workspace is told once, open or not', async () => {
  try {
    await write('{ "id": "mine", "colour": "green" }');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(inWorkspace('tiny.nas')));
    const lacksName = (all: readonly string[]) => all.filter((each) => each.includes('"name"')).length;
    await eventually(
      () => Promise.resolve(problems()),
      (all) => lacksName(all) > 0,
    );

    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(board));
    // Hovers come from the schema: with one, VS Code has the file and its schema in hand, and has checked it.
    await eventually(
      () =>
        vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          board,
          new vscode.Position(0, 4),
        ),
      (hovers) => hovers.length > 0,
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(lacksName(problems()), 1, problems().join('\n'));
    assert.ok(problems().some((each) => each.includes('"colour", which means nothing here')));

    await write('{ "id": "mine", "colour": "green"');
    // VS Code's own, of the file that is open; ours of the faults before are gone.
    await eventually(
      () => Promise.resolve(problems()),
      (all) => all.length > 0 && lacksName(all) === 0,
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(problems().length, 1, problems().join('\n'));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await eventually(
      () => Promise.resolve(problems()),
      (all) => all.some((each) => each.includes('profile/json')),
    );
    assert.equal(problems().length, 1, problems().join('\n'));
  } finally {
    await vscode.workspace.fs.delete(inWorkspace('.nasturtium'), { recursive: true });
  }
});
