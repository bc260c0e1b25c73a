/** Names that mean a device on Windows, in whatever folder and with whatever ending. */

import { win32 } from 'node:path';

/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const reserved = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])$/i;

/** Whether opening the path on Windows would open a device or a pipe instead of a file. */
export function isWindowsDevice(path: string): boolean {
  if (/^[\\/]{2}[.?][\\/]/.test(path)) return !/^[\\/]{2}\?[\\/]([a-z]:[\\/]|unc[\\/])/i.test(path);
  const name = win32.basename(path).split(/[.:]/, 1)[0] ?? '';
  return reserved.test(name.trimEnd());
}
