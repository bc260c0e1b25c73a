/** The images of the probe, as `npm run images` has built them. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Board } from '../../device-profiles/index.ts';
import manifest from '../images/manifest.json' with { type: 'json' };
import { BoardError } from './usb/fault.ts';

export interface ProbeImage {
  /** Path of the file. */
  readonly file: string;
  readonly sha256: string;
  /** Where the bytes of a binary go; an ELF file says it itself. */
  readonly loadAddress: number | undefined;
  /** Of QEMU, where the chip is one of its. */
  readonly machine: string | undefined;
}

export class ProbeImages {
  readonly #folder: string;

  /** @param folder that holds the files of the manifest */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws BoardError when no image runs on the board, or its file is not what the manifest says */
  of({ name, probe }: Board): ProbeImage {
    const place = `looking for the probe of ${name}`;
    const found = manifest.images.find(({ chip }) => chip === probe?.image);
    if (found === undefined) {
      const reason = 'there is no probe for this board';
      const cure =
        'Choose a board that "nasturtium boards" lists as one that can be profiled, or a virtual one.';
      throw new BoardError({ kind: 'unfit', place, reason, cure });
    }
    const file = path.join(this.#folder, found.file);
    const bytes = readFileSync(file);
    if (createHash('sha256').update(bytes).digest('hex') !== found.sha256) {
      const detail = `${file} is not the image that the manifest names`;
      throw new BoardError({ kind: 'unexpected', place, detail, cure: 'Install the extension anew.' });
    }
    const loadAddress = 'loadAddress' in found ? Number(found.loadAddress) : undefined;
    return {
      file,
      sha256: found.sha256,
      loadAddress,
      machine: 'machine' in found ? found.machine : undefined,
    };
  }
}
