/** Bytes in the unit that a person would choose: `812 bytes`, `8 MB`, `1.5 GB`; a KB has 1,024 bytes. */
export function inWords(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  if (bytes < 1024) return `${String(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${String(Number(value.toPrecision(value < 100 ? 2 : 3)))} ${units[unit] ?? ''}`;
}
