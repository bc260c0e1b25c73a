/** DfuSe against a model of the boot loader of an STM32: pages, protection, time, and what mishaps come to. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boardNamed, everywhere, flashOnce, pulled, type Specimen, testBytes } from '../testing/bench.ts';
import { blockBytes, blockWaitMs, DfuseModel, dfuTimes } from '../testing/dfuse-model.ts';
import { BusClock, packetsPerFrame } from '../virtual/bus-clock.ts';
import { VirtualUsbDevice } from '../virtual/virtual-device.ts';
import { DfuseFlasher } from './dfuse.ts';
import { flashPages } from './dfuse-layout.ts';
import type { Image } from './flasher.ts';

const before = testBytes(1 << 20, 7);
const image = (bytes = 9003): Image => ({
  name: 'probe',
  chip: 'STM32F746',
  segments: [{ address: 0x08007000, bytes: testBytes(bytes) }],
  start: 'reset',
});

function specimen(program = image()): Specimen<DfuseModel> {
  const clock = new BusClock();
  const model = new DfuseModel(clock);
  model.flash.bytes.set(before);
  return {
    model,
    clock,
    image: program,
    flasher: (device) => new DfuseFlasher(device, boardNamed('nucleo-f746zg'), clock),
    holds: () =>
      program.segments.every(
        ({ address, bytes }) => Buffer.compare(model.flash.read(address, bytes.length), bytes) === 0,
      ),
    untouched: () => Buffer.compare(model.flash.bytes, before) === 0,
  };
}

const planned = (board: Specimen, program = board.image) =>
  board.flasher(new VirtualUsbDevice(board.model, board.clock), board.clock).plan(program);

test('reads the pages of flash from the name of the interface', () => {
  const pages = flashPages('@Internal Flash  /0x08000000/02*016Ka,01*064Kg,01*1Me/0x1FFF7800/3*8 e');
  assert.deepEqual(
    pages?.map(({ address, bytes, writable }) => [address, bytes, writable]),
    [
      [0x08000000, 0x4000, false],
      [0x08004000, 0x4000, false],
      [0x08008000, 0x10000, true],
      [0x08018000, 0x100000, true],
      [0x1fff7800, 8, true],
      [0x1fff7808, 8, true],
      [0x1fff7810, 8, true],
    ],
  );
  for (const name of ['', '@Flash', '@Flash /0x08000000/nonsense', '@Flash /here/01*016Kg'])
    assert.equal(flashPages(name), undefined, name);
});

test('writes a program, erases the pages that it touches and no others, and starts it', async () => {
  const board = specimen();
  const { outcome } = await flashOnce(board);
  assert.deepEqual(outcome, { kind: 'running', bytes: 9003, verified: 'read back' });
  assert.ok(board.holds());
  assert.equal(Buffer.compare(board.model.flash.bytes.subarray(0x10000), before.subarray(0x10000)), 0);
  assert.equal(board.model.started, 0x08000000);
});

test('says which pages are lost, and that nobody but a person knows which board it is', async () => {
  const { words } = await planned(specimen());
  assert.match(words, /^The board that is attached must be the .*F746ZG.*: its boot loader does not say/);
  assert.match(
    words,
    /will overwrite 64 KB of the flash .*\(0x08000000 to 0x08007fff, 0x08008000 to 0x0800ffff\)/,
  );
});

test('refuses what does not fit: RAM, another chip, protected pages', async () => {
  const board = specimen();
  const inRam: Image = {
    ...image(),
    segments: [{ address: 0x20010000, bytes: testBytes(64) }],
    start: { pc: 0x20010001, sp: 0x20020000 },
  };
  await assert.rejects(planned(board, inRam), /This boot loader writes flash only/);
  await assert.rejects(planned(board, { ...image(), chip: 'STM32F407' }), /is for the STM32F407/);
  const named = (name: string): Specimen => {
    const [only] = board.model.identity.configuration.interfaces;
    assert.ok(only !== undefined);
    const alternates = only.alternates.map((one) => ({ ...one, interfaceName: name }));
    const configuration = { configurationValue: 1, interfaces: [{ ...only, alternates }] };
    const model = new DfuseModel(board.clock);
    return { ...board, model: Object.assign(model, { identity: { ...model.identity, configuration } }) };
  };
  await assert.rejects(
    planned(named('@Internal Flash /0x08000000/04*016Kg')),
    /64 KB of flash, and the .* 1024 KB/,
  );
  await assert.rejects(
    planned(named('@Internal Flash /0x08000000/04*512Ka')),
    /0x08000000 is protected against writing/,
  );
  await assert.rejects(planned(named('@Option Bytes /0x1FFF0000/01*032 e')), /has no flash that fits/);
});

test('tells a protected chip, and leaves it as it is', async () => {
  const board = specimen();
  board.model.protected = true;
  const { outcome } = await flashOnce(board);
  assert.ok(outcome.kind === 'failed');
  assert.match(
    outcome.message,
    /^The flash of the board is protected .*Remove the protection of the flash with STM32CubeProgrammer/,
  );
  assert.ok(board.untouched());
});

test('a cable pulled at any transfer is told, and the board can be flashed again', async () => {
  assert.ok((await everywhere(specimen, 'unplug', pulled)) > 30);
});

for (const kind of ['stall', 'silence'] as const) {
  test(`one ${kind} at any transfer is overcome, or told`, async () => {
    await everywhere(specimen, kind, (outcome, where) => {
      if (outcome.kind === 'failed')
        assert.match(outcome.message, /\(while .*\)\. Unplug the board, set BOOT0/, where);
    });
  });
}

test('takes little more time than its transfers need, and never asks before the board allows it', async () => {
  const bytes = 300_000;
  const { outcome, ms } = await flashOnce(specimen(image(bytes)));
  assert.equal(outcome.kind, 'running', JSON.stringify(outcome));
  const blocks = Math.ceil(bytes / blockBytes);
  const erasing = 4 * (dfuTimes[32] ?? 0) + (dfuTimes[128] ?? 0) + (dfuTimes[256] ?? 0);
  // Each block is sent (setup, data, status), asked for twice and read back.
  const packets = blocks * 2 * (blockBytes / 64 + 2) + blocks * 2 * 3;
  const least = erasing + blocks * blockWaitMs + packets / packetsPerFrame;
  assert.ok(ms <= 1.25 * least, `${ms} ms, at least ${least} ms`);
});
