import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { boards } from '../../../device-profiles/index.ts';
import type { UsbBus } from '../attached/attached.ts';
import { ProbeImages } from '../images.ts';
import { PicobootModel } from '../testing/picoboot-model.ts';
import type { UsbDevice } from '../usb/device.ts';
import { BoardError } from '../usb/fault.ts';
import { BusClock } from '../virtual/bus-clock.ts';
import { VirtualUsbDevice } from '../virtual/virtual-device.ts';
import { VirtualRp2040 } from '../virtual/rp2040.ts';
import { openBoard, type Surroundings } from './open-board.ts';

const images = new ProbeImages(path.join(import.meta.dirname, '..', '..', 'images'));
const pico = boards.find(({ id }) => id === 'pico');
assert.ok(pico);

/** A Pico on a virtual bus: its boot loader, and after its reboot the chip with what was loaded into its RAM. */
class PicoBus implements UsbBus {
  readonly clock = new BusClock();
  readonly model = new PicobootModel('RP2040', this.clock);
  readonly boot = new VirtualUsbDevice(this.model, this.clock);
  #probe: VirtualUsbDevice | undefined;
  looks = 0;

  getDevices(): Promise<readonly UsbDevice[]> {
    this.looks++;
    if (!this.model.gone) return Promise.resolve([this.boot]);
    const ram = this.model.ram.read(0x20000000, 64 << 10);
    this.#probe ??= new VirtualUsbDevice(new VirtualRp2040(ram, this.clock), this.clock);
    return Promise.resolve([this.#probe]);
  }

  addEventListener(): void {
    // Nothing here waits for an event.
  }

  removeEventListener(): void {
    // Nothing was added.
  }
}

function around(bus: PicoBus, agrees = true): Surroundings & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    images,
    boards,
    bus: () => Promise.resolve(bus),
    clock: bus.clock,
    agreed: (plan) => {
      asked.push(plan.words);
      return Promise.resolve(agrees);
    },
    asked,
  };
}

test('one step takes a Pico from its boot loader to a probe that answers, and its flash is as it was', async () => {
  const bus = new PicoBus();
  const before = bus.model.flash.read(0x10000000, 4096);
  const surroundings = around(bus);
  const { probe, stop } = await openBoard(pico, surroundings);
  assert.equal(probe.facts.chip, 'rp2040');
  assert.deepEqual(bus.model.flash.read(0x10000000, 4096), before);
  assert.equal(surroundings.asked.length, 1);
  await stop();
  // The probe runs now: nothing is loaded and nobody is asked again.
  const again = await openBoard(pico, surroundings);
  assert.equal(surroundings.asked.length, 1);
  await again.stop();
});

test('without a yes nothing is written', async () => {
  const bus = new PicoBus();
  const before = bus.boot.transfers;
  await assert.rejects(openBoard(pico, around(bus, false)), /cancelled/);
  assert.equal(bus.boot.transfers, before);
});

test('what is not attached, or is another chip, is said with what to do', async () => {
  const bus = new PicoBus();
  const nucleo = boards.find(({ id }) => id === 'nucleo-f446re');
  assert.ok(nucleo);
  await assert.rejects(openBoard(nucleo, around(bus)), /There is no probe for this board/);
  class EmptyBus extends PicoBus {
    override getDevices(): Promise<readonly UsbDevice[]> {
      return Promise.resolve([]);
    }
  }
  await assert.rejects(
    openBoard(pico, around(new EmptyBus())),
    (error) => error instanceof BoardError && /BOOTSEL.*virtual:rp2040/.test(error.message),
  );
});
