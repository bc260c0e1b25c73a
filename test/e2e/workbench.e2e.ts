/** The packaged extension in the real workbench: first through the `vscode` API, then as a person would. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { runHostTests } from './host-tests.ts';
import { obstacle, openSession, root } from './session.ts';

const skip = obstacle() ?? false;

test('in the extension host', { skip }, async (t) => {
  const session = await openSession({ workspaceTrust: false });
  t.after(() => session.close());
  // Tests run only beside an extension under development; this empty one leaves ours to be the installed package.
  const extension = join(session.workspace, '../host-tests');
  await build({
    entryPoints: [join(root, 'test/e2e/host/index.ts')],
    outfile: join(extension, 'index.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const manifest = {
    name: 'host-tests',
    publisher: 'nasturtium',
    version: '0.0.0',
    engines: { vscode: '*' },
  };
  await writeFile(join(extension, 'package.json'), JSON.stringify(manifest));
  for (const result of await runHostTests(session, extension)) {
    await t.test(result.name, { skip: result.skipped ?? false }, () => {
      if (result.error !== undefined) throw new Error(result.error);
    });
  }
});
