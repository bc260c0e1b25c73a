/** FNV-1a, 32 bits, of what a kernel puts out: as the probe and the runner compute it. */
export function checksumOf(bytes: Int8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ (byte & 255), 16777619);
  return hash >>> 0;
}
