/** Who asks for the problems of all documents looks at none of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Slices } from '../analysis/slices.ts';
import { workspaceReport } from './diagnostics.ts';
import { sessionOf } from './testing/session.ts';

const text = 'target "nucleo-f446re"\nspace s {\n  input 8x8x1\n  flatten\n  dense -> unknwon\n}\n';

test('of documents that only the report of a workspace needs nothing is kept but their problems', async () => {
  const session = sessionOf();
  const { workspace } = session;
  const [lookedAt, ...others] = ['a', 'b', 'c'].map((name) =>
    workspace.open(`file:///w/${name}.nas`, 1, text),
  );
  assert.ok(lookedAt !== undefined);
  lookedAt.reach('cost');
  const slices = new Slices({ isCancellationRequested: false });
  const { items } = await workspaceReport(session, [], slices);
  assert.deepEqual(
    items.map((report) => report.kind === 'full' && report.items.length),
    [1, 1, 1],
  );
  const previous = items.map(({ uri, resultId = '' }) => ({ uri, value: resultId }));
  const again = await workspaceReport(session, previous, slices);
  assert.deepEqual(
    again.items.map(({ kind }) => kind),
    ['unchanged', 'unchanged', 'unchanged'],
  );
  assert.ok(lookedAt.holdsMore);
  assert.ok(others.every(({ holdsMore }) => !holdsMore));
});
