import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import manifest from '../images/manifest.json' with { type: 'json' };
import { skipWithout } from '../testing/programs.ts';
import { buildImages, imagesFolder, toolchain } from './images.ts';

test('the manifest speaks of the images that are there, and of no other', () => {
  const files = readdirSync(imagesFolder).filter((name) => name !== 'manifest.json');
  assert.deepEqual(manifest.images.map(({ file }) => file).sort(), files.sort());
  for (const { file, bytes, sha256 } of manifest.images) {
    const image = readFileSync(path.join(imagesFolder, file));
    assert.deepEqual([image.length, createHash('sha256').update(image).digest('hex')], [bytes, sha256], file);
  }
});

/** Another compiler gives other bytes. */
function skipRebuild(): string | false {
  const missing = skipWithout('arm-none-eabi-gcc');
  if (missing !== false) return missing;
  return toolchain() === manifest.toolchain ? false : `the images are those of ${manifest.toolchain}`;
}

test('the images are what their sources give, byte by byte', { skip: skipRebuild() }, () => {
  const built = buildImages();
  assert.deepEqual(built.manifest, manifest);
  for (const [file, bytes] of built.files) {
    assert.ok(bytes.equals(readFileSync(path.join(imagesFolder, file))), `${file}: run "npm run images"`);
  }
});

/** `FUZZ=1000000 node --test ...` for as many frames. */
const frames = process.env['FUZZ'] ?? '50000';

test('the probe answers after whatever comes over the wire', { skip: skipWithout('gcc') }, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nasturtium-fuzz-'));
  try {
    const program = path.join(folder, 'fuzz');
    const sources = ['frame.c', 'protocol.c', 'layers.c', 'testing/fuzz.c'].map((name) => `probe/${name}`);
    const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror'];
    const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    execFileSync('gcc', ['-std=c11', '-O1', '-g', ...warnings, ...sanitizers, ...sources, '-o', program], {
      cwd: import.meta.dirname,
    });
    for (const seed of ['1', '2']) {
      assert.equal(execFileSync(program, [frames, seed], { encoding: 'utf8' }), `${frames} frames\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
