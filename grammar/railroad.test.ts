import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { drawingScripts, drawingStyle, railroadPage, serializedGrammar } from './testing/railroad.ts';

const update = process.env['UPDATE_SNAPSHOTS'] === '1';
const howTo =
  'The grammar changed. Read the change, then run UPDATE_SNAPSHOTS=1 node --test grammar/railroad.test.ts';

function assertCurrent(path: URL, text: string): void {
  if (update) writeFileSync(path, text);
  assert.ok(readFileSync(path, 'utf8') === text, howTo);
}

/** One rule a line, in a notation that shows a change of the grammar in a diff. */
function notation(): string {
  interface Part {
    readonly type: string;
    readonly name?: string;
    readonly label?: string;
    readonly definition?: readonly Part[];
  }
  const join = (parts: readonly Part[] = []): string => parts.map(show).filter(Boolean).join(' ');
  const show = (part: Part): string => {
    switch (part.type) {
      case 'Terminal':
        return `'${part.label ?? part.name ?? ''}'`;
      case 'NonTerminal':
        return part.name ?? '';
      case 'Option':
        return `[${join(part.definition)}]`;
      case 'Repetition':
        return `{${join(part.definition)}}`;
      case 'Alternation':
        return `(${(part.definition ?? []).map((option) => join(option.definition) || 'nothing').join(' | ')})`;
      default:
        return join(part.definition);
    }
  };
  const rules = serializedGrammar() as unknown as readonly Part[];
  return rules.map((rule) => `${rule.name ?? ''} = ${join(rule.definition)}\n`).join('');
}

test('the grammar is the one of the snapshot', () => {
  assertCurrent(new URL('./snapshots/grammar.txt', import.meta.url), notation());
});

test('the railroad diagrams are current and need no network', () => {
  const root = new URL('../node_modules/chevrotain/', import.meta.url);
  const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
  const page = railroadPage(drawingScripts.map(read), read(drawingStyle));
  assert.doesNotMatch(page, /<(?:script|link)[^>]*(?:src|href)=/);
  assertCurrent(new URL('../docs/railroad.html', import.meta.url), page);
});
