/** As much of Arm's Thumb instructions as counting needs: how long each is, and how many registers it loads. */

/** Whether the instruction that begins with a halfword has a second one (Armv7-M Architecture Reference Manual, A5.1). */
export const isLong = (first: number): boolean => first >= 0xe800;

const bitsOf = (mask: number): number => {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count++;
  return count;
};

/** A5.2: loads of one register, POP and LDM. */
function loadedByShort(first: number): number {
  const group = first >> 11;
  // A literal, an immediate for words, bytes and halfwords, the stack.
  if ([0b01001, 0b01101, 0b01111, 0b10001, 0b10011].includes(group)) return 1;
  // By a register: of eight the first three are stores.
  if (first >> 12 === 0b0101) return ((first >> 9) & 7) >= 3 ? 1 : 0;
  if (first >> 9 === 0b1011110) return bitsOf(first & 0x1ff);
  return group === 0b11001 ? bitsOf(first & 0xff) : 0;
}

/** A5.3.5 to A5.3.9, and the loads of the floating point extension (A6.6). Vectors of Helium are not registers here. */
function loadedByLong(first: number, second: number): number {
  const isLoad = (first & 0x10) !== 0;
  if (!isLoad) return 0;
  if ((first & 0xfe40) === 0xe800) return bitsOf(second);
  // Two at a time where an index or a write-back is said; else table branches.
  if ((first & 0xfe40) === 0xe840) return (first & 0x120) === 0 ? 0 : 2;
  // A load of a byte into the program counter only warms a cache.
  if ((first & 0xfe00) === 0xf800) return second >> 12 === 15 && (first & 0x60) !== 0x40 ? 0 : 1;
  if ((second & 0x0e00) !== 0x0a00) return 0;
  if ((first & 0xff20) === 0xed00) return 1;
  return (first & 0xfe00) === 0xec00 ? second & 0xff : 0;
}

/** `second` is not read of an instruction of one halfword. */
export const registersLoaded = (first: number, second: number): number =>
  isLong(first) ? loadedByLong(first, second) : loadedByShort(first);
