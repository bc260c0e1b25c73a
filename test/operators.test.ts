/**
 * What guards every row of an operator. Its examples are layers like any other; each attribute does something that a
 * person can see; and nobody but the rows tells one kind from another.
 */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { operatorKinds } from '../engine/operators/catalogue.ts';

const root = path.resolve(import.meta.dirname, '..');

// ------------------------------------------------------------------ nobody else tells kinds apart

/** Words that mean other things as well: only a comparison with a kind shows that an operator is meant. */
const asKind = new RegExp(
  `\\bkind\\b\\)? ?(?:===|!==) '(?:${operatorKinds.filter((kind) => kind !== 'other').join('|')})'`,
);
/** Names that mean nothing else. */
const asName = new RegExp(
  `['"](?:${operatorKinds.filter((kind) => kind.includes('_')).join('|')})['"]|\\b(?:${operatorKinds.filter((kind) => kind.includes('_')).join('|')}):`,
);

test('no file but the rows and the kernels tells one kind of operator from another', () => {
  const files = ['grammar', 'engine', 'server', 'client', 'cli']
    .flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: root }))
    .filter(
      (file) =>
        !/\.test\.ts$|(^|\/)testing(\/|\.ts$)|^engine\/operators\/|^engine\/train\/operators\//.test(file),
    );
  assert.ok(files.length > 300);
  const found = files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        !/^\s*(\/?\*|\/\/)/.test(line) && (asKind.test(line) || asName.test(line))
          ? [`${file}:${at + 1}: ${line.trim()}`]
          : [],
      ),
  );
  assert.deepEqual(found, []);
});
