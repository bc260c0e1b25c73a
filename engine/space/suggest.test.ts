/** What is suggested for a slip of the hand, and that thousands of mistakes are not each held against every name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest, Suggestions } from './suggest.ts';

test('the nearest name is suggested, and none that is far away', () => {
  const suggestions = new Suggestions();
  assert.equal(suggestions.nearest('cnov', ['gap'], ['conv', 'dense']), 'conv');
  assert.equal(suggestions.nearest('cnov', ['conv', 'dense']), nearest('cnov', ['conv', 'dense']));
  assert.equal(suggestions.nearest('xyz', ['conv', 'dense']), undefined);
});

test('of thousands of mistakes the first are looked into', () => {
  let compared = 0;
  function* names(): Generator<string> {
    for (let index = 0; index < 1000; index++) {
      compared++;
      yield `name${index}`;
    }
  }
  const suggestions = new Suggestions();
  const found = Array.from({ length: 2000 }, () => suggestions.nearest('nmae7', names()));
  assert.equal(found[0], 'name7');
  assert.equal(found.at(-1), undefined);
  assert.ok(compared < 100_000, `${compared} comparisons`);
});
