/** The module is what its sources and its compiler make of it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binary, binarySha256, compiler, sourceSha256 } from './binary.ts';
import { compile, compilerHere, sha256, sourcesNow } from './build.ts';

test('binary.ts was built from these sources', () => {
  assert.equal(sourcesNow(), sourceSha256, 'Run node engine/train/kernels/build.ts.');
});

test('the module is the one that was built', () => {
  assert.equal(sha256([Buffer.from(binary, 'base64')]), binarySha256);
});

const here = compilerHere();
const skip =
  here !== compiler && `it was built by ${compiler}, and here is ${here ?? 'no clang with wasm-ld'}`;

test('the compiler that built the module builds the same bytes again', { skip }, () => {
  assert.equal(sha256([compile()]), binarySha256);
});
