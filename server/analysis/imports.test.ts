import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../grammar/index.ts';
import { importedPaths } from './imports.ts';

const cases: [text: string, paths: string[]][] = [
  ['', []],
  ['import "./a.nas"\nimport { MB, DS as Sep } from "./b.nas"', ['./a.nas', './b.nas']],
  ['import {\n  MB\n} from "./b.nas"; space s { }', ['./b.nas']],
  ['import "a\\"b.nas"', ['a"b.nas']],
  ['import "./a.nas\nimport "./b.nas"', ['./a.nas', './b.nas']],
  ['import { A } from\nimport "./b.nas"', ['./b.nas']],
  ['import', []],
  ['import "', ['']],
  ['import "a\\', ['a']],
];

for (const [text, paths] of cases) {
  test(JSON.stringify(text), () => {
    const found = importedPaths(text);
    assert.deepEqual(found, paths);
    for (const declaration of parse(text).file.declarations) {
      if (declaration.kind !== 'import' || declaration.path === undefined) continue;
      assert.ok(found.includes(declaration.path.value), declaration.path.value);
    }
  });
}
