/** Strings and comments of any length, however many begin without an end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from './index.ts';
import { blockComment, closedString, unclosedString } from './spans.ts';

/** What the three stand for, as regular expressions that are right on short texts. */
const meant = [
  { find: closedString, pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/y },
  { find: unclosedString, pattern: /"(?:[^"\\\r\n{}();,]|\\[^\r\n])*/y },
  { find: blockComment, pattern: /\/\*(?:[^*/]|\*(?!\/)|\/(?!\*))*\*\//y },
] as const;

test('every short text is read as the pattern says', () => {
  const signs = ['"', '\\', 'a', '\n', '\r', '{', ';', '/', '*'];
  const texts = (length: number): string[] =>
    length === 0 ? [''] : texts(length - 1).flatMap((text) => signs.map((sign) => text + sign));
  for (const text of texts(4)) {
    for (let offset = 0; offset < text.length; offset++) {
      for (const { find, pattern } of meant) {
        pattern.lastIndex = offset;
        assert.equal(find(text, offset)?.[0], pattern.exec(text)?.[0], JSON.stringify(text));
      }
    }
  }
});

test('a string and a comment of megabytes are read without a deep stack', () => {
  const long = 'a'.repeat(9_000_000);
  assert.deepEqual(
    parse(`"${long}`).problems.map(({ start }) => start),
    [0],
  );
  assert.equal(closedString(`"${long}"`, 0)?.[0].length, long.length + 2);
  assert.equal(blockComment(`/*${long}*/`, 0)?.[0].length, long.length + 4);
});

/** Counts how often a text is looked into, since the time that it takes depends on the machine. */
class Counted {
  looks = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get length(): number {
    return this.text.length;
  }

  charCodeAt(at: number): number {
    this.looks++;
    return this.text.charCodeAt(at);
  }

  slice(from: number, to: number): string {
    return this.text.slice(from, to);
  }
}

test('many strings on a line without an end take no longer together than the line is long', () => {
  const looksOf = (count: number): number => {
    const text = new Counted('"\\";'.repeat(count));
    for (let offset = 0; offset < text.length; offset += 4) closedString(text as unknown as string, offset);
    return text.looks;
  };
  assert.ok(looksOf(4000) <= 4 * looksOf(1000) + 8);
});
