import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { withMovedData } from './moved-data.ts';

const root = path.resolve('/w');
const moved = (dataset: string, to: string): string =>
  withMovedData(`dataset ${dataset} { classes 2 }\n`, root, path.resolve(root, to)).slice(
    'dataset '.length,
    -15,
  );

test('the path of data leads to the same place from where the text is written', () => {
  assert.equal(moved('csv("./data/t.csv")', 'model'), 'csv("../data/t.csv")');
  assert.equal(moved('csv("data/t.csv")', '.'), 'csv("./data/t.csv")');
  assert.equal(moved('images("../p q/")', 'a/b'), 'images("../../../p q")');
  assert.equal(moved('images("./a/p")', 'a'), 'images("./p")');
});

test('what is not relative stays as it is', () => {
  for (const dataset of ['csv("/data/t.csv")', 'csv("C:\\\\t.csv")', 'fashion-mnist', 'csv("")', 'csv(12)'])
    assert.equal(moved(dataset, 'model'), dataset);
  assert.equal(withMovedData('space s { }', root, root), 'space s { }');
  // A run that was begun on another system.
  const text = 'dataset csv("./t.csv")';
  assert.equal(withMovedData(text, 'relative', root), text);
});
