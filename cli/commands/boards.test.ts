import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { boards, runtimes } from '../../device-profiles/index.ts';
import { invoke, violations } from '../testing/capture.ts';

test('boards are listed for a person and for a program', async () => {
  const { code, out } = await invoke(['boards']);
  assert.equal(code, 0);
  assert.match(out, /^nucleo-f446re +\S.* 180 MHz +128 KB +512 KB +tflm \+ cmsis-nn/m);
  assert.deepEqual(violations('boards', JSON.parse((await invoke(['boards', '--json'])).out)), []);
});

interface Listed {
  readonly id: string;
  readonly origin: string;
  readonly file: string | null;
  readonly sram_bytes?: number;
}

test('a listing says where each board and runtime comes from', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-boards-'));
  try {
    const write = (kind: string, entry: object | undefined, id: string): string => {
      const file = path.join(folder, kind, 'mine.json');
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ ...entry, id, aliases: [] }));
      return file;
    };
    const board = write('boards', boards[0], 'mine');
    const runtime = write(
      'runtimes',
      runtimes.find(({ id }) => id === 'tflm'),
      'tflm',
    );
    const { out } = await invoke(['boards', '--json', '--profiles', folder]);
    const document = JSON.parse(out) as { boards: Listed[]; runtimes: Listed[] };
    assert.deepEqual(violations('boards', document), []);
    const originOf = (entries: readonly Listed[], id: string) => {
      const found = entries.find((entry) => entry.id === id);
      return [found?.origin, found?.file];
    };
    assert.deepEqual(originOf(document.boards, 'mine'), ['workspace', board]);
    assert.deepEqual(originOf(document.boards, 'pico'), ['shipped', null]);
    assert.deepEqual(originOf(document.runtimes, 'tflm'), ['workspace', runtime]);
    assert.deepEqual(originOf(document.runtimes, 'tflm + cmsis-nn'), ['shipped', null]);
    const { out: text } = await invoke(['boards', '--profiles', folder]);
    assert.match(text, /^The board mine is from \S+mine\.json\.$/m);
    assert.match(text, /^The runtime tflm is from \S+mine\.json, in place of the one that ships\.$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('RAM is what can hold data', async () => {
  const { out } = await invoke(['boards', '--json']);
  const { boards: listed } = JSON.parse(out) as { boards: Listed[] };
  // 64 KB of DTCM and 240 and 16 KB of SRAM; 16 KB of ITCM hold code alone.
  assert.equal(listed.find(({ id }) => id === 'nucleo-f746zg')?.sram_bytes, 320 * 1024);
});

test('a template is whole, has names of its own, and leaves out what was measured on the original', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-template-'));
  try {
    for (const [kind, name] of [
      ['boards', 'nucleo_f446re'],
      ['runtimes', 'tflm+cmsis-nn'],
    ] as const) {
      const file = path.join(folder, kind, 'mine.json');
      mkdirSync(path.dirname(file), { recursive: true });
      // As a shell does that sends the output there.
      writeFileSync(file, '');
      const { code, out, err } = await invoke(['boards', '--template', name, '--profiles', folder]);
      assert.deepEqual([code, err], [0, '']);
      writeFileSync(file, out);
    }
    const { out, err } = await invoke(['boards', '--profiles', folder]);
    assert.equal(err, '');
    assert.match(out, /^The board my-nucleo-f446re is from \S+mine\.json\.$/m);
    assert.match(out, /^The runtime my-tflm-cmsis-nn is from \S+mine\.json\.$/m);
    const board = (await invoke(['boards', '--template', 'nucleo-f446re'])).out;
    assert.deepEqual((JSON.parse(board) as { power: unknown[] }).power, []);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { code, err } = await invoke(['boards', '--template', 'zzz']);
  assert.equal(code, 2);
  assert.match(err, /no board or runtime "zzz" to start from/);
});
