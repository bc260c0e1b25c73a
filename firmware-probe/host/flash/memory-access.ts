import type { Bytes, Clock } from '../usb/device.ts';

/** What any debug probe gives of a chip while its core runs or is halted. Addresses and lengths are multiples of 4. */
export interface MemoryAccess {
  readonly clock: Clock;
  /** Bytes that it moves in one go; more are moved in several. */
  readonly stepBytes: number;
  read(place: string, address: number, bytes: number): Promise<Bytes>;
  write(place: string, address: number, data: Bytes): Promise<void>;
  /** Probes that write the flash of their board themselves, from its start on, whatever is there. */
  programFlash?(data: Bytes, done: (bytes: number) => void): Promise<void>;
  /** Lets go of chip and probe. @throws BoardError where the probe did not hear of it; it is given back all the same */
  close(): Promise<void>;
}

export async function readWord(access: MemoryAccess, place: string, address: number): Promise<number> {
  const data = await access.read(place, address, 4);
  return new DataView(data.buffer, data.byteOffset).getUint32(0, true);
}

export async function writeWord(
  access: MemoryAccess,
  place: string,
  address: number,
  value: number,
): Promise<void> {
  const data = new DataView(new ArrayBuffer(4));
  data.setUint32(0, value, true);
  await access.write(place, address, new Uint8Array(data.buffer));
}
