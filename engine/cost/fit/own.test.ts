/** A person's own measurements of their own board, fitted into a folder of their own. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadProfiles, type LoadedProfiles } from '../../../device-profiles/load.ts';
import { originOfLatency } from '../origin.ts';
import { price } from '../price.ts';
import { resolveTarget, type Profiles } from '../resolve.ts';
import { spaceOf } from '../testing.ts';
import { fitOwn } from './own.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'nasturtium-own-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const docs = path.resolve(import.meta.dirname, '../../../docs');
const page = path.resolve(docs, '../examples/own-board/.nasturtium');
const board = {
  path: 'boards/teensy-4-1.json',
  text: readFileSync(path.join(page, 'boards', 'teensy-4-1.json'), 'utf8'),
};

const large =
  'space net {\n  input 32x32x3\n  conv 3x3 -> 16 stride 2, relu\n  conv 3x3 -> 32 stride 2, relu\n  conv 3x3 -> 32\n  avgpool 8x8 padding valid\n  flatten\n  dense -> 10\n}\n';
const small =
  'space net {\n  input 32x32x3\n  conv 3x3 -> 8 stride 2, relu\n  dwconv 3x3, relu\n  conv 1x1 -> 16 stride 2\n  flatten\n  dense -> 10\n}\n';

let folders = 0;
function workspace(rows: string): string {
  const folder = path.join(scratch, String(folders++));
  cpSync(page, folder, { recursive: true });
  mkdirSync(path.join(folder, 'measurements'));
  writeFileSync(path.join(folder, 'measurements', 'rows.csv'), rows);
  writeFileSync(path.join(folder, 'measurements', 'large.nas'), large);
  writeFileSync(path.join(folder, 'measurements', 'small.nas'), small);
  writeFileSync(
    path.join(folder, 'measurements', 'open.nas'),
    large.replace('-> 32 stride', '-> {16 | 32} stride'),
  );
  return folder;
}

const network = (text: string) => {
  const space = spaceOf(text);
  return space.lower(space.extreme('min'));
};

function latency(text: string, profiles: Profiles, runtime?: string): number | undefined {
  const resolved = resolveTarget(profiles, { board: 'teensy-4-1', runtime });
  assert.ok('target' in resolved);
  return price(network(text), resolved.target).total.latency?.value;
}

const head = 'board,runtime,network,clock_mhz,latency_ms,build\n';
/** The board as it is read again once it was fitted. */
function fittedBoard(folder: string): LoadedProfiles {
  const [fit, other] = fitOwn(folder, '2026-01-02');
  assert.ok(fit !== undefined && other === undefined);
  assert.equal(fit.file, path.join(folder, 'boards', 'teensy-4-1.json'));
  const runtime = readFileSync(path.join(page, 'runtimes', 'my-kernels.json'), 'utf8');
  const loaded = loadProfiles([
    { path: 'boards/teensy-4-1.json', text: JSON.stringify(fit.value) },
    { path: 'runtimes/my-kernels.json', text: runtime },
  ]);
  assert.deepEqual(loaded.problems, []);
  return loaded;
}

test('networks on a board of the workspace give it a pace, in a copy of its file', () => {
  const loaded = fittedBoard(
    workspace(
      `${head}teensy-4-1,tflm + cmsis-nn,large.nas,600,9.5,GCC 13\nteensy41,,small.nas,600,2.1,GCC 13\n`,
    ),
  );
  // How fast the board is lies between what the two say, and is told of as measured by oneself.
  const ratios = [(latency(large, loaded) ?? NaN) / 9.5, (latency(small, loaded) ?? NaN) / 2.1];
  assert.ok(Math.min(...ratios) <= 1 && Math.max(...ratios) >= 1, ratios.join(', '));
  const resolved = resolveTarget(loaded, { board: 'teensy-4-1' });
  assert.ok('target' in resolved);
  assert.match(originOfLatency(resolved.target), /2 measurements of your own on PJRC Teensy 4\.1 \(GCC 13\)/);
});

test('one network already says how fast a board is, and narrows its interval', () => {
  const width = (profiles: Profiles): number => {
    const resolved = resolveTarget(profiles, { board: 'teensy-4-1' });
    assert.ok('target' in resolved);
    const total = price(network(small), resolved.target).total.latency;
    return total === undefined ? NaN : total.high / total.low;
  };
  const before = loadProfiles([board]);
  const loaded = fittedBoard(workspace(`${head}teensy-4-1,,large.nas,600,7.5,GCC 13\n`));
  assert.ok(Math.abs((latency(large, loaded) ?? NaN) / 7.5 - 1) < 0.01);
  assert.ok(width(loaded) < width(before));
});

test("kernels of one's own start from what libraries.json says of them", () => {
  const folder = workspace(
    `${head}teensy-4-1,my-kernels,large.nas,600,20,GCC 13\nteensy-4-1,my-kernels,small.nas,600,4,GCC 13\n`,
  );
  assert.throws(
    () => fitOwn(folder, '2026'),
    /my-kernels has no latency profile to start from.*libraries\.json/,
  );
  const text = readFileSync(path.join(docs, 'adding-a-board.md'), 'utf8');
  const [, library = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  writeFileSync(path.join(folder, 'measurements', 'libraries.json'), `{ "libraries": [${library}] }`);
  const [fit] = fitOwn(folder, '2026');
  assert.equal(fit?.file, path.join(folder, 'runtimes', 'my-kernels.json'));
  const loaded = loadProfiles([board, { path: 'runtimes/my-kernels.json', text: JSON.stringify(fit.value) }]);
  assert.deepEqual(loaded.problems, []);
  const predicted = latency(large, loaded, 'my-kernels') ?? NaN;
  assert.ok(Math.abs(predicted / 20 - 1) < 0.25, String(predicted));
});

test('what is wrong with the rows is said by row', () => {
  const error = (rows: string, expected: RegExp): void => {
    assert.throws(() => fitOwn(workspace(rows), '2026'), expected);
  };
  error(head, /rows\.csv has no rows/);
  error(
    'board;network\nteensy-4-1;large.nas\n',
    /rows\.csv has no column "board"\. .* with commas between them/,
  );
  error(
    `${head}teensy-4-1,,large.nas,600,"9,5",\n`,
    /row 1: "latency_ms" is "9,5"\. Write a number, with a point/,
  );
  error(
    `${head}teensy-4-2,,large.nas,600,9.5,\n`,
    /row 1: There is no board "teensy-4-2"\. Did you mean "teensy-4-1"/,
  );
  error(`${head}teensy-4-1,,large.nas,,9.5,\n`, /row 1: It has neither "cycles" nor "latency_ms"/);
  error(`${head}teensy-4-1,,large.nas,600,fast,\n`, /row 1: "latency_ms" is "fast"/);
  error(`${head}teensy-4-1,,,600,9.5,\n`, /row 1: It names no "network"/);
  error(`${head}teensy-4-1,,none.nas,600,9.5,\n`, /none\.nas does not exist/);
  error(`${head}teensy-4-1,,open.nas,600,9.5,\n`, /open\.nas leaves choices open/);
});
