/** Boards that are none: they run the probe's own images and speak its protocol. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../usb/device.ts';
import { UsbLink } from '../usb/link.ts';
import { Probe } from '../wire/probe.ts';
import { UsbWire } from '../wire/wire.ts';
import { BusClock } from './bus-clock.ts';
import { startQemu } from './qemu.ts';
import { VirtualRp2040 } from './rp2040.ts';
import { VirtualUsbDevice } from './virtual-device.ts';

export interface VirtualBoard {
  /** As a person writes it after `target`. */
  readonly id: string;
  /** Of the images. */
  readonly image: string;
  /** Of QEMU; without it the board is an RP2040 in this process. */
  readonly machine?: string;
  readonly core: string;
  /** What it cannot know, in words that follow "it knows no". */
  readonly knowsNo: string;
}

const qemu = (name: string, machine: string): VirtualBoard => ({
  id: `virtual:${name}`,
  image: `${machine}.elf`,
  machine,
  core: `cortex-${name}`,
  knowsNo: 'cycles but counts instructions, and no wait states, caches or dual issue',
});

export const virtualBoards: readonly VirtualBoard[] = [
  {
    id: 'virtual:rp2040',
    image: 'rp2040.bin',
    core: 'cortex-m0plus',
    knowsNo: 'wait states of flash, second core or contention for memory',
  },
  qemu('m3', 'mps2-an385'),
  qemu('m4', 'mps2-an386'),
  qemu('m7', 'mps2-an500'),
  qemu('m33', 'mps2-an505'),
  qemu('m55', 'mps3-an547'),
];

/** A probe that runs, until it is stopped. */
export interface RunningBoard {
  readonly probe: Probe;
  readonly stop: () => Promise<void>;
}

/** The interface that the probe shows: class of vendors, and its own subclass. */
export const probeInterface = { class: 0xff, subclass: 0x4e };

/** Opens the probe's interface of a device. @throws BoardError */
export async function openProbe(device: Parameters<typeof UsbLink.open>[0], clock: Clock): Promise<UsbWire> {
  const { link, chosen } = await UsbLink.open(
    device,
    ({ alternates: [first] }) =>
      first?.interfaceClass === probeInterface.class && first.interfaceSubclass === probeInterface.subclass,
    {},
    clock,
  );
  const endpoints = chosen.alternates[0]?.endpoints ?? [];
  const numberOf = (direction: 'in' | 'out'): number =>
    endpoints.find((endpoint) => endpoint.direction === direction)?.endpointNumber ?? 0;
  return new UsbWire(link, { in: numberOf('in'), out: numberOf('out') });
}

/** @param imagesFolder with the images of the probe. @throws BoardError when the board does not start */
export async function startVirtual(
  { image, machine }: VirtualBoard,
  imagesFolder: string,
): Promise<RunningBoard> {
  const file = path.join(imagesFolder, image);
  if (machine !== undefined) {
    const { wire, stop } = await startQemu(machine, file);
    return { probe: await Probe.greet(wire), stop };
  }
  const clock = new BusClock();
  const device = new VirtualUsbDevice(new VirtualRp2040(readFileSync(file), clock), clock);
  const probe = await Probe.greet(await openProbe(device, clock));
  return { probe, stop: () => probe.close() };
}
