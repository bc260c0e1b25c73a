import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applied, fixture } from '../testing/fixture.ts';
import { formatDocument, formatOnType, formatRanges } from './formatting.ts';

const options = { tabSize: 2, insertSpaces: true };

test('a whole document', () => {
  const { snapshot } = fixture('space s {\nconv   3x3->8\n      gap\n}\n');
  assert.equal(
    applied(snapshot, formatDocument(snapshot, options)),
    'space s {\n  conv 3x3 -> 8\n  gap\n}\n',
  );
});

test('only the lines of the ranges, each edit once', () => {
  const { snapshot } = fixture('space s {\nconv   3x3->8\n      gap\n}\n');
  const line = { start: { line: 2, character: 0 }, end: { line: 2, character: 3 } };
  assert.equal(
    applied(snapshot, formatRanges(snapshot, [line, line], options)),
    'space s {\nconv   3x3->8\n  gap\n}\n',
  );
});

test('what was typed', () => {
  const { snapshot, cursor } = fixture('space s {\nconv   3x3->8;$0\n}\n');
  const after = applied(snapshot, formatOnType(snapshot, cursor, ';', options));
  assert.match(after, /conv 3x3 -> 8/);
});

test('nothing to do is no edit', () => {
  const { snapshot } = fixture('space s {\n  conv 3x3 -> 8\n}\n');
  assert.deepEqual(formatDocument(snapshot, options), []);
});
