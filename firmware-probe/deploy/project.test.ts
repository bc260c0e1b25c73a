/** Projects build as they are, run in the emulators, and their manifests are as PlatformIO and Arduino want them. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { chips } from '../firmware/index.ts';
import { skipWithout } from '../testing/programs.ts';
import { shippedFirmware } from './index.ts';
import { networkC } from './network-c.ts';
import { project, type Project, type ProjectBoard } from './project.ts';
import { clothes, kernels, ownTarget } from './testing/networks.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-project-'));
after(() => rmSync(folder, { recursive: true }));

const { quantized } = clothes();
const network = networkC({ name: 'clothes', quantized, target: ownTarget, provenance: ['clothes'] }, kernels);
const sources = new Map([
  ['clothes.h', network.header],
  ['clothes.c', network.source],
  ...kernels.filesOf(network.kernels),
]);
const projectFor = (board: ProjectBoard): Project =>
  project({ name: 'clothes', quantized, sources, board }, shippedFirmware);

function written(name: string, { files }: Project): string {
  const place = path.join(folder, name);
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
    writeFileSync(path.join(place, file), text);
  }
  return place;
}

/** Warnings are errors here. */
function build(place: string): void {
  const env = { ...process.env, CFLAGS: '-Wpedantic -Werror' };
  const cmake = (...args: string[]) => execFileSync('cmake', args, { cwd: place, env, stdio: 'pipe' });
  cmake('-B', 'build', '-DCMAKE_TOOLCHAIN_FILE=toolchain.cmake');
  cmake('--build', 'build');
}

/** What it says over its serial line, up to the last thing. */
function said(machine: string, program: string): Promise<string> {
  const child = spawn('qemu-system-arm', [
    ...['-M', machine, '-display', 'none', '-monitor', 'none', '-serial', 'stdio'],
    ...['-icount', 'shift=0', '-kernel', program],
  ]);
  return new Promise((done) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (/cycles: \d+\r\n|faulted/.test(text)) child.kill();
    });
    child.on('close', () => done(text));
  });
}

const machines = [
  ['mps2-an385', 'cortex-m3'],
  ['mps2-an386', 'cortex-m4'],
  ['mps2-an505', 'cortex-m33'],
  ['mps3-an547', 'cortex-m55'],
] as const;

describe('projects', { skip: skipWithout('cmake', 'arm-none-eabi-gcc', 'qemu-system-arm') }, () => {
  for (const [chip, core] of machines) {
    it(`of ${chip} build, and answer there as the interpreter`, async () => {
      const made = projectFor({ name: chip, core, features: [], chip });
      assert.equal(made.program, 'clothes.elf');
      const place = written(chip, made);
      build(place);
      const text = await said(chips[chip]?.machine ?? '', path.join(place, 'build/clothes.elf'));
      assert.match(
        text,
        /^greatest output: \d\r\noutputs that are not as expected: 0\r\ncycles: [1-9]\d+\r\n$/,
      );
    });
  }

  it('say so where the answer is not the one that is expected', async () => {
    const made = projectFor({ name: 'M4', core: 'cortex-m4', features: [], chip: 'mps2-an386' });
    const header = 'src/clothes_sample.h';
    const text = made.files.get(header) ?? '';
    const changed = text.replace(/(clothes_expected\[10\] = \{\s*)/, '$1127 - ');
    assert.notEqual(changed, text);
    const place = written('wrong', { ...made, files: new Map([...made.files, [header, changed]]) });
    build(place);
    assert.match(await said('mps2-an386', path.join(place, 'build/clothes.elf')), /not as expected: 1\r\n/);
  });

  it('of boards without start-up code build as a library', () => {
    const made = projectFor({ name: 'Pico 2', core: 'cortex-m33', features: ['dsp'] });
    assert.equal(made.program, undefined);
    assert.ok(!made.files.has('main.c'));
    build(written('library', made));
  });
});

describe('the sketch of a project', { skip: skipWithout('arm-none-eabi-g++') }, () => {
  it('compiles as C++ beside the little of Arduino that it uses', () => {
    const place = written('sketch', projectFor({ name: 'any', core: 'cortex-m4', features: ['dsp'] }));
    const arduino = `struct { void begin(long); void print(const char *); void println(long); } static Serial;
extern "C" unsigned long micros(void);
extern "C" void delay(unsigned long);
#include "${place}/examples/clothes/clothes.ino"
`;
    writeFileSync(path.join(place, 'sketch.cpp'), arduino);
    execFileSync(
      'arm-none-eabi-g++',
      ['-mcpu=cortex-m4', '-std=gnu++11', '-Wall', '-fsyntax-only', '-Isrc', 'sketch.cpp'],
      { cwd: place },
    );
  });
});

describe('the manifests of a project', () => {
  const { files } = projectFor({ name: 'any', core: 'rv32imc', features: [] });

  it('are as PlatformIO describes them', () => {
    // https://docs.platformio.org/en/latest/manifests/library-json/index.html
    const text = { type: 'string', minLength: 1 };
    const validate = new Ajv().compile({
      type: 'object',
      required: ['name', 'version', 'description', 'headers', 'build'],
      additionalProperties: false,
      properties: {
        name: { type: 'string', pattern: '^[^:;/,@<>]{1,50}$' },
        version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
        description: text,
        headers: text,
        frameworks: text,
        platforms: text,
        build: {
          type: 'object',
          additionalProperties: false,
          properties: { srcDir: text, includeDir: text, flags: { type: 'array', items: text } },
        },
      },
    });
    assert.ok(validate(JSON.parse(files.get('library.json') ?? '')), JSON.stringify(validate.errors));
  });

  it('are as Arduino describes them', () => {
    // https://arduino.github.io/arduino-cli/latest/library-specification/
    const lines = (files.get('library.properties') ?? '').trim().split('\n');
    const names = lines.map((line) => /^(\w+)=/.exec(line)?.[1]);
    const wanted = 'name version author maintainer sentence paragraph category url architectures includes';
    assert.deepEqual(names, wanted.split(' '));
    assert.match(lines[0] ?? '', /^name=[A-Za-z0-9][\w .-]{0,62}$/);
    assert.ok(files.has('src/clothes.h') && files.has('examples/clothes/clothes.ino'));
    assert.ok(!files.has('toolchain.cmake'));
  });
});
