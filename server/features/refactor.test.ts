import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../analysis/settings.ts';
import { applied, fixture } from '../testing/fixture.ts';
import { codeActions } from './code-actions.ts';

function check(kind: string, source: string, after: string | undefined): void {
  const { snapshot, cursor, selection } = fixture(source);
  const span = selection ?? { start: cursor, end: cursor };
  const action = codeActions(snapshot, span, { diagnostics: [], only: [kind] }, defaultSettings).find(
    (each) => each.kind === kind,
  );
  const result =
    action === undefined ? undefined : applied(snapshot, action.edit?.changes?.[snapshot.uri] ?? []);
  assert.equal(result, after);
}

test('inline a let', () => {
  check(
    'refactor.inline',
    'space s {\n  input 8x8x1\n  let $0w = 4 + 4\n  conv 3x3 -> w * 2\n}\n',
    'space s {\n  input 8x8x1\n  conv 3x3 -> (4 + 4) * 2\n}\n',
  );
  check(
    'refactor.inline',
    'space s {\n  input 8x8x1\n  let $0w = {4 | 8}\n  conv 3x3 -> w\n  conv 3x3 -> w\n}\n',
    undefined,
  );
});

test('a choice in place becomes a tie', () => {
  check(
    'refactor.rewrite',
    'space s {\n  input 8x8x1\n  conv 3x3 -> {8$0 | 16}\n}\n',
    'space s {\n  tie channels = {8 | 16}\n  input 8x8x1\n  conv 3x3 -> channels\n}\n',
  );
  check(
    'refactor.rewrite',
    'space s {\n  input 8x8x1\n  let w = {8$0 | 16}\n  conv 3x3 -> w\n}\n',
    'space s {\n  input 8x8x1\n  tie w = {8 | 16}\n  conv 3x3 -> w\n}\n',
  );
});

test('a selected value gets a name', () => {
  check(
    'refactor.extract',
    'space s {\n  input 8x8x1\n  tie w = 4\n  conv 3x3 -> $1w * 2$2, relu\n}\n',
    'space s {\n  input 8x8x1\n  tie w = 4\n  let channels = w * 2\n  conv 3x3 -> channels, relu\n}\n',
  );
  check(
    'refactor.extract',
    'space s {\n  input 8x8x1\n  conv 3x3 -> 8 stride $1{1 | 2}$2\n}\n',
    'space s {\n  input 8x8x1\n  let stride_2 = {1 | 2}\n  conv 3x3 -> 8 stride stride_2\n}\n',
  );
  // Repeated or left out, the choice would be drawn another number of times.
  check('refactor.extract', 'space s {\n  input 8x8x1\n  conv 3x3 -> $1{4 | 8}$2 x2\n}\n', undefined);
  check('refactor.extract', 'space s {\n  input 8x8x1\n  conv 3x3 -> $1{4 | 8}$2 ?\n}\n', undefined);
  // An option without braces has room for one statement.
  check(
    'refactor.extract',
    'space s {\n  input 8x8x1\n  choice { a: conv 3x3 -> $14$2; b: gap }\n}\n',
    undefined,
  );
});

test('statements become a block with what they read as parameters', () => {
  check(
    'refactor.extract',
    'space s {\n  input 8x8x1\n  tie w = {8 | 16}\n  $1conv 3x3 -> w\n  dwconv 3x3$2\n  gap\n}\n',
    'block Extracted(w) {\n  conv 3x3 -> w\n  dwconv 3x3\n}\n\nspace s {\n  input 8x8x1\n  tie w = {8 | 16}\n  Extracted(w)\n  gap\n}\n',
  );
  check(
    'refactor.extract',
    'space s {\n  input 8x8x1\n  $1let w = 8\n  conv 3x3 -> w$2\n  conv 3x3 -> w\n}\n',
    undefined,
  );
});

test('imports are sorted and those not read go', () => {
  check(
    'source.organizeImports',
    '//- /a.nas\nblock A { gap }\nblock B { gap }\n//- /main.nas\nimport { B, A } from "./b.nas"\nimport { A as Z, B as C } from "./a.nas"\nspace s {\n  input 8x8x1\n  Z$0\n}\n',
    'import { A as Z } from "./a.nas"\nspace s {\n  input 8x8x1\n  Z\n}\n',
  );
});
