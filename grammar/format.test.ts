import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, formatDocument, formatOnType, formatRange, parse } from './index.ts';
import { examples, withoutPlaces } from './testing/examples.ts';
import { mutations } from './testing/mutate.ts';

const options = { tabSize: 2, insertSpaces: true };
const format = (text: string, chosen = options): string => applyEdits(text, formatDocument(text, chosen));

const messy = `space   s{
conv 3x3->16  stride 2 ,bn,relu6?;gap   // ten



choice{
a:{conv 1x1->2
gap}
b:none}
let x={1|2|
3|4}
conv 1->2,bn,{ relu|leaky  0.1 }x0..( n )
conv 3x3
-> -16
MB( 2,
3 )
/* a note */
}
constraints{ram<3KB;flash<  90 %}`;

const clean = `space s {
  conv 3x3 -> 16 stride 2, bn, relu6 ?; gap // ten

  choice {
    a: { conv 1x1 -> 2
      gap }
    b: none }
  let x = {1 | 2 |
    3 | 4}
  conv 1 -> 2, bn, {relu | leaky 0.1} x0..(n)
  conv 3x3
    -> -16
  MB(2,
    3)
  /* a note */
}
constraints { ram < 3 KB; flash < 90 % }
`;

test('a messy text becomes clean', () => assert.equal(format(messy), clean));

test('tabs where they are wanted', () => {
  assert.equal(
    format('space s {\nconv 3\n}\n', { tabSize: 4, insertSpaces: false }),
    'space s {\n\tconv 3\n}\n',
  );
  assert.equal(
    format('space s {\nconv 3\n}\n', { tabSize: 4, insertSpaces: true }),
    'space s {\n    conv 3\n}\n',
  );
});

for (const { name, text } of examples) {
  test(`${name} is formatted already`, () => assert.deepEqual(formatDocument(text, options), []));
}

test('line ends stay as they are', () => {
  assert.equal(format('space s {\r\nconv 3\r\n}'), 'space s {\r\n  conv 3\r\n}\r\n');
});

test('edits touch blanks only, and each a single gap', () => {
  const edits = formatDocument(messy, options);
  for (const { span, text } of edits) {
    assert.match(messy.slice(span.start, span.end), /^\s*$/);
    assert.match(text, /^\s*$/);
  }
  const [first] = formatDocument('space  s {\n}\n', options);
  assert.deepEqual(first, { span: { start: 5, end: 7 }, text: ' ' });
});

test('a line with a problem is left alone, its neighbours are not', () => {
  const text = 'space s {\nconv   3x3->\n   gap\n}\n';
  assert.equal(format(text), 'space s {\nconv   3x3->\n  gap\n}\n');
});

test('a declaration whose braces do not match is left alone', () => {
  const text = 'block A {\nconv   3\n{ gap\n}\nspace s {\nconv   3\n}\n';
  assert.equal(format(text), 'block A {\nconv   3\n{ gap\n}\nspace s {\n  conv 3\n}\n');
});

test('nothing is put behind a string that is not closed, of which it would become a part', () => {
  for (const text of ['e\n"{}', 'e\n"""{}', 'e\n"a(1,2);b']) {
    const once = format(text);
    assert.equal(format(once), once);
    assert.ok(once.includes(text.slice(text.lastIndexOf('"')).slice(0, 2)), once);
  }
});

test('a range formats its lines only', () => {
  const text = 'space s {\nconv   3\ngap ;\n}\n';
  const at = text.indexOf('gap');
  assert.equal(
    applyEdits(text, formatRange(text, { start: at, end: at }, options)),
    'space s {\nconv   3\n  gap;\n}\n',
  );
});

test('on type: the line of `;`, the bracket of `}`, the line before a line end', () => {
  const text = 'space s {\nconv   3;\n{ gap\nbn  }\n}\n';
  const after = (typed: string, part: string): string => {
    const offset = text.indexOf(part) + part.length;
    return applyEdits(text, formatOnType(text, offset, typed, options));
  };
  assert.equal(after(';', '3;'), 'space s {\n  conv 3;\n{ gap\nbn  }\n}\n');
  assert.equal(after('}', 'bn  }'), 'space s {\nconv   3;\n  { gap\n    bn }\n}\n');
  assert.equal(after('\n', '3;\n'), 'space s {\n  conv 3;\n{ gap\nbn  }\n}\n');
});

test('formatting twice is formatting once, and changes neither meaning nor comments', () => {
  const texts = examples.map(({ text }) => text);
  for (const { text, name } of mutations([...texts, messy], 300, 5)) {
    const once = format(text);
    assert.equal(format(once), once, `${name}: ${JSON.stringify(text)}`);
    const before = parse(text);
    const after = parse(once);
    assert.equal(after.file.comments.length, before.file.comments.length, name);
    if (before.problems.length === 0) {
      assert.deepEqual(withoutPlaces(after.file.declarations), withoutPlaces(before.file.declarations), name);
    }
  }
});

test('what nests deeper than can be read stays as it is', () => {
  const deep = `space s {\n${'{\n'.repeat(200)}${'}\n'.repeat(200)}}\n`;
  assert.equal(format(deep), deep);
});

test('an editor that asks for tabs of any width gets lines of bearable length', () => {
  const wide = format('space s {\nconv 3\n}\n', { tabSize: 1e9, insertSpaces: true });
  assert.equal(wide, `space s {\n${' '.repeat(16)}conv 3\n}\n`);
});

test('many problems on one long line, and a text of lines with problems, are left alone', () => {
  const line = `space s { ${'conv 3x3-> ; '.repeat(3000)} }\n`;
  assert.equal(format(line), line);
  const lines = '%%  ?? @@\n'.repeat(3000);
  assert.equal(format(lines), lines);
});
