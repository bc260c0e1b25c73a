/** Programs in the RAM of STM32 boards through their ST-LINK, against a model of it. */

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
import { CortexModel } from '../testing/cortex-model.ts';
import { bitsOfWord, StLinkModel, swdHz } from '../testing/st-link-model.ts';
import { BusClock } from '../virtual/bus-clock.ts';
import { DebugFlasher } from './debug-flasher.ts';
import type { Image } from './flasher.ts';
import { StLinkAccess } from './st-link.ts';

const before = testBytes(256 << 10, 7);
const inRam = (bytes = 3000): Image => ({
  name: 'probe',
  chip: 'STM32F446',
  segments: [{ address: 0x20000000, bytes: testBytes(bytes) }],
  start: { pc: 0x20000101, sp: 0x20010000 },
});

interface Probe extends Specimen<StLinkModel> {
  readonly chip: CortexModel;
}

function specimen(image = inRam(), generation: 2 | 3 = 2, id = 0x10006421): Probe {
  const clock = new BusClock();
  const chip = new CortexModel(0x08000000, { address: 0xe0042000, value: id });
  chip.flash.bytes.set(before);
  const board = boardNamed('nucleo-f446re');
  return {
    model: new StLinkModel(generation, chip, clock),
    chip,
    clock,
    image,
    flasher: (device) => new DebugFlasher(board, () => StLinkAccess.open(device, clock), false),
    holds: () =>
      image.segments.every(
        ({ address, bytes }) => Buffer.compare(chip.ram.read(address, bytes.length), bytes) === 0,
      ),
    untouched: () => Buffer.compare(chip.flash.bytes, before) === 0,
  };
}

for (const generation of [2, 3] as const) {
  test(`loads a program into RAM through an ST-LINK of generation ${generation}, and starts it`, async () => {
    const board = specimen(inRam(), generation);
    const { outcome } = await flashOnce(board);
    assert.deepEqual(outcome, { kind: 'running', bytes: 3000, verified: 'read back' });
    assert.ok(board.holds() && board.untouched());
    assert.equal(board.chip.running, 0x20000100);
  });
}

test('tells another chip, no chip, and firmware that is too old', async () => {
  const failed = async (board: Probe) => {
    const { outcome } = await flashOnce(board);
    assert.ok(outcome.kind === 'failed');
    assert.equal(outcome.left, 'untouched');
    return outcome.message;
  };
  const other = await failed(specimen(inRam(), 2, 0x10016433));
  assert.match(
    other,
    /says that it is 0x00000433, and the STM32F446RE of .* would say 0x00000421 .*Choose the board/,
  );
  const absent = specimen();
  absent.model.absent = true;
  assert.match(await failed(absent), /^No chip answers \(while connecting to the chip\)\. Check the power/);
  const old = specimen();
  old.model.jtag = 13;
  assert.match(await failed(old), /firmware of the ST-LINK is too old \(V2\.J13\).*Update the firmware/);
});

test('tells memory that the chip does not have', async () => {
  // The board has 128 KB, as the chip of the model; of 512 KB nothing answers.
  const { model, clock, chip } = specimen();
  const board = specimen({ ...inRam(64), segments: [{ address: 0x2001ffe0, bytes: testBytes(32) }] });
  assert.equal((await flashOnce(board)).outcome.kind, 'running');
  const { device } = await flashOnce({ ...specimen(), model, clock });
  const access = await StLinkAccess.open(device, clock);
  await assert.rejects(access.read('reading', 0x20080000, 4), /nothing at that address \(while reading\)/);
  await access.write('writing', 0x20000004, testBytes(4));
  await access.close();
  assert.equal(chip.read(0x20000004), new DataView(testBytes(4).buffer).getUint32(0, true));
});

test('a cable pulled at any transfer is told, and the board can be used again', async () => {
  assert.ok((await everywhere(() => specimen(inRam(200)), 'unplug', pulled)) > 50);
});

for (const kind of ['stall', 'silence'] as const) {
  test(`one ${kind} at any transfer is overcome, or told`, async () => {
    await everywhere(
      () => specimen(inRam(200)),
      kind,
      (outcome, where) => {
        if (outcome.kind === 'failed') assert.match(outcome.message, /\(while .*\)\. .*start over/, where);
      },
    );
  });
}

test('takes little more time than its transfers and its wires need', async () => {
  const bytes = 40_000;
  const { ms } = await flashOnce(specimen(inRam(bytes)));
  const wire = (2 * (bytes / 4) * bitsOfWord * 1000) / swdHz;
  const least = 2 * busTime(bytes) + wire;
  assert.ok(ms <= 1.25 * least, `${ms} ms, at least ${least} ms`);
});
