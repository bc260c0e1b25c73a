/** PICOBOOT against a model of the boot ROM: what is written, how long it takes, and what mishaps come to. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  boardNamed,
  busTime,
  everywhere,
  flashOnce,
  pulled,
  type Specimen,
  testBytes,
} from '../testing/bench.ts';
import { flashTimes, PicobootModel } from '../testing/picoboot-model.ts';
import { BusClock } from '../virtual/bus-clock.ts';
import { confirm, type Image } from './flasher.ts';
import { PicobootFlasher } from './picoboot.ts';

const before = testBytes(2 << 20, 7);

function specimen(chip: 'RP2040' | 'RP2350', image: Image): Specimen<PicobootModel> {
  const clock = new BusClock();
  const model = new PicobootModel(chip, clock);
  model.flash.bytes.set(before);
  const board = boardNamed(chip === 'RP2040' ? 'pico' : 'pico-2');
  const memory = image.start === 'reset' ? model.flash : model.ram;
  return {
    model,
    clock,
    image,
    flasher: (device) => new PicobootFlasher(device, board, clock),
    holds: () =>
      image.segments.every(
        ({ address, bytes }) => Buffer.compare(memory.read(address, bytes.length), bytes) === 0,
      ),
    untouched: () => Buffer.compare(model.flash.bytes, before) === 0,
  };
}

const inRam = (chip: string, bytes = 40_000): Image => ({
  name: 'probe',
  chip,
  segments: [{ address: 0x20000000, bytes: testBytes(bytes) }],
  start: { pc: 0x20000101, sp: 0x20042000 },
});
const inFlash = (bytes = 20_000): Image => ({
  name: 'probe',
  chip: 'RP2040',
  segments: [
    { address: 0x10000000, bytes: testBytes(bytes) },
    { address: 0x10000000 + bytes + 10, bytes: testBytes(300, 3) },
  ],
  start: 'reset',
});

test('loads a program into RAM and starts it there, and leaves the flash alone', async () => {
  const board = specimen('RP2040', inRam('RP2040'));
  const { outcome } = await flashOnce(board);
  assert.deepEqual(outcome, { kind: 'running', bytes: 40_000, verified: 'read back' });
  assert.ok(board.holds() && board.untouched());
  assert.deepEqual(board.model.rebooted, { pc: 0x20000101, sp: 0x20042000 });
});

test('starts a program in the RAM of an RP2350 by REBOOT2', async () => {
  const board = specimen('RP2350', inRam('RP2350'));
  assert.equal((await flashOnce(board)).outcome.kind, 'running');
  assert.deepEqual(board.model.rebooted, { kind: 3, base: 0x20000000 });
});

test('writes flash: the sectors of the program, and no others', async () => {
  const board = specimen('RP2040', inFlash());
  const { outcome } = await flashOnce(board);
  assert.equal(outcome.kind, 'running', JSON.stringify(outcome));
  assert.ok(board.holds());
  assert.equal(Buffer.compare(board.model.flash.bytes.subarray(20_480), before.subarray(20_480)), 0);
  assert.deepEqual(board.model.rebooted, { pc: 0, sp: 0 });
});

test('says before what it will overwrite, and does nothing that nobody confirmed', async () => {
  const board = specimen('RP2040', inFlash());
  const { device } = await flashOnce(specimen('RP2040', inRam('RP2040')));
  const flasher = board.flasher(device, board.clock);
  const plan = await flasher.plan(board.image);
  assert.match(
    plan.words,
    /^"probe" will overwrite 20 KB of the flash of the Raspberry Pi Pico \(RP2040\) \(0x10000000 to 0x10004fff\)\. The program/,
  );
  await assert.rejects(flasher.run(plan), /Nobody has confirmed/);
  assert.ok(board.untouched());
  const ram = await flasher.plan(inRam('RP2040'));
  assert.match(ram.words, /^"probe" will be loaded into 40 KB of RAM .* The flash stays as it is/);
});

test('refuses what does not belong onto the board', async () => {
  const { flasher, model, clock } = specimen('RP2040', inFlash());
  const { device } = await flashOnce({ ...specimen('RP2040', inFlash()), model, clock });
  const plan = (image: Image) => flasher(device, clock).plan(image);
  await assert.rejects(
    plan(inRam('RP2350')),
    /^BoardError: The program is for the RP2350, and the Raspberry Pi Pico/,
  );
  await assert.rejects(plan(inRam('RP2040', 300_000)), /has no memory for all of the program/);
  await assert.rejects(plan({ ...inFlash(), segments: [] }), /The program is empty/);
  await assert.rejects(plan({ ...inFlash(), start: { pc: 1, sp: 2 } }), /has no memory for all/);
});

test('tells a board that forbids writing from one that forgets what was written', async () => {
  const locked = specimen('RP2040', inFlash());
  locked.model.locked = true;
  const refused = (await flashOnce(locked)).outcome;
  assert.ok(refused.kind === 'failed');
  assert.match(refused.message, /does not permit it .* \(while erasing the flash at 0x10000000\)/);
  const worn = specimen('RP2040', inRam('RP2040'));
  worn.model.wornAt = 0x20001234;
  const differs = (await flashOnce(worn)).outcome;
  assert.ok(differs.kind === 'failed');
  assert.equal(differs.left, 'partly written');
  assert.match(differs.message, /What was read back at 0x20001234 is not what was written/);
});

test('stops when it is cancelled, and the board can be used at once', async () => {
  const board = specimen('RP2040', inRam('RP2040'));
  const stop = new AbortController();
  const progress = ({ stage }: { stage: string }) => {
    if (stage === 'verifying') stop.abort();
  };
  const { outcome } = await flashOnce(board, [], { progress, signal: stop.signal });
  assert.ok(outcome.kind === 'failed');
  assert.equal(outcome.fault.kind, 'cancelled');
  assert.equal((await flashOnce(board)).outcome.kind, 'running');
});

for (const [what, image] of [
  ['RAM', inRam('RP2040')],
  ['flash', inFlash()],
] as const) {
  test(`a cable pulled at any transfer to ${what} is told, and the board can be flashed again`, async () => {
    assert.ok((await everywhere(() => specimen('RP2040', image), 'unplug', pulled)) > 20);
  });

  for (const kind of ['stall', 'silence'] as const) {
    test(`one ${kind} at any transfer to ${what} is overcome, or told`, async () => {
      await everywhere(
        () => specimen('RP2040', image),
        kind,
        (outcome, where) => {
          if (outcome.kind === 'failed')
            assert.match(
              outcome.message,
              /(refused a transfer|did not answer|no longer attached).*BOOTSEL/,
              where,
            );
        },
      );
    });
  }
}

test('takes little more time than its transfers need', async () => {
  const ram = await flashOnce(specimen('RP2040', inRam('RP2040', 200_000)));
  assert.ok(ram.ms <= 1.25 * 2 * busTime(200_000), `${ram.ms} ms`);
  const flash = await flashOnce(specimen('RP2040', inFlash(200_000)));
  const sectors = Math.ceil(200_310 / 4096);
  const pages = Math.ceil(200_310 / 256);
  const least = 2 * busTime(200_310) + sectors * flashTimes.eraseSector + pages * flashTimes.programPage;
  assert.ok(flash.ms <= 1.25 * least, `${flash.ms} ms, at least ${least} ms`);
});

test('a plan of one board is confirmed for that plan only', async () => {
  const board = specimen('RP2040', inRam('RP2040'));
  const { device } = await flashOnce(board);
  const flasher = board.flasher(device, board.clock);
  const [plan, other] = [await flasher.plan(board.image), await flasher.plan(board.image)];
  confirm(plan);
  await assert.rejects(flasher.run(other), /Nobody has confirmed/);
});
