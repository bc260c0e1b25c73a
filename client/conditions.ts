/** What the `when` clauses of package.json ask for. */

import * as vscode from 'vscode';

/** Names of the `when` conditions in package.json. */
export function setCondition(
  name: 'searching' | 'hasRuns' | 'serverRunning' | 'exported',
  value: boolean,
): void {
  void vscode.commands.executeCommand('setContext', `nasturtium.${name}`, value);
}
