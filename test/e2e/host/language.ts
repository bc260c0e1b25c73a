import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { eventually, hostTest } from './suite.ts';
import { inWorkspace } from './workspace.ts';

async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(inWorkspace(name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** The place of the first `text`, moved by `by` characters. */
function at(document: vscode.TextDocument, text: string, by = 0): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `${text} is not in ${document.fileName}.`);
  return document.positionAt(offset + by);
}

function whole(document: vscode.TextDocument): vscode.Range {
  return new vscode.Range(0, 0, document.lineCount, 0);
}

async function replaceAll(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, whole(document), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Changes a text, looks at what follows, and puts it back. */
async function withText(
  document: vscode.TextDocument,
  change: (text: string) => string,
  look: () => Promise<void>,
): Promise<void> {
  const before = document.getText();
  const after = change(before);
  assert.notEqual(after, before, 'The change does not change the text.');
  await replaceAll(document, after);
  try {
    await look();
  } finally {
    await replaceAll(document, before);
    await document.save();
  }
}

const ask = <T>(command: string, ...args: readonly unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(command, ...args);

hostTest('the language is recognised and the server starts with the file', async () => {
  const document = await open('tiny.nas');
  assert.equal(document.languageId, 'nas');
  const symbols = await eventually(
    () => ask<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider', document.uri),
    (answer) => (answer?.length ?? 0) > 0,
  );
  const names = symbols?.map(({ name }) => name) ?? [];
  assert.ok(names.includes('DS') && names.includes('tiny'), names.join());
});

hostTest('a correct file has no errors', async () => {
  const document = await open('tiny.nas');
  const errors = vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
  assert.deepEqual(
    errors.map(({ message }) => message),
    [],
  );
});

hostTest('a mistake is underlined with a code and a page, and the light bulb mends it', async () => {
  const document = await open('tiny.nas');
  await withText(
    document,
    (text) => text.replace('-> classes', '-> classses'),
    async () => {
      const diagnostics = await eventually(
        () => Promise.resolve(vscode.languages.getDiagnostics(document.uri)),
        (all) => all.some(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
      );
      const problem = diagnostics.find(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
      assert.ok(problem);
      assert.ok(problem.range.contains(at(document, 'classses')), JSON.stringify(diagnostics));
      assert.ok(typeof problem.code === 'object' && 'target' in problem.code, 'The code has no page.');
      const actions = await ask<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        problem.range,
        vscode.CodeActionKind.QuickFix.value,
        10,
      );
      const fix = actions.find(({ edit }) => edit !== undefined);
      assert.ok(fix?.edit, `No fix among: ${actions.map(({ title }) => title).join('; ')}`);
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      assert.match(document.getText(), /-> classes\n/);
      await eventually(
        () => Promise.resolve(vscode.languages.getDiagnostics(document.uri)),
        (all) => all.every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error),
      );
      // The helper puts the old text back, which must differ from this one.
      await replaceAll(document, `${document.getText()}\n`);
    },
  );
});

hostTest(
  'layers have hints with latency and RAM, limits with what there is, and each kind can be switched off',
  async () => {
    const document = await open('tiny.nas');
    const hints = (): Thenable<vscode.InlayHint[]> =>
      ask('vscode.executeInlayHintProvider', document.uri, whole(document));
    const text = (all: readonly vscode.InlayHint[]): string =>
      all
        .map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')))
        .join('\n');
    const all = await eventually(hints, (answer) => /ms/.test(text(answer)));
    assert.match(text(all), /KB|B/);
    const line = at(document, 'conv 3x3 -> w').line;
    assert.ok(
      all.some(({ position }) => position.line === line),
      'The first convolution has no hint.',
    );
    const settings = vscode.workspace.getConfiguration('nasturtium.inlayHints', document.uri);
    const limits = at(document, 'constraints').line;
    assert.ok(
      all.some(({ position }) => position.line >= limits),
      'No limit has a hint.',
    );
    await settings.update('latency', false, vscode.ConfigurationTarget.Workspace);
    await settings.update('limits', false, vscode.ConfigurationTarget.Workspace);
    try {
      await eventually(
        hints,
        (answer) =>
          answer.length > 0 &&
          !/\bms\b|µs/.test(text(answer)) &&
          answer.every(({ position }) => position.line < limits),
      );
    } finally {
      await settings.update('latency', undefined, vscode.ConfigurationTarget.Workspace);
      await settings.update('limits', undefined, vscode.ConfigurationTarget.Workspace);
    }
  },
);

hostTest('a hover tells what a layer costs and where the numbers come from', async () => {
  const document = await open('tiny.nas');
  const hovers = await eventually(
    () => ask<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at(document, 'conv 3x3', 1)),
    (answer) => answer.length > 0,
  );
  const text = hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .join('\n');
  assert.match(text, /MAC/);
  assert.match(text, /ms|µs/);
});

hostTest('completion offers operators in a space and boards in a target', async () => {
  const document = await open('tiny.nas');
  const labels = async (position: vscode.Position): Promise<string[]> => {
    const list = await ask<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    );
    return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  };
  const inSpace = await labels(at(document, 'gap; dense'));
  for (const word of ['conv', 'dwconv', 'DS']) assert.ok(inSpace.includes(word), `${word} is not offered.`);
  const list = await ask<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    at(document, 'gap; dense'),
  );
  const conv = list.items.find(({ label }) => (typeof label === 'string' ? label : label.label) === 'conv');
  assert.ok(conv?.insertText instanceof vscode.SnippetString, 'A layer is not offered with its operands.');
  assert.match(conv.insertText.value, /^conv \$\{1:3x3\}/);
  const inTarget = await labels(at(document, 'nucleo-f446re', 3));
  assert.ok(
    inTarget.some((label) => label.includes('nano-33-ble')),
    inTarget.join(),
  );
});

hostTest('signature help shows the parameters of a block', async () => {
  const document = await open('tiny.nas');
  const help = await ask<vscode.SignatureHelp | undefined>(
    'vscode.executeSignatureHelpProvider',
    document.uri,
    at(document, 'DS(2 * w, 2)', 'DS('.length),
  );
  assert.match(help?.signatures[0]?.label ?? '', /out.*stride/);
});

hostTest('a name leads to its definition, its uses and a rename of all of them', async () => {
  const document = await open('tiny.nas');
  const use = at(document, 'DS(2 * w, 2)', 1);
  const found = await ask<(vscode.Location | vscode.LocationLink)[]>(
    'vscode.executeDefinitionProvider',
    document.uri,
    use,
  );
  const lines = found.map((place) => ('range' in place ? place.range : place.targetRange).start.line);
  assert.deepEqual(lines, [at(document, 'block DS').line]);
  const uses = await ask<vscode.Location[]>('vscode.executeReferenceProvider', document.uri, use);
  assert.equal(uses.length, 3);
  const edit = await ask<vscode.WorkspaceEdit>(
    'vscode.executeDocumentRenameProvider',
    document.uri,
    use,
    'Light',
  );
  assert.equal(edit.get(document.uri).length, 3);
});

hostTest('formatting mends the layout and leaves a tidy file alone', async () => {
  const document = await open('tiny.nas');
  const edits = (): Thenable<vscode.TextEdit[] | undefined> =>
    ask('vscode.executeFormatDocumentProvider', document.uri, { tabSize: 2, insertSpaces: true });
  assert.deepEqual((await edits()) ?? [], []);
  const tidy = document.getText();
  await withText(
    document,
    (text) => text.replace('  gap; dense -> classes', '      gap ;dense->classes'),
    async () => {
      const edit = new vscode.WorkspaceEdit();
      edit.set(document.uri, (await edits()) ?? []);
      assert.ok(await vscode.workspace.applyEdit(edit));
      assert.equal(document.getText(), tidy);
      await replaceAll(document, `${tidy}\n`);
    },
  );
});

hostTest('above a space stand its size and a lens that searches it', async () => {
  const document = await open('tiny.nas');
  const lenses = await eventually(
    () => ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10),
    (answer) => answer.some(({ command }) => /architecture/.test(command?.title ?? '')),
  );
  const search = lenses.find(({ command }) => command?.command === 'nasturtium.search');
  assert.ok(search, lenses.map(({ command }) => command?.title).join('; '));
});

hostTest('semantic tokens, folding and selection ranges answer', async () => {
  const document = await open('tiny.nas');
  const tokens = await ask<vscode.SemanticTokens | undefined>(
    'vscode.provideDocumentSemanticTokens',
    document.uri,
  );
  assert.ok((tokens?.data.length ?? 0) > 50);
  const folds = await ask<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', document.uri);
  assert.ok(folds.some(({ start }) => start === at(document, 'space tiny').line));
  const [selection] = await ask<vscode.SelectionRange[]>(
    'vscode.executeSelectionRangeProvider',
    document.uri,
    [at(document, '2 * w, 2', 1)],
  );
  assert.ok(selection?.parent?.parent);
});

hostTest('an operator that the runtime lacks is reported with a supported one to take instead', async () => {
  const document = await open('tiny.nas');
  await withText(
    document,
    (text) =>
      text
        .replace(/^target .*$/m, 'target "esp32-s3-devkitc-1" { runtime tflm + esp-nn }')
        .replace('  gap; dense', '  conv 3x3 -> 8 groups 2\n  gap; dense'),
    async () => {
      await eventually(
        () => Promise.resolve(vscode.languages.getDiagnostics(document.uri)),
        (all) =>
          all.some(
            ({ code, range }) =>
              typeof code === 'object' &&
              code.value === 'operator/unsupported' &&
              range.start.line === at(document, 'groups').line,
          ),
      );
    },
  );
});

hostTest('the server can be restarted', async () => {
  const document = await open('tiny.nas');
  await vscode.commands.executeCommand('nasturtium.restartServer');
  await eventually(
    () => ask<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at(document, 'conv 3x3', 1)),
    (answer) => answer.length > 0,
  );
});
