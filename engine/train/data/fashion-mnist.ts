/**
 * The named dataset `fashion-mnist` (Xiao, Rasul and Vollgraf 2017, https://github.com/zalandoresearch/fashion-mnist,
 * MIT licence): the full set where it is installed or was fetched, else the subset that ships with the examples.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { reasonOf } from '../../files/index.ts';
import { DatasetError } from './dataset.ts';
import { isIdxFolder } from './idx.ts';

export const CLASS_NAMES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

export const LICENSE = 'MIT';

/** Where Debian's package dataset-fashion-mnist puts the full set. */
export const DEBIAN_FOLDER = '/usr/share/datasets/fashion-mnist';

const ADDRESS = 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion';

/** SHA-256 of what the four files hold once unpacked; copies differ in how they were packed. */
const FILES: readonly { readonly name: string; readonly sha256: string }[] = [
  {
    name: 'train-images-idx3-ubyte.gz',
    sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  },
  {
    name: 'train-labels-idx1-ubyte.gz',
    sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  },
  {
    name: 't10k-images-idx3-ubyte.gz',
    sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  },
  {
    name: 't10k-labels-idx1-ubyte.gz',
    sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
];

export interface DownloadOptions {
  /** Where the files are kept, for the next time. */
  readonly cacheDir: string;
  /** Base address of the four files. */
  readonly address?: string;
  readonly files?: typeof FILES;
  readonly signal?: AbortSignal;
  /** Bytes so far and in all (0 when the server does not say) of one file. */
  readonly onProgress?: (file: string, received: number, total: number) => void;
}

/** The folder with the full set if this machine has it. */
export function findFull(cacheDir: string | undefined): string | undefined {
  const folders = [DEBIAN_FOLDER, ...(cacheDir === undefined ? [] : [join(cacheDir, 'fashion-mnist')])];
  return folders.find((folder) => isComplete(folder));
}

function isComplete(folder: string): boolean {
  return isIdxFolder(folder, ['train', 't10k']);
}

/**
 * Fetches the full set into the cache and answers its folder. Each file appears there only when it is whole and
 * its checksum right, so that an interrupted download is simply done again.
 */
export async function download(options: DownloadOptions): Promise<string> {
  const folder = join(options.cacheDir, 'fashion-mnist');
  mkdirSync(folder, { recursive: true });
  for (const { name, sha256 } of options.files ?? FILES) {
    const url = `${options.address ?? ADDRESS}/${name}`;
    const bytes = await fetchBytes(url, name, options);
    let digest: string;
    try {
      digest = createHash('sha256').update(gunzipSync(bytes)).digest('hex');
    } catch {
      digest = 'not a whole gzip file';
    }
    if (digest !== sha256) {
      throw new DatasetError(
        `${url} is not the file that was published (its checksum is ${digest}). Try again on another network, or install Debian's package dataset-fashion-mnist.`,
      );
    }
    const part = join(folder, `${name}.${String(process.pid)}.part`);
    try {
      writeFileSync(part, bytes);
      renameSync(part, join(folder, name));
    } catch (error) {
      rmSync(part, { force: true });
      throw new DatasetError(
        `${folder} cannot be written (${reasonOf(error)}). Free some space, or choose another cache directory.`,
        { cause: error },
      );
    }
  }
  return folder;
}

async function fetchBytes(url: string, name: string, options: DownloadOptions): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    const response = await fetch(url, options.signal === undefined ? {} : { signal: options.signal });
    if (!response.ok || response.body === null)
      throw new Error(`the server answers ${String(response.status)}`);
    const total = Number(response.headers.get('content-length') ?? 0);
    let received = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      parts.push(chunk);
      received += chunk.length;
      options.onProgress?.(name, received, total);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new DatasetError(
      `${url} cannot be fetched (${cause instanceof Error ? cause.message : String(cause)}). Check the network, install Debian's package dataset-fashion-mnist, or use the embedded subset with \`source embedded\`.`,
      { cause: error },
    );
  }
  return Buffer.concat(parts);
}
