import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { invoke, violations } from '../testing/capture.ts';
import type { CheckedProblem } from './check.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-check-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const place = path.join(folder, name);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
  return place;
}

const good = file('good/net.nas', 'target "pico"\nspace a { input 8x8x1; conv 3x3 -> 8; gap; dense -> 2 }\n');
const bad = file('bad/net.nas', 'target "pico"\nspace a {\n  input 8x8x1\n  conv 3x3 -> colour; gap\n}\n');

async function problems(
  ...paths: string[]
): Promise<{ code: number | undefined; problems: CheckedProblem[] }> {
  const { code, out } = await invoke(['check', ...paths, '--json']);
  const document = JSON.parse(out) as { problems: CheckedProblem[] };
  assert.deepEqual(violations('check', document), []);
  return { code, problems: document.problems };
}

test('a file without errors passes', async () => {
  const { code, problems: found } = await problems(good);
  assert.equal(code, 0);
  assert.deepEqual(
    found.filter((problem) => problem.severity === 'error'),
    [],
  );
});

test('an error has its code, its place counted both ways, and fails the check', async () => {
  const { code, problems: found } = await problems(bad);
  assert.equal(code, 1);
  const problem = found.find((each) => each.message.includes('colour'));
  assert.ok(problem !== undefined);
  assert.equal(problem.severity, 'error');
  assert.deepEqual(problem.range, { start: { line: 3, character: 14 }, end: { line: 3, character: 20 } });
  assert.deepEqual([problem.line, problem.column], [4, 15]);
  assert.match(problem.code, /^[a-z]+\/[a-z-]+$/);
  const { out, err } = await invoke(['check', bad]);
  assert.match(out, new RegExp(`^${bad}:4:15: error: .*colour.* \\[${problem.code}\\]$`, 'm'));
  assert.match(err, /^1 error and \d+ warnings? in 1 file\.$/m);
});

test('folders are looked through, and an empty one is a mistake', async () => {
  const { code, problems: found } = await problems(folder);
  assert.equal(code, 1);
  assert.ok(found.every((problem) => problem.file.endsWith('net.nas')));
  mkdirSync(path.join(folder, 'empty'));
  assert.match((await invoke(['check', path.join(folder, 'empty')])).err, /holds no \.nas files/);
});

test('imports are followed', async () => {
  file('parts.nas', 'block Part(n) { conv 3x3 -> n, relu }\n');
  const whole = file(
    'whole.nas',
    'import { Part } from "./parts.nas"\ntarget "pico"\nspace a { input 8x8x1; Part(4); gap; dense -> 2 }\n',
  );
  assert.equal((await problems(whole)).code, 0);
  const missing = file(
    'missing.nas',
    'import { Part } from "./gone.nas"\nspace a { input 8x8x1; conv 3x3 -> 8 }\n',
  );
  const { code, problems: found } = await problems(missing);
  assert.equal(code, 1);
  assert.ok(found.some((problem) => problem.range.start.line === 0));
});

test('what does not fit in a block of another file is told at its use, with the place', async () => {
  const far = file('far/blocks.nas', 'block Gate {\n  identity as x\n  gap\n  dense -> 3\n  mul(x)\n}\n');
  const home = file(
    'far/home.nas',
    'import { Gate } from "./blocks.nas"\ntarget "pico"\nspace a {\n  input 8x8x4\n  Gate\n  dense -> 2\n}\n',
  );
  const { code, out } = await invoke(['check', home]);
  assert.equal(code, 1);
  assert.match(
    out,
    new RegExp(`^${home}:5:3: error: .*shape/mismatch\\]\n  ${far}:5:3: It comes up here\\.$`, 'm'),
  );
});
