import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { skipWithout } from '../../testing/programs.ts';
import { BoardError } from '../usb/fault.ts';
import { type MachineLoop, unrolled } from '../wire/probe.ts';
import { boards } from '../../../device-profiles/index.ts';
import { ProbeImages } from '../images.ts';
import { type RunningBoard, startVirtual } from './boards.ts';
import { startQemu } from './qemu.ts';

const imagesFolder = path.join(import.meta.dirname, '..', '..', 'images');
const images = new ProbeImages(imagesFolder);
const virtual = boards.filter((board) => board.virtual !== undefined);

const running: RunningBoard[] = [];
after(() => Promise.all(running.map((board) => board.stop())));

async function start(id: string): Promise<RunningBoard> {
  const found = virtual.find((board) => board.id === id);
  assert.ok(found);
  const board = await startVirtual(found, images);
  running.push(board);
  return board;
}

/** Counts that one instruction of a class takes. */
async function costOf({ probe }: RunningBoard, loop: MachineLoop): Promise<number | undefined> {
  const rounds = 500;
  const [all, empty] = [await probe.machine(loop, rounds), await probe.machine('empty', rounds)];
  return all === undefined || empty === undefined ? undefined : (all - empty) / rounds / unrolled;
}

/** A layer is numbers of 4 bytes: for this one none. */
const nothing = {
  kernel: 0,
  repeats: 5,
  outBytes: 4,
  layerAt: 0,
  inputsAt: [0, 0],
  outAt: 16,
  scratchAt: 0,
} as const;

test('virtual:rp2040 is the real image behind its own USB: facts, memory, runs, refusals', async () => {
  const { probe } = await start('virtual:rp2040');
  const { memoryBytes, ...facts } = probe.facts;
  assert.deepEqual(facts, {
    chip: 'rp2040',
    counter: 'SysTick',
    kernels: 'plain',
    codeIn: 'SRAM',
    dataIn: 'SRAM',
    caches: [],
    clockHz: 125_000_000,
    serial: undefined,
  });
  assert.ok(memoryBytes > 200 << 10, String(memoryBytes));
  const bytes = Uint8Array.from({ length: 3000 }, (_, at) => (at % 7 === 0 ? 0 : at));
  await probe.write(memoryBytes - 3000, bytes);
  assert.deepEqual(await probe.read(memoryBytes - 3000, 3000), bytes);
  await probe.write(16, Uint8Array.of(1, 2, 3, 4));
  const measured = await probe.run('running nothing', nothing, 100);
  // FNV-1a of 1, 2, 3, 4.
  assert.equal(measured.checksum, 0x5734a87d);
  assert.ok(measured.least > 10 && measured.least <= measured.median && measured.median < 100);
  const outside = probe.run('running nothing', { ...nothing, outAt: memoryBytes - 2 }, 100);
  await assert.rejects(
    outside,
    /^BoardError: The layer does not lie in the memory of the board \(while running nothing\)\. /,
  );
  await assert.rejects(probe.write(memoryBytes - 2, bytes), BoardError);
});

test('the machine of virtual:rp2040 costs what the manual of its core says', async () => {
  // Cortex-M0+ Technical Reference Manual, table 3-1: a load or store takes two cycles, a taken branch two.
  const board = await start('virtual:rp2040');
  const loops = ['add', 'load', 'load byte', 'store', 'branch', 'multiply', 'divide'] as const;
  const costs: (number | undefined)[] = [];
  for (const loop of loops) costs.push(await costOf(board, loop));
  assert.deepEqual(costs, [1, 2, 2, 2, 2, 1, undefined]);
});

for (const { id, probe: own } of virtual.filter((board) => board.virtual?.counts === 'instructions')) {
  test(
    `${id} counts instructions over its serial line`,
    { skip: skipWithout('qemu-system-arm') },
    async () => {
      const board = await start(id);
      const { chip, kernels, clockHz } = board.probe.facts;
      assert.equal(chip, own?.image);
      assert.equal(kernels, id === 'virtual:m55' ? 'helium' : id === 'virtual:m3' ? 'plain' : 'dsp');
      // A tick of SysTick is so many nanoseconds, and an instruction is one.
      const perTick = 1e9 / clockHz;
      for (const loop of ['add', 'load', 'divide'] as const) {
        const cost = await costOf(board, loop);
        assert.ok(cost !== undefined && Math.abs(cost * perTick - 1) < 0.01, `${loop}: ${cost}`);
      }
      assert.equal((await costOf(board, 'vector multiply')) === undefined, id !== 'virtual:m55');
      await board.probe.write(16, Uint8Array.of(1, 2, 3, 4));
      assert.equal((await board.probe.run('running nothing', nothing, 100)).checksum, 0x5734a87d);
    },
  );
}

test('an emulator that cannot start says why and what to do', async () => {
  const file = path.join(imagesFolder, 'mps2-an386.elf');
  await assert.rejects(
    startQemu('no-such-machine', file),
    /virtual board no-such-machine\)\. Install qemu-system-arm/,
  );
});
