import assert from 'node:assert/strict';
import { test } from 'node:test';

import { explainDeath } from './last-words.ts';

const killed = { code: null, signal: 'SIGKILL' };

test('memory that ran out is told from what V8 says before its addresses', () => {
  const output = `
<--- Last few GCs --->
FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----
 1: 0xe36196 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]
 2: 0x7f1ce8 __libc_start_main [/lib/x86_64-linux-gnu/libc.so.6]
`;
  assert.match(
    explainDeath({ code: null, signal: 'SIGABRT' }, 'during training', output),
    /by signal SIGABRT during training\. It ran out of memory\. Search with fewer workers/,
  );
});

test('a process killed without a word may have been too large for the machine', () => {
  assert.match(explainDeath(killed, 'during training', ''), /the system did since memory ran out/);
  assert.equal(
    explainDeath({ code: 7, signal: null }, 'before it could work', ''),
    'The worker process ended with exit code 7 before it could work.',
  );
});

test('the error is quoted, not the stack that follows it', () => {
  const output =
    'file:///a.js:1\nthrow new TypeError("x")\n^\n\nTypeError: x\n    at file:///a.js:1:7\n\nNode.js v24.0.0\n';
  assert.equal(
    explainDeath({ code: 1, signal: null }, 'during training', output),
    'The worker process ended with exit code 1 during training. Its last words: TypeError: x',
  );
});
