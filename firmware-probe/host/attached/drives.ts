import type { Board } from '../../../device-profiles/index.ts';
import type { Drive } from '../flash/drive.ts';
import type { Flasher } from '../flash/flasher.ts';
import { boardIdOf, Uf2Flasher } from '../flash/uf2.ts';
import { type Clock, systemClock } from '../usb/device.ts';

/** A board whose boot loader shows a drive, and the way onto it. */
export interface AttachedDrive {
  readonly drive: Drive;
  readonly board: Board;
  readonly flasher: Flasher;
}

/** Which of the drives are those of boards; a board that is also there as a USB device is better reached as one. */
export async function attachedDrives(
  drives: readonly Drive[],
  boards: readonly Board[],
  clock: Clock = systemClock,
): Promise<readonly AttachedDrive[]> {
  const infos = await Promise.all(drives.map((drive) => drive.info()));
  return drives.flatMap((drive, index) => {
    const id = boardIdOf(infos[index] ?? '');
    const board = boards.find(({ uf2 }) => uf2 !== undefined && uf2.boardId === id);
    return board === undefined ? [] : [{ drive, board, flasher: new Uf2Flasher(drive, board, clock) }];
  });
}
