/** What others would have to wait for is given up before it is done; what is done in steps is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateSpace } from '../../test/bench/generate-space.ts';
import { filesOf } from '../testing/fixture.ts';
import type { Phase, Snapshot } from './snapshot.ts';
import { Overdue, Turn } from './turn.ts';
import { Workspace } from './workspace.ts';

function opened(text: string): Snapshot {
  const workspace = new Workspace(filesOf(new Map()));
  workspace.turn = new Turn();
  return workspace.open('file:///w/s.nas', 1, text);
}

const spaceOf = (statements: string): string =>
  `target "nucleo-f446re"\nspace s {\n  input 32x32x3\n${statements}\n  flatten\n  dense -> 10\n}\n`;

const choice = (options: number): string => `  choice {\n${'    a: conv 3x3 -> 8\n'.repeat(options)}  }\n`;

for (const [what, text, phase] of [
  ['a text of very many tokens', spaceOf(`  conv 3x3 -> ${'{1|'.repeat(10_000)}`), 'tree'],
  ['a statement that stands for very many layers', spaceOf(choice(1200)), 'meaning'],
  ['a choice whose options meet those of the next', spaceOf('  conv 3x3 -> {1..128}\n'.repeat(2)), 'meaning'],
  [
    'statements each of which is short, but not all together',
    spaceOf('  conv 3x3 -> {1..128}\n  conv 1x1 -> 8\n'.repeat(200)),
    'meaning',
  ],
] satisfies [string, string, Phase][]) {
  test(`${what} is given up when its ${phase} is worked out, and so whenever it is tried`, () => {
    const snapshot = opened(text);
    if (phase === 'meaning') snapshot.reach('tree');
    for (let attempt = 0; attempt < 2; attempt++)
      assert.throws(() => {
        snapshot.reach(phase);
      }, Overdue);
  });
}

test('a thousand lines are read in one thread with everybody else, each step of them short', () => {
  const snapshot = opened(generateSpace(1000));
  const steps = [...snapshot.steps('cost')].length;
  assert.ok(steps > 200, String(steps));
  assert.equal(snapshot.derived.costs?.length, 1);
});
