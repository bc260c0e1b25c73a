/** What the formatter must never do, whatever the layout: lose a comment, change the meaning, touch what is right. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits, formatDocument, formatOnType, formatRange, parse } from './index.ts';
import { examples, withoutPlaces } from './testing/examples.ts';
import * as t from './tokens.ts';

const options = { tabSize: 2, insertSpaces: true };
const reference = readFileSync(new URL('../docs/language.md', import.meta.url), 'utf8');
const texts = [
  ...examples.map(({ text }) => text),
  ...[...reference.matchAll(/```nas\n([\s\S]*?)```/g)].map(([, text = '']) => text),
];

/** What is put between two tokens: on one line, or where a line ends. */
const inLine = fc.constantFrom(
  ...['  ', '\t', ' /* a */ ', '/* b */', '   /* c\n   d */', ' /* // e */ ', ' /**/ ', ' /* "f */ '],
);
const atLineEnd = fc.constantFrom(
  ...[
    '\n',
    '\n\n\n',
    ' // g\n',
    '// h "\n\t',
    '\n/* i */\n',
    '\n   // j }\n',
    '   \n',
    ' /* k */ // l\n',
    '\r\n',
  ],
);
const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), inLine, atLineEnd });

/** The text with other blanks and comments where some of its blanks are. */
function disturbed(
  text: string,
  changes: readonly { at: number; inLine: string; atLineEnd: string }[],
): string {
  const gaps = [...text.matchAll(/[ \n]+/g)].filter(({ index }) => !isInside(text, index));
  const chosen = new Map(
    changes.map((one) => [gaps[Math.floor(one.at * (gaps.length - 1))]?.index ?? -1, one]),
  );
  let result = '';
  let from = 0;
  for (const { 0: gap, index } of gaps) {
    const one = chosen.get(index);
    if (one === undefined) continue;
    result += text.slice(from, index) + (gap.includes('\n') ? one.atLineEnd : ` ${one.inLine} `);
    from = index + gap.length;
  }
  return result + text.slice(from);
}

/** Inside a comment or a string a blank is no gap. */
function isInside(text: string, offset: number): boolean {
  const { tokens, groups } = lexed(text);
  return [
    ...tokens.filter(({ tokenType }) => tokenType === t.StringToken),
    ...(groups['comments'] ?? []),
  ].some(({ startOffset, image }) => startOffset < offset && offset < startOffset + image.length);
}

const known = new Map<string, ReturnType<typeof t.lexer.tokenize>>();
function lexed(text: string): ReturnType<typeof t.lexer.tokenize> {
  const found = known.get(text) ?? t.lexer.tokenize(text);
  known.set(text, found);
  return found;
}

const disturbance = fc
  .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 12 }))
  .map(([text, changes]) => ({ text, changed: disturbed(text, changes) }));

const comments = (text: string): readonly string[] =>
  parse(text).file.comments.map(({ start, end }) => text.slice(start, end).trimEnd());
const meaning = (text: string): unknown => withoutPlaces(parse(text).file.declarations);

test('blanks and comments anywhere change neither the tree nor what formatting keeps', () => {
  fc.assert(
    fc.property(disturbance, ({ text, changed }) => {
      assert.deepEqual(parse(changed).problems, []);
      assert.deepEqual(meaning(changed), meaning(text));
      const edits = formatDocument(changed, options);
      for (const { span, text: inserted } of edits) {
        assert.match(changed.slice(span.start, span.end) + inserted, /^\s*$/);
        assert.notEqual(changed.slice(span.start, span.end), inserted);
      }
      const once = applyEdits(changed, edits);
      assert.deepEqual(meaning(once), meaning(text));
      assert.deepEqual(comments(once), comments(changed));
      assert.deepEqual(formatDocument(once, options), []);
    }),
    { numRuns: 150, seed: 9 },
  );
});

test('lines that are right already are left alone', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), (text, number) => {
      const lines = text.split('\n').slice(0, -1);
      const at = number % lines.length;
      const line = lines[at] ?? '';
      if (line.trim() === '' || line.trim().startsWith('//')) return;
      const messy = [...lines.slice(0, at), `      ${line.trimStart()}   `, ...lines.slice(at + 1), ''].join(
        '\n',
      );
      // One before the line and one behind it.
      assert.ok(formatDocument(messy, options).length <= 2, line);
      assert.equal(applyEdits(messy, formatDocument(messy, options)), text);
    }),
    { numRuns: 100, seed: 3 },
  );
});

test('formatting a range or on type makes some of the edits of the document, and those of all lines together make all', () => {
  fc.assert(
    fc.property(disturbance, fc.double({ min: 0, max: 1, noNaN: true }), ({ changed }, share) => {
      const all = new Set(formatDocument(changed, options).map((edit) => JSON.stringify(edit)));
      const at = Math.floor(share * changed.length);
      for (const typed of ['\n', '}', ';']) {
        for (const edit of formatOnType(changed, at, typed, options))
          assert.ok(all.has(JSON.stringify(edit)));
      }
      const whole = formatRange(changed, { start: 0, end: changed.length }, options);
      assert.deepEqual(new Set(whole.map((edit) => JSON.stringify(edit))), all);
    }),
    { numRuns: 50, seed: 4 },
  );
});
