/** Holds docs/dependencies.md to package.json: every package is named, with the licence that it has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '..');

interface Manifest {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifest(...where: string[]): Manifest {
  return JSON.parse(readFileSync(path.join(root, ...where, 'package.json'), 'utf8')) as Manifest;
}

/** Package name to licence, from the rows of one section. */
function documented(section: string): Readonly<Record<string, string>> {
  const page = readFileSync(path.join(root, 'docs', 'dependencies.md'), 'utf8');
  const text = page.split('\n## ').find((part) => part.startsWith(section)) ?? '';
  return Object.fromEntries(
    [...text.matchAll(/^\| `([^`]+)`\s*\| ([^|]+?)\s*\|/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

function installed(packages: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const names = Object.keys(packages ?? {}).filter((name) => !name.startsWith('@types/'));
  return Object.fromEntries(names.map((name) => [name, manifest('node_modules', name).license ?? 'none']));
}

test('docs/dependencies.md names what the product uses, with its licence', () => {
  assert.deepEqual(documented('In the product'), installed(manifest().dependencies));
});

test('docs/dependencies.md names what building and testing use, with its licence', () => {
  assert.deepEqual(documented('To build and test'), installed(manifest().devDependencies));
});

test('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies } = manifest();
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d/.test(version),
  );
  assert.deepEqual(loose, []);
});
