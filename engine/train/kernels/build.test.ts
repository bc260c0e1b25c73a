/** The module is what its sources and its compiler make of it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, compilerHere, sha256, sourcesNow } from './build.ts';
import built from './kernels.json' with { type: 'json' };

test('kernels.json was built from these sources', () => {
  assert.equal(sourcesNow(), built.sourceSha256, 'Run node engine/train/kernels/build.ts.');
});

test('the module is the one that was built', () => {
  assert.equal(sha256([Buffer.from(built.wasm, 'base64')]), built.sha256);
});

const here = compilerHere();
const skip =
  here !== built.compiler &&
  `it was built by ${built.compiler}, and here is ${here ?? 'no clang with wasm-ld'}`;

test('the compiler that built the module builds the same bytes again', { skip }, () => {
  assert.equal(sha256([compile()]), built.sha256);
});
