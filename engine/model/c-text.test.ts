import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cComment, cIdentifier } from './c-text.ts';

test('nothing ends a comment, begins another or joins its lines', () => {
  const hostile = [
    '*/ #include "/etc/passwd" /*',
    '*\\\n/ int evil; /*',
    '*??/\n/ int evil; /*',
    'at the end \\',
    'at the end ??/',
    '/\u200b*/ **/ /**/ //* */*/',
    'é \u202e \u2028 */ \u{1f600} \ud800',
    '/',
    '*',
    '',
  ];
  const comment = cComment(hostile);
  const lines = comment.split('\n');
  assert.equal(lines.length, hostile.length + 2);
  assert.deepEqual([comment.indexOf('*/'), comment.lastIndexOf('/*')], [comment.length - 2, 0]);
  for (const line of lines) assert.match(line, /^(\/\*| \*[\x20-\x7e]*)$/);
  assert.doesNotMatch(comment, /\\\s*$|\?\?/m);
});

test('a name in C is one in C++, too, and no word of either', () => {
  const names = {
    int: 'model_int',
    Class: 'model_class',
    'double ': 'model_double',
    é: 'model',
    'a*/b': 'a_b',
    int8: 'int8',
  };
  for (const [given, name] of Object.entries(names)) assert.equal(cIdentifier(given), name);
});
