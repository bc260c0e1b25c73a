/** The checksums in a zip file, which fflate does not compare (APPNOTE.TXT of PKWARE, sections 4.3.12 and 4.3.16). */

const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
/** A comment at the end of the file is at most so long. */
const LONGEST_COMMENT = 65535;

/** CRC-32 by name; without those that cannot be found, as in a file of more than 4 GB. */
export function zipChecksums(bytes: Uint8Array): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, number>();
  let at = directoryOf(view);
  while (at !== undefined && at + ENTRY_BYTES <= bytes.length && view.getUint32(at, true) === ENTRY) {
    const end = at + ENTRY_BYTES + view.getUint16(at + 28, true);
    found.set(new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, end)), view.getUint32(at + 16, true));
    at = end + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

/** Where the list of entries begins. */
function directoryOf(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return view.getUint32(at + 16, true);
  }
  return undefined;
}
