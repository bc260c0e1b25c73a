/** Virtual boards: they run the probe's own images and speak its protocol. */

import { readFileSync } from 'node:fs';
import type { Board } from '../../../device-profiles/index.ts';
import type { ProbeImages } from '../images.ts';
import type { Clock } from '../usb/device.ts';
import { UsbLink } from '../usb/link.ts';
import { Probe } from '../wire/probe.ts';
import { UsbWire } from '../wire/wire.ts';
import { BusClock } from './bus-clock.ts';
import { startQemu } from './qemu.ts';
import { VirtualRp2040 } from './rp2040.ts';
import { VirtualUsbDevice } from './virtual-device.ts';

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

/**
 * @param board a virtual one
 * @throws BoardError when it does not start
 */
export async function startVirtual(board: Board, images: ProbeImages): Promise<RunningBoard> {
  const { machine, file } = images.of(board);
  if (machine !== undefined) {
    const { wire, stop } = await startQemu(machine, file);
    return { probe: await Probe.greet(wire), stop };
  }
  const clock = new BusClock();
  const device = new VirtualUsbDevice(new VirtualRp2040(readFileSync(file), clock), clock);
  const probe = await Probe.greet(await openProbe(device, clock));
  return { probe, stop: () => probe.close() };
}
