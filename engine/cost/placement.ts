/**
 * In which bank of a board the arena lies. The arena is one array of the program: it fits in a bank, or in banks
 * that follow each other in the address space, or not at all. Fast banks are tried first, outside memory last.
 */

import { onceFor } from '../space/once.ts';
import type { Board, MemoryBank, Slowdown } from '../../device-profiles/types.ts';
import { formatBytes } from './format.ts';
import type { Target } from './target.ts';
import type { BankFit, Placement } from './types.ts';

interface Room {
  readonly name: string;
  readonly bytes: number;
  /** Lower is tried first. */
  readonly rank: number;
}

const rankOf: Readonly<Record<NonNullable<MemoryBank['access']>, number>> = { tcm: 0, bus: 1, external: 2 };

const usableOf = ({ bytes, usable }: MemoryBank): number => usable ?? bytes;

function roomOf(banks: readonly MemoryBank[]): Room {
  return {
    name: banks.map(({ name }) => name).join(' + '),
    bytes: banks.reduce((sum, bank) => sum + usableOf(bank), 0),
    rank: Math.max(...banks.map(({ access }) => rankOf[access ?? 'bus'])),
  };
}

/** Whether an arena or a program's variables can lie in a bank: not where code, caches or a radio do. */
export const holdsData = ({ use }: MemoryBank): boolean => (use ?? 'data') === 'data';

/** Bytes that a program can take for data in all, which need not be one piece. */
export function dataRam({ sram }: Board): { readonly onChip: number; readonly external: number } {
  let onChip = 0;
  let external = 0;
  for (const bank of sram.filter(holdsData)) {
    if (bank.access === 'external') external += usableOf(bank);
    else onChip += usableOf(bank);
  }
  return { onChip, external };
}

/** Banks that can hold data, each alone; then each longest run of banks whose addresses follow each other. */
function roomsOf(banks: readonly MemoryBank[]): readonly Room[] {
  const usable = banks.filter(holdsData);
  const alone = usable.map((bank) => roomOf([bank])).sort((left, right) => left.rank - right.rank);
  const runs: MemoryBank[][] = [];
  const byAddress = usable
    .filter(
      ({ address, access, usable }) => address !== undefined && access !== 'external' && usable === undefined,
    )
    .sort((left, right) => Number(left.address) - Number(right.address));
  for (const bank of byAddress) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (
      run !== undefined &&
      last !== undefined &&
      Number(last.address) + last.bytes === Number(bank.address)
    ) {
      run.push(bank);
    } else runs.push([bank]);
  }
  const together = runs.filter((run) => run.length > 1).map(roomOf);
  // What lies outside the chip is slower than any run of banks inside.
  const inside = alone.filter(({ rank }) => rank < rankOf.external);
  const outside = alone.filter(({ rank }) => rank === rankOf.external);
  return [...inside, ...together, ...outside];
}

/** The places for an arena on a board, in the order in which they are tried. */
const cachedRooms = onceFor(roomsOf);

/** Bytes of the largest piece of memory on the chip that can hold an arena. */
export function largestBankBytes({ sram }: Board): number {
  let most = 0;
  for (const { bytes, rank } of cachedRooms(sram)) if (rank < rankOf.external) most = Math.max(most, bytes);
  return most;
}

/** What an arena of more than `fromBytes` does to latency: it lies outside the chip, or nowhere. */
export interface Outside {
  readonly fromBytes: number;
  readonly slowdown: Slowdown;
  /** It was seen on this board, or one like it. */
  readonly ofBoard: boolean;
}

/** For memory that nobody timed, on the board or added to it: the most that was seen anywhere. */
const seenAnywhere: Slowdown = {
  most: 5.4,
  source: {
    title: 'MCUNetESP (github.com/JLDominguezM/MCUNetESP@aee9fc6), docs/findings.md',
    date: '2026-11',
    note: 'ESP32-S3 at 240 MHz, esp-nn, arena in octal PSRAM and weights in flash: MCUNet-VWW2 took 813.6 million cycles and MobileNetV2 0.35 at 144 pixels 394.7 million, 5.4 and 4.8 times what is said for memory on the chip.',
  },
};

export function outsideOf({ board, runtime }: Target): Outside {
  const banks = board.sram.filter((bank) => holdsData(bank) && bank.access === 'external');
  const slowdown = banks
    .flatMap((bank) => bank.slowdown ?? [])
    .find(({ runtimes }) => runtimes?.includes(runtime.id) ?? true);
  return {
    fromBytes: largestBankBytes(board),
    slowdown: slowdown ?? seenAnywhere,
    ofBoard: slowdown !== undefined,
  };
}

/**
 * Where an arena of `arenaBytes` lies on the target's board, beside `otherBytes` of the program's own data, which may
 * lie anywhere.
 */
export function placeArena(target: Target, arenaBytes: number, otherBytes: number | undefined): Placement {
  const { board } = target;
  const rooms = cachedRooms(board.sram);
  const banks: readonly BankFit[] = rooms.map(({ name, bytes }) => ({
    name,
    bytes,
    fits: arenaBytes <= bytes,
  }));
  const bank = banks.find(({ fits }) => fits);
  const { onChip: total } = dataRam(board);
  const arena = formatBytes(arenaBytes);
  if (bank === undefined) {
    const [largest] = [...banks].sort((left, right) => right.bytes - left.bytes);
    const where =
      largest === undefined
        ? 'there is no bank for data'
        : `the largest bank, ${largest.name}, has ${formatBytes(largest.bytes)}`;
    const more =
      total >= arenaBytes
        ? ` The ${formatBytes(total)} in all do not help: an arena is one piece, and the banks do not follow each other.`
        : '';
    const { most, source } = outsideOf(target).slowdown;
    const latency = ` The interval of the latency reaches as far as memory outside the chip was seen to slow a network down, ${most} times (${source.title}).`;
    const message = `The arena of ${arena} fits in no bank of ${board.name}: ${where}.${more}${most === 1 ? '' : latency}`;
    return { bank, banks, otherBytes, fits: false, message };
  }
  const left = Math.max(total, bank.bytes) - arenaBytes;
  if (otherBytes !== undefined && otherBytes > left) {
    const message = `The arena of ${arena} fits in ${bank.name} (${formatBytes(bank.bytes)}), but the rest of the program needs ${formatBytes(otherBytes)} and ${formatBytes(left)} are left on ${board.name}.`;
    return { bank, banks, otherBytes, fits: false, message };
  }
  const isOutside = rooms[banks.indexOf(bank)]?.rank === rankOf.external;
  const warning = isOutside ? outsideWarning(target) : '';
  const message = `The arena of ${arena} lies in ${bank.name} (${formatBytes(bank.bytes)}).${warning}`;
  return { bank, banks, otherBytes, fits: true, message };
}

function outsideWarning(target: Target): string {
  const {
    slowdown: { most, source },
    ofBoard,
  } = outsideOf(target);
  if (!ofBoard)
    return ` That is outside the chip: how much longer a network takes there is not known; the interval of the latency reaches to ${most} times, the most that was seen on other boards (${source.title}).`;
  return most === 1
    ? ` That is outside the chip, where networks were not slower (${source.title}).`
    : ` That is outside the chip, where a network took up to ${most} times as long: the interval of the latency reaches as far (${source.title}).`;
}
