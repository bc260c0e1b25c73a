import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  followerWords,
  functionWords,
  layerWords,
  operandWords,
  parameterWords,
  parse,
  rareParameterWords,
} from '../../grammar/index.ts';
import { functions } from '../space/functions.ts';
import { commonParameters, operators } from './words.ts';

const sorted = (words: Iterable<string>): string[] => [...new Set(words)].sort();
const catalogue = [...operators.values()];

test('the grammar knows the words of the catalogue', () => {
  // `skip` is a reserved word; as an operator it is an option only.
  assert.deepEqual(sorted([...layerWords, 'skip']), sorted(operators.keys()));
  assert.deepEqual(sorted(followerWords), sorted(catalogue.flatMap(({ followers }) => followers)));
  assert.deepEqual(sorted(functionWords), sorted(functions.keys()));
  for (const { name } of [...catalogue.flatMap(({ parameters }) => parameters), ...commonParameters]) {
    assert.ok(parameterWords.has(name) || rareParameterWords.has(name), name);
  }
  for (const word of operandWords) assert.ok(operators.get(word)?.operand, word);
});

test('every parameter can begin the line below its layer', () => {
  for (const { name, parameters } of catalogue) {
    if (name === 'skip') continue;
    for (const parameter of parameters) {
      const { file, problems } = parse(`space s {\n  ${name}\n    ${parameter.name} 1\n}\n`);
      assert.deepEqual(problems, []);
      const [space] = file.declarations;
      assert.ok(space?.kind === 'space');
      assert.equal(space.body.length, 1, `${name} ${parameter.name}`);
    }
  }
});

test('the reference names every operator', () => {
  const reference = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');
  for (const name of operators.keys()) assert.ok(reference.includes(`\`${name}\``), name);
});
