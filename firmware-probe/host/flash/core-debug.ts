/**
 * A Cortex-M halted, set up and started through its debug registers: Armv7-M architecture reference manual (DDI 0403E),
 * sections C1.6 and B3.2; Armv6-M (DDI 0419) and Armv8-M (DDI 0553) have the same at the same addresses.
 */

import { BoardError, boardError } from '../usb/fault.ts';
import { type MemoryAccess, readWord, writeWord } from './memory-access.ts';

export const registers = {
  vtor: 0xe000ed08,
  aircr: 0xe000ed0c,
  dhcsr: 0xe000edf0,
  dcrsr: 0xe000edf4,
  dcrdr: 0xe000edf8,
  demcr: 0xe000edfc,
};
const debugKey = 0xa05f0000;
const [enable, halt] = [1, 2];
/** Of DHCSR when it is read. */
const [registerReady, halted, lockedUp] = [1 << 16, 1 << 17, 1 << 19];
const [catchReset, trace] = [1, 1 << 24];
const requestReset = 0x05fa0004;
const core = { sp: 13, pc: 15, xpsr: 16 };
const thumb = 1 << 24;
/** Longest that a chip takes to reset, or a core to give a register, ms. */
const patienceMs = 1000;

/** Polls DHCSR until a bit is set; what a chip answers in the middle of its reset is no error. */
async function until(access: MemoryAccess, place: string, bit: number): Promise<void> {
  const end = access.clock.now() + patienceMs;
  for (;;) {
    const late = access.clock.now() >= end;
    try {
      if (((await readWord(access, place, registers.dhcsr)) & bit) !== 0) return;
    } catch (error) {
      if (late || (error instanceof BoardError && error.fault.kind === 'unplugged')) throw error;
    }
    if (late) throw boardError({ kind: 'timed out', place, afterMs: patienceMs });
    await access.clock.sleep(1);
  }
}

/** Resets the chip and halts it before its first instruction, so that clocks and peripherals are as after power-up. */
export async function haltAtReset(access: MemoryAccess): Promise<void> {
  const place = 'halting the chip';
  await writeWord(access, place, registers.dhcsr, debugKey | enable | halt);
  await writeWord(access, place, registers.demcr, catchReset | trace);
  await writeWord(access, place, registers.aircr, requestReset);
  await until(access, place, halted);
}

async function setRegister(
  access: MemoryAccess,
  place: string,
  register: number,
  value: number,
): Promise<void> {
  await writeWord(access, place, registers.dcrdr, value);
  await writeWord(access, place, registers.dcrsr, (1 << 16) | register);
  await until(access, place, registerReady);
}

/** Lets a halted core go on at `pc`, with the exception table at `vectors`. */
export async function startAt(
  access: MemoryAccess,
  { pc, sp }: { readonly pc: number; readonly sp: number },
  vectors: number,
): Promise<void> {
  const place = 'starting the program';
  await writeWord(access, place, registers.vtor, vectors);
  await setRegister(access, place, core.sp, sp);
  await setRegister(access, place, core.pc, pc & ~1);
  await setRegister(access, place, core.xpsr, thumb);
  await writeWord(access, place, registers.demcr, trace);
  await writeWord(access, place, registers.dhcsr, debugKey | enable);
  const state = await readWord(access, place, registers.dhcsr);
  if ((state & (halted | lockedUp)) !== 0) {
    throw boardError({ kind: 'unexpected', place, detail: 'the core stopped at once' });
  }
}

/** Lets the chip run what is in its flash. */
export async function runFlash(access: MemoryAccess): Promise<void> {
  const place = 'starting the program';
  await writeWord(access, place, registers.demcr, 0);
  await writeWord(access, place, registers.dhcsr, debugKey);
  await writeWord(access, place, registers.aircr, requestReset);
}
