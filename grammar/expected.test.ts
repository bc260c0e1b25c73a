import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedAt, parse, pathAt, walk } from './index.ts';
import { examples } from './testing/examples.ts';

/** What can stand at the `$` of a text, in short. */
function at(marked: string): string[] {
  const offset = marked.indexOf('$');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return expectedAt(text, offset).expectations.map(({ context, ...rest }) => {
    const values: readonly unknown[] = Object.values(rest);
    const details = values.filter((value): value is string => typeof value === 'string' && value !== '');
    return [context, ...details].join(' ');
  });
}

for (const [text, ...expected] of [
  ['$', 'declaration'],
  ['tar$', 'declaration'],
  ['target "nu$c"', 'boardName'],
  ['target "x" { $', 'propertyName target'],
  ['dataset speech("./g$")', 'stringArgument speech'],
  ['dataset s { features mfcc { frame 40 ms; h$', 'propertyName dataset'],
  ['space s {\n  $', 'statement'],
  ['block B { conv 3\n{ $', 'statement', 'operatorOption'],
  ['space s { conv 3x3 -> 16 stride $', 'parameterValue conv stride', 'expression'],
  ['space s { conv 3x3 -> 16, $', 'follower conv'],
  ['space s { conv 3x3 -> 16, bn, {$', 'follower conv'],
  ['space s { conv 3x3 -> 16, bn, {relu | $', 'follower conv'],
  ['space s { conv 3x3 -> 16, bn, {relu $'],
  ['space s { {conv 3x3, {$', 'follower conv'],
  ['space s { choice { a: gap, {relu | h$', 'follower gap'],
  ['space s { conv 3x3 -> 16 when a else $', 'expression'],
  ['space s { let k = 16 when $', 'expression'],
  ['space s { let k = 16 when a else $', 'expression'],
  ['space s { let k = 16 when a $', 'binaryOperator'],
  ['space s { MB(2, $', 'argument MB', 'expression'],
  ['space s { MB(2) when $', 'expression'],
  ['space s { let $'],
  ['space s { let x = $', 'expression'],
  ['space s { let x = $\n conv 3x3', 'expression'],
  ['space s { choice { $'],
  ['space s { choice { a: $', 'statement'],
  ['space s { skip $', 'merge skip'],
  ['constraints { $', 'constraintMetric'],
  ['constraints { ram $', 'constraintOperator ram'],
  ['constraints { ram < $', 'constraintBound ram'],
  ['constraints { ram < 3 KB on $', 'boardName'],
  ['objectives { max $', 'objectiveMetric max'],
  ['search $', 'strategy'],
  ['import { $ } from "a.nas"', 'importName a.nas'],
  ['quantize {$', 'quantization'],
  ['cell C { edge each <- {$', 'operatorOption'],
  ['\n$', 'declaration'],
  ['space s { // $'],
  ['/* a\n $ */ space s { gap }'],
] as const) {
  test(`at ${JSON.stringify(text)}`, () => assert.deepEqual(at(text), expected));
}

test('the word around the place is what a proposal replaces', () => {
  const text = 'space s { conv 3x3 -> 16 st }';
  const { word } = expectedAt(text, text.indexOf('st }') + 1);
  assert.equal(text.slice(word.start, word.end), 'st');
  assert.deepEqual(expectedAt('constraints { ram < 20K', 23).word, { start: 22, end: 23 });
});

test('answers at every place of every example', () => {
  for (const { text } of examples) {
    for (let offset = 0; offset <= text.length; offset += 7) {
      const { word } = expectedAt(text, offset);
      assert.ok(word.start <= offset && offset <= word.end && word.end <= text.length);
    }
  }
});

test('the path to a place leads from the file to the innermost node', () => {
  const text = 'space s { conv 3x3 -> round8(16 * w) stride 2 }';
  const { file } = parse(text);
  const kinds = pathAt(file, text.indexOf('w)')).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['file', 'space', 'operator', 'call', 'argument', 'binary', 'name']);
  assert.equal(pathAt(file, text.indexOf('stride')).at(-1)?.kind, 'identifier');
});

test('children lie inside their parents', () => {
  for (const { text } of examples) {
    const { file } = parse(text);
    walk(file, (node, parent) => {
      if (parent)
        assert.ok(parent.start <= node.start && node.end <= parent.end, `${parent.kind}/${node.kind}`);
    });
  }
});
