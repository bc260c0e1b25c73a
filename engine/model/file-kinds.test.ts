import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readTflite } from './index.ts';

const field = path.resolve(import.meta.dirname, '../../test/fixtures/tflite/field');
const text = (of: string) => new TextEncoder().encode(of);
const bytes = (...values: readonly (number | string)[]) =>
  Uint8Array.from(values.flatMap((value) => (typeof value === 'number' ? [value] : [...text(value)])));
/** A zip's first entry, of that name. */
const zip = (name: string) => bytes('PK', 3, 4, ...Array<number>(22).fill(0), name.length, 0, 0, 0, name);

const files: readonly (readonly [string, Uint8Array, RegExp])[] = [
  [
    'a pointer',
    new Uint8Array(readFileSync(path.join(field, 'lfs_pointer.tflite'))),
    /Git LFS pointer: `git lfs pull`/,
  ],
  ['nothing', new Uint8Array(), /The file is empty/],
  ['gzip', gzipSync('model'), /gzip archive.*gunzip/],
  ['zip', zip('model.tflite'), /zip archive.*Unpack/],
  ['Keras 3', zip('metadata.json'), /Keras model.*from_keras_model/],
  ['TorchScript', zip('model/data.pkl'), /PyTorch/],
  ['HDF5', bytes(0x89, 'HDF', 13, 10, 0x1a, 10, 'x'), /HDF5.*from_keras_model/],
  ['ONNX', bytes(8, 7, 0x12, 7, 'pytorch', 0x1a, 5, '1.9.0'), /ONNX.*onnx2tf/],
  ['ONNX without a producer', bytes(8, 8, 0x3a, 4, 'main'), /ONNX/],
  ['SavedModel', bytes(8, 1, 0x12, 0xd0, 0x0f, 'serve'), /SavedModel.*from_saved_model/],
  ['frozen graph', bytes(10, 30, 10, 5, 'input', 0x12, 11, 'Placeholder', 0), /frozen TensorFlow graph/],
  ['ExecuTorch', bytes(0x20, 0, 0, 0, 'ET12', 0, 0), /ExecuTorch/],
  ['pickle', bytes(0x80, 2, 'c', 0), /pickle.*PyTorch/],
  ['a space', text('// a net\nspace a { conv 3x3 -> 8 }'), /language of Nasturtium.*\.nas/],
  ['JSON', text('{"format": "layers-model"}'), /text of JSON/],
  ['a web page', text('<!DOCTYPE html><html>404</html>'), /web page/],
  ['C', text('const unsigned char g_model[] = {0x1c'), /C source/],
  ['words', text('no model at all'), /a text, not a TensorFlow Lite model/],
  ['bytes of no kind', bytes(0xee, 1, 2, 3, 4, 5, 6, 7, 8), /bytes 5 to 8 of a model read "TFL3"/],
];

for (const [name, content, message] of files) {
  test(`${name} is called what it is, and what to do about it`, () => {
    const { network, problems } = readTflite(content, 'x');
    assert.equal(network, undefined);
    assert.match(problems[0]?.message ?? '', message);
    assert.match(problems[0]?.message ?? '', /^[^.]+(\.\w+[^.]*)*\. .*\.$/s);
  });
}
