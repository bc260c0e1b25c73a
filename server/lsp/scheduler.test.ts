/** Between the phases of one document others are heard. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Slices } from '../analysis/slices.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { reach } from './scheduler.ts';
import { sessionOf } from './testing/session.ts';

const never = { isCancellationRequested: false };
const text = 'target "nucleo-f446re"\nspace s {\n  input 8x8x1\n  flatten\n  dense -> 10\n}\n';

test('who comes while a slice is at work is heard before the next one', async () => {
  const slices = new Slices(never, 0);
  const heard: string[] = [];
  // A message is read from its stream in one turn of the loop and handled in the next.
  setImmediate(() => setImmediate(() => heard.push('message')));
  await slices.pause();
  assert.deepEqual(heard, ['message']);
});

const phaseOf = ({ derived, isWorkedOut, holdsMore }: Snapshot): string => {
  if (derived.costs !== undefined) return 'cost';
  return isWorkedOut ? 'meaning' : holdsMore ? 'tree' : 'text';
};

test('others are heard before each phase and before what rests on the last one', async () => {
  const session = sessionOf();
  const snapshot = session.workspace.open('file:///w/s.nas', 1, text);
  const seen = new Set<string>();
  let isReached = false;
  const others = (): void => {
    if (isReached) return;
    seen.add(phaseOf(snapshot));
    setImmediate(others);
  };
  others();
  await reach(session, snapshot, 'cost', new Slices(never, 0));
  isReached = true;
  assert.deepEqual([...seen], ['text', 'tree', 'meaning', 'cost']);
});

test('where another file changes meanwhile, the document is read as it is then', async () => {
  const session = sessionOf();
  const { workspace } = session;
  const library = (name: string): string => `block ${name}(k) {\n  conv 3x3 -> k\n}\n`;
  workspace.open('file:///w/library.nas', 1, library('Before'));
  const uses = `import { Before } from "./library.nas"\n${text.replace('flatten', 'Before(8); flatten')}`;
  const asked = workspace.open('file:///w/s.nas', 1, uses);
  const reached = reach(session, asked, 'meaning', new Slices(never, 0));
  const rename = (): void => {
    if (!asked.holdsMore) setImmediate(rename);
    else workspace.change('file:///w/library.nas', 2, [{ text: library('After') }]);
  };
  rename();
  const snapshot = await reached;
  assert.equal(snapshot, workspace.snapshot('file:///w/s.nas'));
  assert.ok(snapshot.analysis.problems.some(({ code }) => code === 'import/unknown-name'));
});
