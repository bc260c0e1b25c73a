/** What commands do with text that is not UTF-8, and with standard input in place of a file. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { textOf } from './sources.ts';
import { invoke } from './testing/capture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-text-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const net = 'target "pico"\nspace a { // caf\u00e9\n  input 8x8x1\n  conv 3x3 -> 8\n  gap\n  dense -> 2\n}\n';

function file(name: string, bytes: Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, bytes);
  return place;
}

test('a file of another encoding is refused, and `fmt` leaves its bytes alone', async () => {
  for (const [encoding, message] of [
    ['latin1', /is not UTF-8 text: line 2 has a byte that is not\. Save it as UTF-8\./],
    ['utf16le', /is UTF-16 text\. Save it as UTF-8\./],
  ] as const) {
    const bytes = Buffer.from(`${encoding === 'utf16le' ? '\ufeff' : ''}${net}  `, encoding);
    const place = file(`${encoding}.nas`, bytes);
    for (const command of ['check', 'cost', 'fmt']) {
      const { code, err } = await invoke([command, place]);
      assert.equal(code, 3, command);
      assert.match(err, message);
    }
    assert.deepEqual(readFileSync(place), bytes);
  }
  assert.equal(textOf('x', Buffer.from('\ufeffgap')), 'gap');
});

test('check and cost read standard input for -', async () => {
  const checked = await invoke(['check', '-'], { stdin: net.replace('gap', 'gapp') });
  assert.equal(checked.code, 1);
  assert.match(checked.out, /^-:5:3: error: .*gapp/m);
  const { code, out } = await invoke(['cost', '-', '--json'], { stdin: net });
  assert.equal(code, 0);
  assert.equal((JSON.parse(out) as { target: string }).target, 'pico');
});

test('fmt prints standard input, so that neither JSON nor other files go with it', async () => {
  const json = await invoke(['fmt', '-', '--json'], { stdin: net });
  assert.equal(json.code, 2);
  assert.match(json.err, /Leave out --json, or ask with --check/);
  const both = await invoke(['fmt', '-', folder], { stdin: net });
  assert.equal(both.code, 2);
  const { code, out } = await invoke(['fmt', '-', '--check', '--json'], { stdin: `${net}\n\n` });
  assert.equal(code, 1);
  assert.deepEqual(JSON.parse(out), { schema: 1, files: 1, changed: ['-'], written: false });
});
