/** What people download: nothing more than it needs, and nothing forgotten. */

import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unzipSync } from 'fflate';

const vsix = readFileSync(join(import.meta.dirname, '../../nasturtium.vsix'));
const snapshot = join(import.meta.dirname, 'package-files.txt');

/** Most that the package may weigh; 5.7 MB of it are for the data of the examples, 0.9 MB for USB and the images of the probe. */
const budgetBytes = 10.5e6;

test('the package holds exactly the files of test/e2e/package-files.txt (UPDATE=1 rewrites it)', () => {
  const names = Object.keys(unzipSync(vsix)).filter(
    (name) => name.startsWith('extension/') && !name.endsWith('/'),
  );
  const list = names
    .map((name) => name.slice('extension/'.length))
    // Boards, runtimes, kernels, examples and pages come and go without changing what kind of thing is shipped.
    .map((name) =>
      name.replace(
        /^(device-profiles\/(?:boards|runtimes)|firmware-probe\/firmware\/(?:kernels|chips|chips\/\w+|probe)|docs\/diagnostics|examples(?:\/blocks)?)\/[^/]+(\.json|\.md|\.nas|\.[chS]|\.ld)$/,
        '$1/*$2',
      ),
    )
    // The part of `usb` that is the platform's.
    .map((name) => name.replace(/^(dist\/cli\/usb)\..+\.node$/, '$1.*.node'))
    // One name for the pictures of a class.
    .map((name) => name.replace(/^(examples\/data\/people\/.+)\/[^/]+\.png$/, '$1/*.png'))
    .filter((name, index, all) => all.indexOf(name) === index)
    .sort()
    .join('\n');
  if (process.env['UPDATE'] === '1') writeFileSync(snapshot, `${list}\n`);
  assert.equal(`${list}\n`, readFileSync(snapshot, 'utf8'));
});

test(`the package is smaller than ${budgetBytes / 1e6} MB`, () => {
  assert.ok(vsix.length < budgetBytes, `It has ${(vsix.length / 1e6).toFixed(1)} MB.`);
});

test('every file that the manifest names is in the package', () => {
  const files = unzipSync(vsix);
  const manifest = new TextDecoder().decode(files['extension/package.json']);
  const named = [...manifest.matchAll(/"(?:\.\/)?((?:dist|grammar|client|media|device-profiles)\/[^"*]+)"/g)];
  assert.ok(named.length > 5);
  const missing = named.map(([, name = '']) => name).filter((name) => !(`extension/${name}` in files));
  assert.deepEqual(missing, []);
});

test('every text of the manifest is translated by package.nls.json', () => {
  const files = unzipSync(vsix);
  const read = (name: string): string => new TextDecoder().decode(files[name]);
  const texts = JSON.parse(read('extension/package.nls.json')) as Readonly<Record<string, string>>;
  const keys = [...read('extension/package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
  assert.deepEqual([...new Set(keys)].sort(), Object.keys(texts).sort());
});
