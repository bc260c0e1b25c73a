import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visible, visibleJson, visibleLine } from './visible.ts';

test('characters that steer, turn or hide are shown by their numbers', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['\u001b[31mred\u009b0m', '\\u001b[31mred\\u009b0m'],
    ['\u202egpj.exe\u2066\u200f', '\\u202egpj.exe\\u2066\\u200f'],
    ['a\u200bb\ufeff\u2028\u2029', 'a\\u200bb\\ufeff\\u2028\\u2029'],
    ['\u{e0041}\u{e007f}', '\\u{e0041}\\u{e007f}'],
    ['half \ud83d', 'half \\ud83d'],
    ['back\bspace\rreturn\u0000', 'back\\u0008space\\u000dreturn\\u0000'],
  ];
  for (const [given, shown] of cases) assert.equal(visibleLine(given), shown);
  assert.equal(visible('a\tb\nc\r'), 'a\tb\nc\\u000d');
  assert.equal(visibleLine('a\tb\nc'), 'a\\u0009b\\u000ac');
});

test('what is written in any script stays', () => {
  for (const text of ['Größe', '模型', 'نموذج', '👩‍👩‍👧', 'می‌خواهم', '~ |*_`<>&"\'\\'])
    assert.equal(visibleLine(text), text);
});

test('JSON reads back as the same', () => {
  const value = { 'a\u202e': ['\u001b\u009b\u007f', '\u{e0041}', '\n\t', 'half \ud83d'] };
  for (const indent of [undefined, 2]) {
    const text = visibleJson(value, indent);
    assert.deepEqual(JSON.parse(text), value);
    assert.equal(visible(text), text);
  }
});
