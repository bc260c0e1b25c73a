import type { Board } from '../../../device-profiles/index.ts';
import { CmsisDapAccess } from '../flash/cmsis-dap.ts';
import { DebugFlasher } from '../flash/debug-flasher.ts';
import { DfuseFlasher } from '../flash/dfuse.ts';
import type { Flasher } from '../flash/flasher.ts';
import { PicobootFlasher } from '../flash/picoboot.ts';
import { StLinkAccess } from '../flash/st-link.ts';
import { type Clock, systemClock } from '../usb/device.ts';
import { boardError } from '../usb/fault.ts';
import type { AttachedDevice } from './attached.ts';

/** Who shows the commands with which DAPLink writes flash, beside those of CMSIS-DAP. */
const daplink = '0d28';

/**
 * How a program is put onto a board that is attached.
 *
 * @throws BoardError for a board that the device cannot be, and for one that has to be brought into its boot loader first
 */
export function flasherFor(
  { device, identity, boards }: AttachedDevice,
  board: Board,
  clock: Clock = systemClock,
): Flasher {
  const place = `looking for a way onto the ${board.name}`;
  if (!boards.some(({ id }) => id === board.id)) {
    throw boardError({ kind: 'unfit', place, reason: `${identity.name} is not on a ${board.name}` });
  }
  switch (identity.speaks) {
    case 'picoboot':
      return new PicobootFlasher(device, board, clock);
    case 'dfuse':
      return new DfuseFlasher(device, board, clock);
    case 'cmsis-dap':
      return new DebugFlasher(board, () => CmsisDapAccess.open(device, clock), identity.vendorId === daplink);
    case 'st-link':
      return new DebugFlasher(board, () => StLinkAccess.open(device, clock), false);
    default:
      throw boardError(
        {
          kind: 'unfit',
          place,
          reason: `the board shows "${identity.name}", through which it cannot be programmed`,
        },
        { unfit: board.flashing },
      );
  }
}
