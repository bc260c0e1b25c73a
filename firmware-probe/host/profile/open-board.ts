/** From a board's name to a probe that answers: starts a virtual one, or finds the real one and loads the probe into its RAM. */

import { readFileSync } from 'node:fs';
import type { Board } from '../../../device-profiles/index.ts';
import { attachedDevices, type AttachedDevice, type UsbBus } from '../attached/attached.ts';
import { flasherFor } from '../attached/flashers.ts';
import { probeIdentity } from '../attached/known.ts';
import { confirm, type Image, type Plan, type Progress } from '../flash/flasher.ts';
import type { ProbeImage, ProbeImages } from '../images.ts';
import type { Clock } from '../usb/device.ts';
import { BoardError, boardError } from '../usb/fault.ts';
import { openProbe, type RunningBoard, startVirtual } from '../virtual/boards.ts';
import { Probe } from '../wire/probe.ts';

export interface Surroundings {
  readonly images: ProbeImages;
  /** All that are known, among which what is attached is told apart. */
  readonly boards: readonly Board[];
  /** Asked for only where a real board is meant. */
  readonly bus: () => Promise<UsbBus>;
  readonly clock: Clock;
  /** Shows a person what will be overwritten; false where they say no. */
  readonly agreed: (plan: Plan) => Promise<boolean>;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** A board that was told to start the probe shows itself within so long, ms. */
const appearsWithinMs = 5000;
const lookMs = 50;

/** @throws BoardError when there is no such board, or no probe answers on it */
export async function openBoard(board: Board, around: Surroundings): Promise<RunningBoard> {
  if (board.virtual !== undefined) return startVirtual(board, around.images);
  const image = around.images.of(board);
  const bus = await around.bus();
  const devices = await attachedDevices(bus, around.boards);
  const running = devices.find(isProbe);
  if (running !== undefined) return greet(board, running, around);
  const found = devices.find(({ identity, boards }) => {
    const mayBe = boards.some(({ id }) => id === board.id);
    return mayBe && identity.speaks !== undefined;
  });
  if (found === undefined) throw notAttached(board);
  const flasher = flasherFor(found, board, around.clock);
  const plan = await flasher.plan(programOf(board, image));
  if (!(await around.agreed(plan))) {
    throw boardError({ kind: 'cancelled', place: `loading the probe onto the ${board.name}` });
  }
  confirm(plan);
  const outcome = await flasher.run(plan, {
    ...(around.progress === undefined ? {} : { progress: around.progress }),
    ...(around.signal === undefined ? {} : { signal: around.signal }),
  });
  if (outcome.kind === 'failed') throw new BoardError(outcome.fault);
  return greet(board, await appeared(bus, around, board), around);
}

const isProbe = ({ identity }: AttachedDevice): boolean =>
  identity.vendorId === probeIdentity.vendorId && identity.productId === probeIdentity.productId;

function notAttached({ name, flashing }: Board): BoardError {
  return boardError(
    {
      kind: 'unfit',
      place: `looking for the ${name}`,
      reason: 'no such board is attached and ready to be programmed',
    },
    { unfit: `${flashing} Or choose a virtual board, which needs nothing: "virtual:rp2040".` },
  );
}

/** In RAM, where the person's own program is left alone. */
function programOf({ mcu, name }: Board, { file, loadAddress }: ProbeImage): Image {
  if (loadAddress === undefined) {
    const reason = 'its probe is no image that can be loaded over USB';
    throw boardError({ kind: 'unfit', place: `looking for the probe of the ${name}`, reason });
  }
  const bytes = Uint8Array.from(readFileSync(file));
  const vectors = new DataView(bytes.buffer);
  return {
    name: 'probe',
    chip: mcu,
    segments: [{ address: loadAddress, bytes }],
    start: { sp: vectors.getUint32(0, true), pc: vectors.getUint32(4, true) },
  };
}

async function appeared(
  bus: UsbBus,
  { boards, clock }: Surroundings,
  { name }: Board,
): Promise<AttachedDevice> {
  const latest = clock.now() + appearsWithinMs;
  for (;;) {
    const found = (await attachedDevices(bus, boards)).find(isProbe);
    if (found !== undefined) return found;
    if (clock.now() >= latest) {
      const place = `waiting for the probe on the ${name}`;
      throw boardError({ kind: 'timed out', place, afterMs: appearsWithinMs });
    }
    await clock.sleep(lookMs);
  }
}

async function greet(
  board: Board,
  { device }: AttachedDevice,
  { clock }: Surroundings,
): Promise<RunningBoard> {
  const wire = await openProbe(device, clock);
  try {
    const probe = await Probe.greet(wire);
    if (probe.facts.chip !== board.probe?.image) {
      const reason = `the probe that is attached runs on a ${probe.facts.chip}`;
      throw boardError({ kind: 'unfit', place: `greeting the probe on the ${board.name}`, reason });
    }
    return { probe, stop: () => probe.close() };
  } catch (error) {
    await wire.close();
    throw error;
  }
}
