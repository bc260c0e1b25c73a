import { open, readdir } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { FileError, readText } from '../../../engine/files/index.ts';
import type { Bytes } from '../usb/device.ts';

/** The drive that a UF2 boot loader shows. */
export interface Drive {
  /** Where it is mounted. */
  readonly place: string;
  /** The text of `INFO_UF2.TXT`; `undefined` when the drive has none, or is gone. */
  info(): Promise<string | undefined>;
  /** Until the drive has taken all of it, not only the system. */
  write(name: string, bytes: Bytes): Promise<void>;
}

/** A folder where a drive is mounted. */
export class MountedDrive implements Drive {
  readonly place: string;

  constructor(place: string) {
    this.place = place;
  }

  async info(): Promise<string | undefined> {
    try {
      return await readText(path.join(this.place, 'INFO_UF2.TXT'), 'boot loader');
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  async write(name: string, bytes: Bytes): Promise<void> {
    const file = await open(path.join(this.place, name), 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** Folders in which the system mounts drives, or the drives themselves. */
function mountPlaces(platform: NodeJS.Platform): {
  readonly parents: readonly string[];
  readonly drives: readonly string[];
} {
  if (platform === 'win32') {
    // A and B were floppies, and C is the system's.
    const letters = Array.from({ length: 23 }, (_, index) => String.fromCharCode(68 + index));
    return { parents: [], drives: letters.map((letter) => `${letter}:\\`) };
  }
  if (platform === 'darwin') return { parents: ['/Volumes'], drives: [] };
  const user = userInfo({ encoding: 'utf8' }).username || path.basename(homedir());
  return { parents: [`/run/media/${user}`, `/media/${user}`, '/media'], drives: [] };
}

/** Drives of UF2 boot loaders that are mounted now. */
export async function mountedDrives(
  platform: NodeJS.Platform = process.platform,
  places = mountPlaces(platform),
): Promise<readonly Drive[]> {
  const within = await Promise.all(
    places.parents.map(async (parent) =>
      (await readdir(parent).catch(() => [])).map((name) => path.join(parent, name)),
    ),
  );
  const drives = [...within.flat(), ...places.drives].map((place) => new MountedDrive(place));
  const infos = await Promise.all(drives.map((drive) => drive.info()));
  return drives.filter((_, index) => infos[index] !== undefined);
}
