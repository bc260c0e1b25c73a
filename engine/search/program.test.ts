import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programOfRun } from './program.ts';

const space = 'import "./parts/blocks.nas"\nspace a { input 8x8x1; B(8); gap; dense -> 2 }\n';
const blocks = 'import "../more.nas"\nblock B(n) { C(n) }\n';
const more = 'block C(n) { conv 3x3 -> n }\n';

test('a run is understood on another system than the one it was begun on', () => {
  const places: readonly (readonly [string, string, string])[] = [
    ['/home/me/a.nas', '/home/me/parts/blocks.nas', '/home/me/more.nas'],
    ['C:\\me\\a.nas', 'C:\\me\\parts\\blocks.nas', 'C:\\me\\more.nas'],
    ['c:/me/a.nas', 'c:\\me\\parts\\blocks.nas', 'c:\\me\\more.nas'],
    ['\\\\server\\share\\a.nas', '\\\\server\\share\\parts\\blocks.nas', '\\\\server\\share\\more.nas'],
  ];
  for (const [main, second, third] of places) {
    const { analysis, files } = programOfRun({
      main,
      files: { [main]: space, [second]: blocks, [third]: more },
    });
    assert.deepEqual(
      analysis.problems.filter(({ severity }) => severity === 'error'),
      [],
      main,
    );
    assert.deepEqual(Object.keys(files).sort(), [main, second, third].sort());
  }
});
