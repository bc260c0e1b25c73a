/** Pages of flash, as the name of a DfuSe interface lists them: UM0424 section 10.3.2. */

export interface FlashPage {
  readonly address: number;
  readonly bytes: number;
  readonly readable: boolean;
  readonly erasable: boolean;
  readonly writable: boolean;
}

const units: Readonly<Record<string, number>> = { B: 1, K: 1 << 10, M: 1 << 20 };

/**
 * `@Internal Flash  /0x08000000/04*016Kg,01*064Kg` is five pages from 0x08000000 on, which may be read, erased and written
 * (the low three bits of the letter). Gives `undefined` for what is not of this form.
 */
export function flashPages(name: string): readonly FlashPage[] | undefined {
  const [, ...parts] = name.split('/').map((part) => part.trim());
  const pages: FlashPage[] = [];
  // Areas that do not follow each other have an address each.
  for (let index = 0; index + 1 < parts.length; index += 2) {
    let address = Number(parts[index]);
    for (const run of (parts[index + 1] ?? '').split(',')) {
      const [, count, size, unit = ' ', kind = ''] = /^(\d+)\*(\d+)([BKM ]?)([a-g])$/.exec(run.trim()) ?? [];
      if (count === undefined || Number.isNaN(address)) return undefined;
      const bytes = Number(size) * (units[unit] ?? 1);
      const may = kind.charCodeAt(0) & 7;
      for (let page = 0; page < Number(count); page++, address += bytes) {
        const [readable, erasable, writable] = [(may & 1) > 0, (may & 2) > 0, (may & 4) > 0];
        pages.push({ address, bytes, readable, erasable, writable });
      }
    }
  }
  return pages.length > 0 ? pages : undefined;
}
