import assert from 'node:assert/strict';
import type { Board } from '../../../device-profiles/index.ts';
import { boards } from '../../../device-profiles/index.ts';
import { confirm, type Flasher, type Image, type Outcome, type RunOptions } from '../flash/flasher.ts';
import type { Bytes, Clock } from '../usb/device.ts';
import { BusClock, packetsPerFrame } from '../virtual/bus-clock.ts';
import type { DeviceModel } from '../virtual/model.ts';
import { type Mishap, VirtualUsbDevice } from '../virtual/virtual-device.ts';

/** Bytes without a pattern that a wrong address would hit by chance. */
export function testBytes(length: number, seed = 1): Bytes {
  let state = seed;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

export function boardNamed(id: string): Board {
  const board = boards.find((candidate) => candidate.id === id);
  assert.ok(board !== undefined, id);
  return board;
}

/** A board under test: what it is, how it is flashed, and whether its memory holds what it should. */
export interface Specimen<Model extends DeviceModel = DeviceModel> {
  readonly model: Model;
  readonly clock: BusClock;
  readonly flasher: (device: VirtualUsbDevice, clock: Clock) => Flasher;
  readonly image: Image;
  /** Whether all of the image is where it belongs. */
  readonly holds: () => boolean;
  /** Whether nothing that a power cycle keeps has changed. */
  readonly untouched: () => boolean;
}

export interface Run {
  readonly outcome: Outcome;
  readonly device: VirtualUsbDevice;
  /** Time on the bus, ms. */
  readonly ms: number;
}

/** Plugs the board in, confirms the plan and carries it out. */
export async function flashOnce(
  specimen: Specimen,
  mishaps: readonly Mishap[] = [],
  options: RunOptions = {},
): Promise<Run> {
  const device = new VirtualUsbDevice(specimen.model, specimen.clock, mishaps);
  const flasher = specimen.flasher(device, specimen.clock);
  const plan = await flasher.plan(specimen.image);
  confirm(plan);
  const start = specimen.clock.now();
  const outcome = await flasher.run(plan, options);
  return { outcome, device, ms: specimen.clock.now() - start };
}

/** Time that so many bytes take on the bus, ms. */
export function busTime(bytes: number): number {
  return Math.ceil(bytes / 64) / packetsPerFrame;
}

async function sound(specimen: Specimen): Promise<Run> {
  const run = await flashOnce(specimen);
  assert.equal(run.outcome.kind, 'running', JSON.stringify(run.outcome));
  assert.ok(specimen.holds());
  return run;
}

/**
 * Lets one mishap happen at every transfer, before it and in the middle of it (or when it has passed, unheard), each on a
 * fresh board. No outcome may claim what is not so; what fails says what to do; and plugged in again, the board is flashed.
 */
export async function everywhere(
  fresh: () => Specimen,
  kind: Mishap['kind'],
  judge: (outcome: Outcome, where: string) => void,
): Promise<number> {
  const { device: whole } = await sound(fresh());
  for (let transfer = 0; transfer < whole.transfers; transfer++) {
    for (const afterPackets of [0, 1]) {
      const specimen = fresh();
      const { outcome, device } = await flashOnce(specimen, [{ transfer, kind, afterPackets }]);
      const where = `${kind} at transfer ${transfer}, after ${afterPackets} packets: ${JSON.stringify(outcome)}`;
      if (device.happened) judge(outcome, where);
      else assert.equal(outcome.kind, 'running', where);
      if (outcome.kind === 'running' || outcome.left === 'verified') assert.ok(specimen.holds(), where);
      else if (outcome.left === 'untouched') assert.ok(specimen.untouched(), where);
      assert.equal(device.opened, false, where);
      specimen.model.powerUp();
      await sound(specimen);
    }
  }
  return whole.transfers;
}

/** What a pulled cable must come to. */
export function pulled(outcome: Outcome, where: string): void {
  assert.ok(outcome.kind === 'failed', where);
  assert.equal(outcome.fault.kind, 'unplugged', where);
  assert.match(outcome.message, /The board is no longer attached \(while .*\)\. .*[Pp]lug.*\.$/, where);
}
