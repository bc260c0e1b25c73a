import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { defaultSettings } from '../analysis/settings.ts';
import { Workspace } from '../analysis/workspace.ts';
import { disk } from '../lsp/disk.ts';
import { applied, filesOf } from '../testing/fixture.ts';
import { problemsOf } from './index.ts';
import { searchObstacles } from './search-obstacles.ts';

/** What is said of `images("./p")` with these files in it. */
function opened(files: readonly string[], settings = '', trusted = true) {
  const all = [...files.map((file) => `file:///w/p/${file}`), 'file:///w/p/.DS_Store'];
  const workspace = new Workspace(filesOf(new Map(all.map((file) => [file, '']))));
  workspace.readsData = trusted;
  return workspace.open('file:///w/main.nas', 1, `dataset images("./p")${settings}\n`);
}

const said = (...parts: Parameters<typeof opened>) =>
  problemsOf(opened(...parts), defaultSettings).map(
    ({ code, severity, message }) => `${severity} ${code}: ${message}`,
  );

test('a folder without pictures in folders of classes is an error at its path', () => {
  for (const [files, words] of [
    [['1.wav', '2.wav'], /^error data\/contents: \.\/p has no folders, /],
    [[], /no folders/],
    [['cat/1.png'], /has one folder, cat,/],
    [['cat/1.png', 'dog/1.wav'], /\.\/p\/dog holds no \.png/],
    [['cat/1.png', 'dog/._1.png'], /dog holds no/],
    [['cat/1.png', '__MACOSX/1.png'], /one folder, cat,/],
    [['val/cat/1.png', 'val/dog/1.png'], /has val, but no folder train/],
    [['train/cat/1.png', 'val/cat/1.png'], /\.\/p\/train has one folder/],
    [['train/cat/1.png', 'train/dog/1.txt'], /\.\/p\/train\/dog holds no/],
  ] as const) {
    const [first, ...more] = said(files, ' { classes 2 }');
    assert.match(first ?? '', words, files.join());
    assert.deepEqual(more, []);
    assert.deepEqual(said(files, ' { classes 2 }', false), [], 'not trusted');
  }
  const snapshot = opened(['1.wav'], ' { classes 2 }');
  const [obstacle] = searchObstacles(snapshot, defaultSettings);
  assert.equal(snapshot.text.slice(obstacle?.start, obstacle?.end), '"./p"');
});

test('what can be read has no problem', () => {
  const two = ['cat/1.png', 'dog/1.JPEG'];
  for (const files of [two, [...two, 'readme.txt'], two.map((file) => `Training_set/${file}`)])
    assert.deepEqual(said(files, ' { classes 2 }'), [], files.join());
  // Too many names to be sure, and too many classes to look into.
  const many = Array.from({ length: 5000 }, (_, i) => `dog/${i}.wav`);
  assert.deepEqual(said(['cat/1.png', ...many], ' { classes 2 }'), []);
});

test('classes are counted: another number is an error, and none is offered', () => {
  const files = ['cat/1.png', 'dog/1.png', 'fish/1.png'];
  const wrong = opened(files, ' { input 8x8x3; classes 2 }');
  const [error] = problemsOf(wrong, defaultSettings);
  assert.match(error?.message ?? '', /`classes 2` is declared, but \.\/p has 3 classes: cat, dog, fish\./);
  assert.equal(error?.severity, 'error');
  for (const [settings, mended] of [
    [' { input 8x8x3; classes 2 }', ' { input 8x8x3; classes 3 }'],
    [' { input 8x8x3 }', ' { input 8x8x3; classes 3 }'],
    ['', ' { classes 3 }'],
  ] as const) {
    const snapshot = opened(files, settings);
    const [problem] = problemsOf(snapshot, defaultSettings);
    assert.equal(problem?.code, 'data/classes');
    const edits = problem.fixes[0]?.edits ?? [];
    const text = applied(
      snapshot,
      edits.map(({ span, text: newText }) => ({ range: snapshot.lines.range(span), newText })),
    );
    assert.equal(text, `dataset images("./p")${mended}\n`);
  }
  assert.deepEqual(
    problemsOf(opened(files), defaultSettings).map(({ severity }) => severity),
    ['information'],
  );
});

test('of files that would have to be read, it is said that the classes are not known', () => {
  const files = new Map(['table.csv', 'a.npz', 'idx/x'].map((name) => [`file:///w/${name}`, '']));
  for (const dataset of ['csv("./table.csv")', 'npz("./a.npz")', 'idx("./idx")']) {
    for (const [settings, head, codes] of [
      ['input 3', '2', ['information data/classes']],
      ['input 3; classes 2', '2', []],
      ['input 3', 'classes', ['error classes/missing']],
    ] as const) {
      const workspace = new Workspace(filesOf(files));
      const text = `dataset ${dataset} { ${settings} }\nspace s { dense -> ${head} }\n`;
      const found = problemsOf(workspace.open('file:///w/main.nas', 1, text), defaultSettings);
      assert.deepEqual(
        found.map(({ severity, code }) => `${severity} ${code}`),
        codes,
        text,
      );
    }
  }
});

test('on a disk, links to folders count, and no more names are read than are wanted', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-contents-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['cat', 'elsewhere']) {
    mkdirSync(path.join(folder, 'p', name), { recursive: true });
    writeFileSync(path.join(folder, 'p', name, '1.png'), '');
  }
  symlinkSync(path.join(folder, 'p/elsewhere'), path.join(folder, 'p/dog'), 'junction');
  const uri = pathToFileURL(path.join(folder, 'p')).href;
  assert.deepEqual(disk.list(uri), ['cat/', 'dog/', 'elsewhere/']);
  assert.deepEqual(disk.list(uri, 10), disk.list(uri));
  assert.equal(disk.list(uri, 2).length, 2);
  assert.deepEqual(disk.list(`${uri}/nothing`, 2), []);
});
