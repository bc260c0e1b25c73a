/**
 * Builds the probe for every chip of `chips/chips.json` and writes `../images` with their manifest. Run: `npm run images`. The
 * same compiler gives the same bytes, which a test holds.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chips, startFiles, type Chip } from './chips.ts';
import { compiler, kernelSources, language, linking } from './compiler.ts';

const here = import.meta.dirname;
export const imagesFolder = path.join(here, '..', 'images');

/** One image as the manifest has it. */
export interface ManifestEntry {
  readonly chip: string;
  readonly description: string;
  readonly file: string;
  /** Where the bytes of a `.bin` go; an `.elf` says it itself. */
  readonly loadAddress?: string;
  /** Of QEMU, where the chip is one of its. */
  readonly machine?: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  /** First line of what the compiler says of itself. */
  readonly toolchain: string;
  readonly images: readonly ManifestEntry[];
}

/** Of the compiler that is here. @throws Error when there is none */
export function toolchain(): string {
  return execFileSync(compiler, ['--version'], { encoding: 'utf8' }).split('\n')[0]?.trim() ?? '';
}

/** The bytes of an image. @throws Error where a source has a mistake or a warning */
function build(name: string, { cpu, script, sources, defines = {}, format }: Chip): Buffer {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nasturtium-image-'));
  try {
    const elf = path.join(folder, 'image.elf');
    const inChips = (file: string): string => path.join('chips', file);
    const macros = Object.entries({ CHIP: `"${name}"`, ...defines }).map(
      ([key, value]) => `-D${key}=${value}`,
    );
    execFileSync(
      compiler,
      [
        ...language,
        ...cpu,
        `-ffile-prefix-map=${here}=.`,
        ...linking,
        ...['-mthumb', '--specs=nano.specs', '-s'],
        ...macros,
        ...['-L', 'chips', '-T', inChips(script), '-o', elf],
        ...globSync('probe/*.c', { cwd: here }).sort(),
        ...kernelSources,
        ...[...startFiles, ...sources].map(inChips),
      ],
      { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] },
    );
    if (format === 'elf') return readFileSync(elf);
    const binary = path.join(folder, 'image.bin');
    execFileSync('arm-none-eabi-objcopy', ['-O', 'binary', elf, binary]);
    return readFileSync(binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All images with the manifest that speaks of them. */
export function buildImages(): { readonly manifest: Manifest; readonly files: ReadonlyMap<string, Buffer> } {
  const files = new Map<string, Buffer>();
  const images = Object.entries(chips).map(([name, chip]): ManifestEntry => {
    const bytes = build(name, chip);
    const file = `${name}.${chip.format}`;
    files.set(file, bytes);
    return {
      chip: name,
      description: chip.description,
      file,
      ...(chip.loadAddress === undefined ? {} : { loadAddress: chip.loadAddress }),
      ...(chip.machine === undefined ? {} : { machine: chip.machine }),
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
  });
  return { manifest: { toolchain: toolchain(), images }, files };
}

if (import.meta.main) {
  const { manifest, files } = buildImages();
  mkdirSync(imagesFolder, { recursive: true });
  for (const [file, bytes] of files) writeFileSync(path.join(imagesFolder, file), bytes);
  writeFileSync(path.join(imagesFolder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const { file, bytes } of manifest.images) console.log(`${file.padEnd(16)} ${bytes} bytes`);
}
