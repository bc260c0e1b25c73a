/**
 * What VS Code starts as the language server, and the server as its thread: the bundle of `main.ts` that stands beside
 * this script, from code that an earlier process compiled where {@link codeFolder} is named.
 */

import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { CachedScript } from './lsp/code-cache.ts';
import { keepGarbageYoung } from './lsp/heap.ts';

/** Names a folder of the person's own, for compiled code. */
const codeFolder = 'NASTURTIUM_CODE_CACHE';
/** By then a server has shown the first documents, and by then it has been asked whatever a person asks. */
const settledMs = [5000, 60_000];

// V8 takes back only what it has made with the same flags.
keepGarbageYoung();
const program = path.join(path.dirname(realpathSync(process.argv[1] ?? '')), 'language-server.cjs');
const folder = process.env[codeFolder];
if (folder === undefined) createRequire(program)(program);
else {
  // A thread reads other documents than the process does, hence comes to other functions.
  const script = new CachedScript(program, path.join(folder, isMainThread ? 'process' : 'thread'));
  script.run();
  if (!script.isKnown) for (const ms of settledMs) setTimeout(() => script.keep(), ms).unref();
}
