import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../analysis/settings.ts';
import { Workspace } from '../analysis/workspace.ts';
import { filesOf } from '../testing/fixture.ts';
import { problemsOf } from './index.ts';

test('an import of what is no file says what it is', () => {
  const files = filesOf(new Map());
  const kinds = { '/dev/zero': 'special', '/w/parts': 'folder', '/w/gone.nas': 'missing' } as const;
  const workspace = new Workspace({
    ...files,
    kind: (uri) => Object.entries(kinds).find(([place]) => uri === `file://${place}`)?.[1],
  });
  const said = (place: string): string | undefined =>
    problemsOf(workspace.open('file:///w/main.nas', 1, `import "${place}"\n`), defaultSettings)[0]?.message;
  assert.match(
    said('/dev/zero') ?? '',
    /^`\/dev\/zero` is a device, a pipe or a socket, and only regular files/,
  );
  assert.match(said('./parts') ?? '', /^`\.\/parts` is a folder, .* Name a \.nas file\.$/);
  assert.match(said('./gone.nas') ?? '', /cannot be read\. Check the path/);
});
