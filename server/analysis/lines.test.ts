import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyChanges } from './edits.ts';
import { Lines } from './lines.ts';

const texts = fc.string({ unit: fc.constantFrom('a', 'é', '→', '😀', '\n', '\r\n', ' '), maxLength: 40 });

for (const encoding of ['utf-16', 'utf-8'] as const) {
  test(`${encoding}: an offset survives the way to a position and back`, () => {
    fc.assert(
      fc.property(texts, fc.nat(80), (text, at) => {
        const lines = new Lines(text, encoding);
        let offset = Math.min(at, text.length);
        // Between the halves of a surrogate pair, or of a line break, there is no position.
        if (/[\uDC00-\uDFFF]/.test(text.charAt(offset)) || text.slice(offset - 1, offset + 1) === '\r\n')
          offset--;
        assert.equal(lines.offsetAt(lines.positionAt(offset)), offset);
      }),
    );
  });
}

test('characters are counted in the encoding that was agreed', () => {
  const text = 'é😀x';
  assert.deepEqual(new Lines(text, 'utf-16').positionAt(3), { line: 0, character: 3 });
  assert.deepEqual(new Lines(text, 'utf-8').positionAt(3), { line: 0, character: 6 });
  assert.equal(new Lines(text, 'utf-8').offsetAt({ line: 0, character: 6 }), 3);
});

test('positions outside the text mean its nearest end', () => {
  const lines = new Lines('ab\ncd');
  assert.equal(lines.offsetAt({ line: 0, character: 99 }), 2);
  assert.equal(lines.offsetAt({ line: 99, character: 0 }), 5);
  assert.deepEqual(lines.positionAt(-1), { line: 0, character: 0 });
});

test('changes apply one after the other, and their hull says what changed', () => {
  const before = new Lines('one two three');
  const at = (start: number, end: number) => ({
    start: { line: 0, character: start },
    end: { line: 0, character: end },
  });
  const { lines, change } = applyChanges(before, [
    { range: at(4, 7), text: '2' },
    { range: at(0, 3), text: 'first' },
  ]);
  assert.equal(lines.text, 'first 2 three');
  assert.deepEqual(change, { span: { start: 0, end: 7 }, inserted: 7 });
});

test('the hull of any changes turns the old text into the new one', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.nat(20), fc.nat(5), fc.string({ maxLength: 4, unit: fc.constantFrom('x', 'y', '\n') })),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      (edits) => {
        const before = new Lines('abc\ndef\nghi jkl mno');
        let now = before;
        const changes = edits.map(([at, removed, text]) => {
          const start = Math.min(at, now.text.length);
          const range = now.range({ start, end: Math.min(now.text.length, start + removed) });
          now = applyChanges(now, [{ range, text }]).lines;
          return { range, text };
        });
        const { lines, change } = applyChanges(before, changes);
        assert.ok(change !== undefined);
        const inserted = lines.text.slice(change.span.start, change.span.start + change.inserted);
        const rebuilt =
          before.text.slice(0, change.span.start) + inserted + before.text.slice(change.span.end);
        assert.equal(rebuilt, lines.text);
      },
    ),
  );
});
