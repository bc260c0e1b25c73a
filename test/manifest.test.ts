/** Holds the extension's manifest to what the other processes really say. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { tokenModifiers, tokenTypes } from '../server/features/semantic-tokens.ts';

const root = path.resolve(import.meta.dirname, '..');

interface Manifest {
  readonly contributes: {
    readonly problemMatchers: readonly { readonly pattern: { readonly regexp: string } }[];
    readonly semanticTokenScopes: readonly { readonly scopes: Readonly<Record<string, readonly string[]>> }[];
    readonly semanticTokenModifiers: readonly { readonly id: string }[];
  };
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const { contributes } = JSON.parse(read('package.json')) as Manifest;
/** Modifiers that VS Code defines itself. */
const standardModifiers = ['declaration', 'readonly', 'defaultLibrary'];

test('the problem matcher reads a line of `nasturtium check`', () => {
  const pattern = new RegExp(contributes.problemMatchers[0]?.pattern.regexp ?? '(?!)');
  const line =
    'spaces/a.nas:27:15: error: No architecture meets this constraint [x]. [constraint/impossible]';
  assert.deepEqual(pattern.exec(line)?.slice(1), [
    'spaces/a.nas',
    '27',
    '15',
    'error',
    'No architecture meets this constraint [x].',
    'constraint/impossible',
  ]);
});

test('semantic tokens are coloured by types and modifiers that the server sends', () => {
  const types: readonly string[] = tokenTypes;
  const modifiers: readonly string[] = tokenModifiers;
  for (const selector of Object.keys(contributes.semanticTokenScopes[0]?.scopes ?? {})) {
    const [type, ...rest] = selector.split('.');
    assert.ok(types.includes(type ?? ''), selector);
    for (const modifier of rest) assert.ok(modifiers.includes(modifier), selector);
  }
});

test('every modifier of our own is declared', () => {
  const declared = contributes.semanticTokenModifiers.map(({ id }) => id);
  assert.deepEqual(
    tokenModifiers.filter((name) => !standardModifiers.includes(name)),
    declared,
  );
});

test('everything that names the Node for set-up names the same', () => {
  const { engines } = JSON.parse(read('package.json')) as { readonly engines: { readonly node: string } };
  const [, major] = /^>=(\d+)$/.exec(engines.node) ?? [];
  assert.ok(major !== undefined, engines.node);
  for (const file of ['README.md', 'scripts/bootstrap.mjs']) {
    const named = [...read(file).matchAll(/Node (\d+) or later/g)].map(([, said]) => said);
    assert.deepEqual(new Set(named), new Set([major]), file);
  }
});
