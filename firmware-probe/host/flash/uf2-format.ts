import type { Bytes } from '../usb/device.ts';
import { pieces, type Segment } from './flasher.ts';

/** Of a block; payload bytes that the boot ROMs of Raspberry Pi want in each. */
export const [blockBytes, payloadBytes] = [512, 256];

const magics = [
  [0, 0x0a324655],
  [4, 0x9e5d5157],
  [508, 0x0ab16f30],
] as const;
const familyPresent = 0x2000;

/** A program as UF2 blocks, https://github.com/microsoft/uf2: each says where its bytes go and for which chips they are. */
export function uf2Of(segments: readonly Segment[], family: number): Bytes {
  const parts = segments.flatMap((segment) => [...pieces(segment, payloadBytes)]);
  const file = new Uint8Array(parts.length * blockBytes);
  for (const [index, { address, bytes }] of parts.entries()) {
    const block = new DataView(file.buffer, index * blockBytes, blockBytes);
    for (const [offset, value] of magics) block.setUint32(offset, value, true);
    const header = [familyPresent, address, payloadBytes, index, parts.length, family];
    for (const [place, value] of header.entries()) block.setUint32(8 + 4 * place, value, true);
    file.set(bytes, index * blockBytes + 32);
  }
  return file;
}
