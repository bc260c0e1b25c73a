import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { Api } from '../../../client/extension.ts';
import { eventually, hostTest } from './suite.ts';
import { inWorkspace } from './workspace.ts';

type Shown = ReturnType<Api['costViewInFront']>;

async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('nasturtium.nasturtium');
  assert.ok(extension, 'The extension is not installed.');
  return extension.activate();
}

/** What the view in front says that it has drawn, once that is so. */
async function shown(accept: (answer: NonNullable<Shown>) => boolean): Promise<NonNullable<Shown>> {
  const { costViewInFront } = await api();
  const answer = await eventually(
    () => Promise.resolve(costViewInFront()),
    (drawn) => drawn !== undefined && accept(drawn),
  );
  assert.ok(answer);
  return answer;
}

const activeTab = (): vscode.Tab | undefined => vscode.window.tabGroups.activeTabGroup.activeTab;

const isCostPage = (tab: vscode.Tab | undefined): boolean =>
  tab?.input instanceof vscode.TabInputWebview && /nasturtium\.spaceCost/.test(tab.input.viewType);

hostTest('a .tflite opens as a page with its layers', async () => {
  await vscode.commands.executeCommand('vscode.open', inWorkspace('resnet8.tflite'));
  const input = activeTab()?.input;
  assert.ok(input instanceof vscode.TabInputCustom, 'It did not open in a view of its own.');
  assert.equal(input.viewType, 'nasturtium.cost');
  const { status } = await shown(({ layers }) => layers === 16);
  assert.match(status, /^on ST Nucleo-64 STM32F446RE with TensorFlow Lite Micro/);
});

hostTest('the Cost View follows its file, and says what is wrong with it', async () => {
  const model = inWorkspace('changing.tflite');
  await vscode.workspace.fs.copy(inWorkspace('resnet8.tflite'), model);
  await vscode.commands.executeCommand('nasturtium.costs', model);
  await shown(({ layers }) => layers === 16);
  await vscode.workspace.fs.writeFile(model, new TextEncoder().encode('no model at all'));
  const { status } = await shown(({ layers }) => layers === 0);
  assert.match(status, /changing\.tflite cannot be priced\. This is .*not a TensorFlow Lite model/);
  await vscode.workspace.fs.copy(inWorkspace('resnet8.tflite'), model, { overwrite: true });
  await shown(({ layers }) => layers === 16);
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  await vscode.workspace.fs.delete(model);
});

hostTest('the memory of a space is shown beside its text', async () => {
  const uri = inWorkspace('tiny.nas');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  await vscode.commands.executeCommand('nasturtium.costs', uri.toString(), 'tiny');
  const tab = await eventually(
    () => Promise.resolve(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(isCostPage)),
    (found) => found !== undefined,
  );
  assert.match(tab?.label ?? '', /tiny/);
  // The page took no focus from the text; it is looked at to hear what it has drawn. Its group may not take the focus yet.
  await eventually(
    async () => {
      if (isCostPage(activeTab())) return true;
      await vscode.commands.executeCommand('workbench.action.focusNextGroup');
      return isCostPage(activeTab());
    },
    (isInFront) => isInFront,
  );
  await shown(({ layers }) => layers > 5);
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
});

hostTest('the hover of a layer has a link to that page', async () => {
  const document = await vscode.workspace.openTextDocument(inWorkspace('tiny.nas'));
  await vscode.window.showTextDocument(document);
  const place = document.positionAt(document.getText().indexOf('conv 3x3') + 1);
  const hovers = await eventually(
    () => vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, place),
    (answer) => answer.length > 0,
  );
  const trusted = hovers
    .flatMap(({ contents }) => contents)
    .find(
      (content): content is vscode.MarkdownString =>
        content instanceof vscode.MarkdownString && content.value.includes('(command:nasturtium.costs?'),
    );
  assert.ok(trusted, 'No hover has the link.');
  assert.deepEqual(trusted.isTrusted, { enabledCommands: ['nasturtium.costs', 'nasturtium.explain'] });
});
