/** Programs in RAM and in flash through a CMSIS-DAP probe, against a model of probe and chip. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import dapjs from 'dapjs';
import { boardNamed, everywhere, flashOnce, pulled, type Specimen, testBytes } from '../testing/bench.ts';
import { CmsisDapModel } from '../testing/cmsis-dap-model.ts';
import { CortexModel } from '../testing/cortex-model.ts';
import { BusClock, packetsPerFrame } from '../virtual/bus-clock.ts';
import { VirtualUsbDevice } from '../virtual/virtual-device.ts';
import { CmsisDapAccess } from './cmsis-dap.ts';
import { DebugFlasher } from './debug-flasher.ts';
import type { Image } from './flasher.ts';

const before = testBytes(256 << 10, 7);
const inRam = (bytes = 3000): Image => ({
  name: 'probe',
  chip: 'nRF52832',
  segments: [{ address: 0x20000000, bytes: testBytes(bytes) }],
  start: { pc: 0x20000101, sp: 0x20010000 },
});
/** As a table of exceptions has them, reserved words of zero: DAPLink is told from it that this is no hex file. */
const inFlash: Image = {
  ...inRam(),
  segments: [{ address: 0, bytes: testBytes(5000).fill(0, 28, 44) }],
  start: 'reset',
};

interface Probe extends Specimen<CmsisDapModel> {
  readonly chip: CortexModel;
}

function specimen(image = inRam(), part = 0x52832): Probe {
  const clock = new BusClock();
  const chip = new CortexModel(0, { address: 0x10000100, value: part });
  chip.flash.bytes.set(before);
  const model = new CmsisDapModel(chip, clock);
  const memory = image.start === 'reset' ? chip.flash : chip.ram;
  return {
    model,
    chip,
    clock,
    image,
    flasher: (device) =>
      new DebugFlasher(boardNamed('nicla-sense-me'), () => CmsisDapAccess.open(device, clock), true),
    holds: () =>
      image.segments.every(
        ({ address, bytes }) => Buffer.compare(memory.read(address, bytes.length), bytes) === 0,
      ),
    untouched: () => Buffer.compare(chip.flash.bytes, before) === 0,
  };
}

test('loads a program into RAM and lets the core run it; the flash stays as it is', async () => {
  const board = specimen();
  const { outcome } = await flashOnce(board);
  assert.deepEqual(outcome, { kind: 'running', bytes: 3000, verified: 'read back' });
  assert.ok(board.holds() && board.untouched());
  assert.equal(board.chip.running, 0x20000100);
  assert.equal(board.chip.vectors, 0x20000000);
  assert.deepEqual(
    [13, 16].map((register) => board.chip.core.get(register)),
    [0x20010000, 1 << 24],
  );
});

test('writes flash by the commands of DAPLink, and reads it back', async () => {
  const board = specimen(inFlash);
  const { outcome } = await flashOnce(board);
  assert.equal(outcome.kind, 'running', JSON.stringify(outcome));
  assert.ok(board.holds());
  assert.equal(board.chip.running, 'flash');
});

test('writes nothing to a chip that is not the board’s', async () => {
  const board = specimen(inFlash, 0x52840);
  const { outcome } = await flashOnce(board);
  assert.ok(outcome.kind === 'failed');
  assert.equal(outcome.left, 'untouched');
  assert.match(outcome.message, /says that it is 0x00052840, and the nRF52832 of .* would say 0x00052832/);
  assert.ok(board.untouched());
});

test('does not wait for ever for a chip without power', async () => {
  const board = specimen();
  board.model.dead = true;
  const { outcome, ms } = await flashOnce(board);
  assert.ok(outcome.kind === 'failed');
  assert.match(outcome.message, /did not answer for 5000 ms .*Check the wires/);
  assert.ok(ms < 6000, `${ms} ms`);
});

test('refuses what the probe cannot do', async () => {
  const { flasher, model, clock } = specimen();
  const device = new VirtualUsbDevice(model, clock);
  const high = { ...inFlash, segments: [{ address: 0x1000, bytes: testBytes(8) }] };
  await assert.rejects(flasher(device, clock).plan(high), /must begin where the flash does/);
  const ramOnly = new DebugFlasher(
    boardNamed('nicla-sense-me'),
    () => CmsisDapAccess.open(device, clock),
    false,
  );
  await assert.rejects(ramOnly.plan(inFlash), /loads programs into RAM only/);
  const untold = new DebugFlasher(boardNamed('ek-ra6m4'), () => CmsisDapAccess.open(device, clock), false);
  const image = { ...inRam(), chip: 'R7FA6M4' };
  await assert.rejects(untold.plan(image), /does not say how its chip is told/);
});

for (const [what, image] of [
  ['RAM', inRam(200)],
  ['flash', { ...inFlash, segments: [{ address: 0, bytes: testBytes(200).fill(0, 28, 44) }] }],
] as const) {
  test(`a cable pulled at any transfer to ${what} is told, and the board can be used again`, async () => {
    assert.ok((await everywhere(() => specimen(image), 'unplug', pulled)) > 50);
  });
}

test('a silence at any transfer is overcome, or told', async () => {
  await everywhere(
    () => specimen(inRam(200)),
    'silence',
    (outcome, where) => {
      if (outcome.kind === 'failed') assert.match(outcome.message, /\(while .*\)\. Check the wires/, where);
    },
  );
});

test('takes little more time than its packets and its wires need', async () => {
  const bytes = 40_000;
  const { ms } = await flashOnce(specimen(inRam(bytes)));
  const packets = 2 * 2 * Math.ceil(bytes / 56);
  const wire = (2 * (bytes / 4) * 46) / 4000;
  const least = packets / packetsPerFrame + wire;
  assert.ok(ms <= 1.25 * least, `${ms} ms, at least ${least} ms`);
});

test('the model is one that dapjs reaches through its own transport', async () => {
  const { model, clock, chip } = specimen();
  const device = new VirtualUsbDevice(model, clock);
  // What its types want beyond the W3C's transfers is not used.
  const transport = new dapjs.WebUSB(device as unknown as ConstructorParameters<typeof dapjs.WebUSB>[0]);
  const port = new dapjs.ADI(transport);
  await port.connect();
  await port.writeBlock(0x20000100, new Uint32Array([1, 2, 3]));
  assert.deepEqual([...(await port.readBlock(0x20000100, 3))], [1, 2, 3]);
  assert.equal(chip.read(0x20000104), 2);
});
