/** UF2 against a model of the drive, and the drive against a folder. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { boardNamed, testBytes } from '../testing/bench.ts';
import { flashTimes } from '../testing/picoboot-model.ts';
import { framingPackets, restartMs, Uf2Model } from '../testing/uf2-model.ts';
import { BusClock, packetsPerFrame } from '../virtual/bus-clock.ts';
import { MountedDrive, mountedDrives } from './drive.ts';
import { confirm, type Image, type Outcome } from './flasher.ts';
import { boardIdOf, Uf2Flasher } from './uf2.ts';
import { uf2Of } from './uf2-format.ts';

const inFlash = (bytes = 9000): Image => ({
  name: 'probe',
  chip: 'RP2040',
  segments: [{ address: 0x10000000, bytes: testBytes(bytes) }],
  start: 'reset',
});
const inRam: Image = {
  ...inFlash(),
  segments: [{ address: 0x20000000, bytes: testBytes(9000) }],
  start: { pc: 0x20000001, sp: 0x20042000 },
};

function plugged(): { model: Uf2Model; clock: BusClock; flasher: Uf2Flasher } {
  const clock = new BusClock();
  const model = new Uf2Model(clock);
  return { model, clock, flasher: new Uf2Flasher(model, boardNamed('pico'), clock) };
}

async function copy(flasher: Uf2Flasher, image: Image): Promise<Outcome> {
  const plan = await flasher.plan(image);
  confirm(plan);
  return flasher.run(plan);
}

const holds = ({ flash, ram }: Uf2Model, { segments, start }: Image): boolean =>
  segments.every(
    ({ address, bytes }) =>
      Buffer.compare((start === 'reset' ? flash : ram).read(address, bytes.length), bytes) === 0,
  );

test('a block names its place, its number and its family', () => {
  const file = uf2Of([{ address: 0x10000100, bytes: testBytes(512) }], 0xe48bff56);
  assert.equal(file.length, 1024);
  const second = Buffer.from(file).subarray(512);
  assert.equal(second.subarray(0, 4).toString(), 'UF2\n');
  const fields = [4, 8, 12, 16, 20, 24, 28, 508].map((at) => second.readUInt32LE(at));
  assert.deepEqual(fields, [0x9e5d5157, 0x2000, 0x10000200, 256, 1, 2, 0xe48bff56, 0x0ab16f30]);
});

for (const [what, image] of [
  ['flash', inFlash()],
  ['RAM', inRam],
] as const) {
  test(`copies a program for ${what}, and claims no more than that it was taken`, async () => {
    const { model, flasher } = plugged();
    assert.deepEqual(await copy(flasher, image), { kind: 'running', bytes: 9000, verified: 'taken' });
    assert.ok(holds(model, image));
    assert.equal(model.started, image.segments[0]?.address);
  });
}

test('a cable pulled at any block is told, and the board can be copied to again', async () => {
  const blocks = 36;
  for (let block = 0; block <= blocks; block++) {
    const { model, flasher } = plugged();
    const plan = await flasher.plan(inFlash());
    confirm(plan);
    model.pullAfter = block;
    const outcome = await flasher.run(plan);
    assert.ok(outcome.kind === 'failed', `block ${block}`);
    assert.match(outcome.message, /^The board is no longer attached \(while copying to .*\)\. .*BOOTSEL/);
    model.powerUp();
    assert.equal((await copy(flasher, inFlash())).kind, 'running');
    assert.ok(holds(model, inFlash()));
  }
});

test('tells a drive that takes nothing, and one that never restarts', async () => {
  const full = plugged();
  full.model.full = true;
  const refused = await copy(full.flasher, inFlash());
  assert.ok(refused.kind === 'failed');
  assert.match(refused.message, /^ENOSPC: no space left on device, write \(while copying to .*BOOTSEL/);
  const { model, clock } = plugged();
  const deaf = Object.assign(model, { write: () => Promise.resolve() });
  const waiting = await copy(new Uf2Flasher(deaf, boardNamed('pico'), clock), inFlash());
  assert.ok(waiting.kind === 'failed');
  assert.equal(waiting.fault.kind, 'timed out');
});

test('copies only to the drive of the board, and only what the boot loader starts', async () => {
  const { model, clock, flasher } = plugged();
  const other = new Uf2Flasher(model, boardNamed('pico-2'), clock);
  await assert.rejects(other.plan({ ...inFlash(), chip: 'RP2350' }), /its Board-ID is RPI-RP2\)/);
  await assert.rejects(flasher.plan({ ...inRam, start: { pc: 0x20000101, sp: 0 } }), /at 0x20000000/);
  const { words } = await flasher.plan(inFlash());
  assert.match(
    words,
    /^The file nasturtium\.uf2 will be copied to the drive \/media\/you\/RPI-RP2\. "probe" will overwrite 12 KB/,
  );
  assert.equal(boardIdOf('Board-ID: SAMD21G18A-Feather-v0\n'), 'SAMD21G18A-Feather-v0');
});

test('takes little more time than its blocks need', async () => {
  const { clock, flasher } = plugged();
  const bytes = 200_000;
  await copy(flasher, inFlash(bytes));
  const [blocks, sectors] = [Math.ceil(bytes / 256), Math.ceil(bytes / 4096)];
  const device = sectors * flashTimes.eraseSector + blocks * flashTimes.programPage + restartMs;
  const least = (blocks * (8 + framingPackets)) / packetsPerFrame + device;
  assert.ok(clock.now() <= 1.25 * least, `${clock.now()} ms, at least ${least} ms`);
});

const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-drives-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('finds the drives of boot loaders among what is mounted, and writes to them', async () => {
  for (const name of ['RPI-RP2', 'STICK']) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, 'RPI-RP2', 'INFO_UF2.TXT'), 'Board-ID: RPI-RP2\r\n');
  const places = { parents: [folder, path.join(folder, 'missing')], drives: [path.join(folder, 'STICK')] };
  const drives = await mountedDrives('linux', places);
  assert.deepEqual(
    drives.map(({ place }) => place),
    [path.join(folder, 'RPI-RP2')],
  );
  const drive = new MountedDrive(path.join(folder, 'RPI-RP2'));
  await drive.write('a.uf2', testBytes(700));
  assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, 'RPI-RP2', 'a.uf2'))), testBytes(700));
  await assert.rejects(new MountedDrive(path.join(folder, 'missing')).write('a.uf2', testBytes(1)), /ENOENT/);
});
