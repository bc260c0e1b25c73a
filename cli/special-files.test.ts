/** Pipes, devices and folders in the place of any file that a command reads: refused at once, and never opened. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { invoke } from './testing/capture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-special-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => path.join(folder, ...names);

const net = 'target "pico"\nspace a { input 8x8x1; conv 3x3 -> {8 | 4}; gap; dense -> 2 }\n';
const run = (name: string, ...files: readonly string[]): string => {
  mkdirSync(at(name, 'trials'), { recursive: true });
  for (const file of files) writeFileSync(at(name, file), '');
  return at(name);
};
/** What a command reads there is the special file. */
const cases: readonly { readonly name: string; readonly args: readonly string[]; readonly code: number }[] = [
  { name: 'odd.nas', args: ['check', at('odd.nas')], code: 3 },
  { name: 'odd.nas', args: ['fmt', at('odd.nas')], code: 3 },
  { name: 'odd.nas', args: ['cost', at('odd.nas')], code: 3 },
  { name: 'odd.nas', args: ['search', at('odd.nas')], code: 3 },
  { name: 'odd.nas', args: ['check', at('importing.nas')], code: 1 },
  { name: 'odd.nas', args: ['cost', at('importing.nas')], code: 0 },
  { name: 'odd.nas', args: ['search', at('importing.nas')], code: 4 },
  { name: 'odd.nas', args: ['cost', at('space.nas'), '--arch', at('odd.nas')], code: 3 },
  { name: 'odd.json', args: ['cost', at('space.nas'), '--arch', at('odd.json')], code: 3 },
  { name: 'odd', args: ['cost', at('space.nas'), '--arch', at('odd')], code: 3 },
  { name: 'odd.tflite', args: ['cost', at('odd.tflite'), '--target', 'pico'], code: 3 },
  { name: 'boards/odd.json', args: ['check', at('boards', 'odd.json')], code: 3 },
  { name: 'run/run.json', args: ['front', at('run')], code: 3 },
  { name: 'run/run.json', args: ['resume', at('run')], code: 3 },
  { name: 'run/run.json', args: ['export', at('run'), '--trial', 'best', '-o', at('out')], code: 3 },
];

writeFileSync(at('space.nas'), net);
writeFileSync(at('importing.nas'), `import "./odd.nas"\n${net}`);
mkdirSync(at('boards'));
run('run');

const makers: Readonly<Record<string, (place: string) => void>> = {
  pipe: (place) => execFileSync('mkfifo', [place]),
  device: (place) => symlinkSync('/dev/zero', place),
  folder: (place) => mkdirSync(place),
};

describe('special files', { skip: process.platform === 'win32' }, () => {
  for (const [kind, make] of Object.entries(makers)) {
    for (const { name, args, code } of cases) {
      it(`refuses a ${kind}: ${[args[0], path.basename(args[1] ?? ''), name].join(' ')}`, async () => {
        make(at(name));
        try {
          const said = await invoke(args);
          assert.equal(said.code, code, said.err + said.out);
        } finally {
          rmSync(at(name), { recursive: true });
        }
      });
    }
  }

  it('a command that waits ends with a signal, and reads no more than a file may have', async () => {
    const main = path.join(import.meta.dirname, 'main.ts');
    const start = () => spawn(process.execPath, [main, 'check', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
    const waiting = start();
    waiting.kill('SIGTERM');
    assert.deepEqual(await new Promise((done) => waiting.on('exit', (_, signal) => done(signal))), 'SIGTERM');

    const endless = start();
    let said = '';
    endless.stderr.on('data', (part: Buffer) => (said += part.toString()));
    endless.stdin.on('error', () => undefined);
    const part = Buffer.alloc(1 << 20, ' ');
    const feed = (): void => {
      while (endless.stdin.writable && endless.stdin.write(part));
    };
    endless.stdin.on('drain', feed);
    feed();
    assert.equal(await new Promise((done) => endless.on('close', (code) => done(code))), 3);
    assert.match(said, /Standard input brings more than 8 MB, which a \.nas file may have at most/);
  });
});
