/**
 * Every example runs as it ships: it is checked without a complaint, searched for two short trials and exported, or its
 * first line says that it only shows what a later version searches, and its lens does.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { invoke, violations } from '../cli/testing/capture.ts';
import { defaultSettings } from '../server/analysis/settings.ts';
import { Workspace } from '../server/analysis/workspace.ts';
import { searchObstacles } from '../server/diagnostics/search-obstacles.ts';
import { codeLenses, lensCommand, lensPlace } from '../server/features/code-lens.ts';
import { disk } from '../server/lsp/disk.ts';
import { commands } from '../server/lsp/protocol.ts';

const root = path.resolve(import.meta.dirname, '..');
const examples = path.join(root, 'examples');
const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-examples-'));
after(() => rmSync(folder, { recursive: true }));

const SHOWS = /^\/\/ Shows .+: this cannot be searched yet\.\n/;

/** The titles of the lenses above the spaces of a file. */
function lensTitles(file: string): readonly string[] {
  const workspace = new Workspace(disk);
  const snapshot = workspace.open(pathToFileURL(file).href, 1, readFileSync(file, 'utf8'));
  return codeLenses(snapshot).map((lens) => {
    const place = lensPlace(lens);
    const space = snapshot.analysis.spaces.find(({ name }) => name === place?.space);
    assert.ok(place !== undefined && space !== undefined);
    const obstacles = searchObstacles(snapshot, defaultSettings);
    return lensCommand(place, snapshot, space, undefined, obstacles, commands).title;
  });
}

const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.nas'),
);

describe('examples', () => {
  for (const name of files.sort()) {
    const file = path.join(examples, name);
    const text = readFileSync(file, 'utf8');
    if (SHOWS.test(text)) {
      it(`${name} says that it cannot be searched yet, and so does its lens`, () => {
        const titles = lensTitles(file);
        assert.ok(
          titles.some((title) => title.startsWith('$(watch) Cannot be searched yet: ')),
          titles.join(),
        );
        assert.ok(!titles.includes('$(play) Search'));
        assert.doesNotMatch(titles.join(), /mend/);
      });
      continue;
    }
    it(`${name} is checked without a complaint`, async () => {
      const { code, out, err } = await invoke(['check', file]);
      assert.equal(code, 0, out);
      assert.match(err, /^0 errors and 0 warnings in /);
      assert.doesNotMatch(out, /: information: /);
    });
    if (!/^space /m.test(text)) continue;
    it(`${name} is searched and exported`, async () => {
      assert.ok(lensTitles(file).includes('$(play) Search'));
      const run = path.join(folder, name.replaceAll(path.sep, '-'));
      const searched = await invoke([
        'search',
        file,
        '--run',
        run,
        '--trials',
        '2',
        '--epochs',
        '0.02..0.02',
      ]);
      assert.equal(searched.code, 0, searched.err);
      const words = ['export', run, '--trial', '0', '-o', `${run}-model`];
      const exported = await invoke([...words, '--json']);
      assert.equal(exported.code, 0, exported.err);
      const told = JSON.parse(exported.out) as { readonly files: readonly string[] };
      assert.deepEqual(violations('export', told), []);
      const model = told.files.find((each) => each.endsWith('.tflite')) ?? '';
      assert.equal(readFileSync(model).toString('latin1', 4, 8), 'TFL3');
      assert.match(readFileSync(path.join(`${run}-model`, 'report.md'), 'utf8'), /^## How to feed it$/m);
    });
  }
});
