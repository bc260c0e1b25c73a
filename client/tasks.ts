/** Tasks of the type `nasturtium`, for tasks.json: the command line in a terminal, its problems in the editor. */

import * as vscode from 'vscode';
import type { CommandLine } from './search/command-line.ts';

interface Definition extends vscode.TaskDefinition {
  readonly command?: unknown;
  readonly file?: unknown;
  readonly args?: unknown;
}

export function registerTasks(commandLine: CommandLine): vscode.Disposable {
  const make = (
    definition: Definition,
    scope: vscode.WorkspaceFolder | vscode.TaskScope,
  ): vscode.Task | undefined => {
    const { command, file, args } = definition;
    if (typeof command !== 'string' || typeof file !== 'string') return undefined;
    const more = Array.isArray(args) ? args.filter((word) => typeof word === 'string') : [];
    const { program, first, env } = commandLine.invocation;
    const execution = new vscode.ProcessExecution(program, [...first, command, file, ...more], { env });
    return new vscode.Task(definition, scope, `${command} ${file}`, 'nasturtium', execution, '$nasturtium');
  };
  return vscode.tasks.registerTaskProvider('nasturtium', {
    provideTasks() {
      const document = vscode.window.activeTextEditor?.document;
      const folder = document && vscode.workspace.getWorkspaceFolder(document.uri);
      if (document?.languageId !== 'nas' || document.uri.scheme !== 'file' || folder === undefined) return [];
      const file = vscode.workspace.asRelativePath(document.uri, false);
      return ['check', 'cost', 'search'].flatMap(
        (command) => make({ type: 'nasturtium', command, file }, folder) ?? [],
      );
    },
    resolveTask(task) {
      return make(task.definition, task.scope ?? vscode.TaskScope.Workspace);
    },
  });
}
