import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse, reservedWords, unitWords } from './index.ts';

const reference = readFileSync(new URL('../docs/language.md', import.meta.url), 'utf8');
const examples = [...reference.matchAll(/```nas\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

test('the reference has examples', () => assert.ok(examples.length >= 15));

examples.forEach((example, index) => {
  test(`example ${index + 1} of the reference parses: ${example.split('\n')[0] ?? ''}`, () => {
    const { file, problems } = parse(example);
    assert.deepEqual(problems, []);
    assert.ok(file.declarations.length > 0);
  });
});

test('every kind of declaration has an example', () => {
  const kinds = new Set(examples.flatMap((text) => parse(text).file.declarations.map(({ kind }) => kind)));
  assert.equal(kinds.size, 11);
});

test('the reference lists the reserved words and the units', () => {
  const list = /Reserved are `([^`]*)`/.exec(reference)?.[1]?.split(/\s+/);
  assert.deepEqual(list, reservedWords);
  for (const unit of unitWords) {
    assert.ok(new RegExp(`\`${unit}s?\``).test(reference), unit);
  }
});
