/** The hover of a layer, brief for a client that can show it again with its explanations. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarkupContent } from 'vscode-languageserver-types';
import { fixture } from '../testing/fixture.ts';
import { defaultSettings } from '../analysis/settings.ts';
import { hover } from './hover.ts';
import { inlayHints, resolveInlayHint } from './inlay-hints.ts';

const { workspace, snapshot, cursor } = fixture(
  'target "pico"\nspace s {\n  input 32x32x3\n  co$0nv 3x3 -> 8 stride 2, relu\n  gap\n  dense -> 2\n}\n',
);

const shown = (links: boolean, explained: boolean): string =>
  (hover(snapshot, cursor, workspace, { links, explained })?.contents as MarkupContent).value;

const prose = [
  /Where the time goes, by the path/,
  /laid out as/,
  /MACs and parameters are counted/,
  /- `stride`/,
];

test('a brief hover has the numbers, one line on their origin, and a link to the rest', () => {
  const brief = shown(true, false);
  assert.match(brief, /^\*\*[\d.]+ ms · .* RAM · .* flash\*\*\n\n\[Memory[^\n]* · \[Explain the numbers\]/);
  assert.match(brief, /\| Latency \|[^]*Kernel path: fast\.\n\n[^\n|]+\.\n\n---\n\n[^\n]+$/);
  for (const pattern of prose) assert.doesNotMatch(brief, pattern);
});

test('the link names the place of the layer, which has all that is known', () => {
  const [, query = ''] = /command:nasturtium\.explain\?(\S+) /.exec(shown(true, false)) ?? [];
  assert.deepEqual(JSON.parse(decodeURIComponent(query)), [snapshot.uri, 3, 2]);
  const full = shown(true, true);
  for (const pattern of prose) assert.match(full, pattern);
  assert.doesNotMatch(full, /nasturtium\.explain/);
});

test('a client without links is told everything, and no link', () => {
  const plain = shown(false, false);
  for (const pattern of prose) assert.match(plain, pattern);
  assert.doesNotMatch(plain, /command:/);
});

test('the tooltip of a hint is as brief as the hover', () => {
  const [hint] = inlayHints(snapshot, { start: 0, end: snapshot.text.length }, defaultSettings);
  assert.ok(hint !== undefined);
  const { tooltip } = resolveInlayHint(snapshot, hint, { links: true, explained: false });
  const { value } = tooltip as MarkupContent;
  assert.match(value, /nasturtium\.explain/);
  assert.doesNotMatch(value, /Where the time goes, by/);
});
