/** Folding, selection, outline and links: the features that need only the tree. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentSymbol, SelectionRange } from 'vscode-languageserver-types';
import { fixture } from '../testing/fixture.ts';
import { foldingRanges } from './folding.ts';
import { documentLinks } from './links.ts';
import { selectionRanges } from './selection.ts';
import { documentSymbols, workspaceSymbols } from './symbols.ts';

function checkFolds(source: string, ...expected: string[]): void {
  const folds = foldingRanges(fixture(source).snapshot).map(
    ({ startLine, endLine, kind, collapsedText }) =>
      `${startLine}-${endLine}${kind === undefined ? '' : ` ${kind}`}${collapsedText === undefined ? '' : ` ${collapsedText}`}`,
  );
  assert.deepEqual(folds, expected);
}

test('bodies fold, their closing brace stays', () => {
  checkFolds(
    'space s {\n  conv 3x3 -> 8\n  choice {\n    a: conv 1x1 -> 8\n    b: {\n      gap\n    }\n  }\n}\n',
    '0-7',
    '2-6',
    '4-5',
  );
});

test('comments that stand together fold, and regions by their name', () => {
  checkFolds(
    '// one\n// two\n// region Blocks\nquantize int8\n// endregion\n/* a\n b */\n',
    '0-1 comment',
    '2-4 region Blocks',
    '5-6 comment',
  );
});

test('a comment behind code folds with nothing', () => {
  checkFolds('quantize int8 // one\n// two\n');
});

function checkSelection(source: string, ...expected: string[]): void {
  const { snapshot, cursor } = fixture(source);
  const [range] = selectionRanges(snapshot, [snapshot.lines.positionAt(cursor)]);
  const texts: string[] = [];
  for (let at: SelectionRange | undefined = range; at !== undefined; at = at.parent) {
    const span = snapshot.lines.span(at.range);
    texts.push(snapshot.text.slice(span.start, span.end));
  }
  assert.deepEqual(texts, expected);
}

test('selection grows from the word to the file', () => {
  checkSelection(
    'space s { conv 3x3 -> round8(16 * w$0idth) }',
    'width',
    '16 * width',
    'round8(16 * width)',
    'conv 3x3 -> round8(16 * width)',
    'space s { conv 3x3 -> round8(16 * width) }',
  );
});

function checkOutline(source: string, expected: string): void {
  const lines: string[] = [];
  const show = (symbols: readonly DocumentSymbol[], indent: string): void => {
    for (const { name, detail, children } of symbols) {
      lines.push(`${indent}${name}${detail === undefined || detail === '' ? '' : ` | ${detail}`}`);
      show(children ?? [], `${indent}  `);
    }
  };
  const symbols = documentSymbols(fixture(source).snapshot);
  show(symbols, '');
  assert.equal(lines.join('\n'), expected);
}

test('the outline has a level for each body', () => {
  checkOutline(
    'target "pico"\nblock B(out) { let t = {2 | 3}; conv 1x1 -> out }\nspace s { choice { a: B(8); b: { gap } }; skip add }\nsearch nsga2 { trials 9 }',
    'pico | target\nB | block\n  t | {2 | 3}\n  conv | 1x1 -> out\ns | space\n  choice\n    a\n      B | (8)\n    b\n      gap\n  skip add\nnsga2 | search',
  );
});

test('every range of the outline holds its selection, also in half-typed text', () => {
  const inside = (symbols: readonly DocumentSymbol[]): void => {
    for (const { range, selectionRange, children, name } of symbols) {
      assert.ok(name !== '');
      const before = (
        a: { line: number; character: number },
        b: { line: number; character: number },
      ): boolean => a.line < b.line || (a.line === b.line && a.character <= b.character);
      assert.ok(before(range.start, selectionRange.start) && before(selectionRange.end, range.end));
      inside(children ?? []);
    }
  };
  inside(
    documentSymbols(
      fixture('block {\n let = \n conv -> \n}\nspace s { choice { a: ; } }\ntarget {\nsearch').snapshot,
    ),
  );
});

test('workspace symbols match letters in their order', () => {
  const { snapshot } = fixture('block Separable(out) { gap }\nspace clothes { gap }');
  const names = (query: string): string[] => workspaceSymbols(snapshot, query).map(({ name }) => name);
  assert.deepEqual(names(''), ['Separable', 'clothes']);
  assert.deepEqual(names('sprbl'), ['Separable']);
  assert.deepEqual(names('zzz'), []);
});

test('imports and data sets that exist are links', () => {
  const { workspace, snapshot } = fixture(
    '//- /blocks.nas\nblock A { gap }\n//- /main.nas\nimport { A } from "./blocks.nas"\nimport { B } from "./missing.nas"\n',
  );
  const links = documentLinks(workspace, snapshot);
  assert.deepEqual(
    links.map(({ target }) => target),
    ['file:///blocks.nas'],
  );
});
