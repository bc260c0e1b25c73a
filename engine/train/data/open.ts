/** Opens the dataset that a `.nas` file declares. Reads and decodes files; never runs anything. */

import { counted, formatAsWritten, type ReadFormat } from '../../space/index.ts';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Shape } from '../../space/network.ts';
import type { DatasetSetting, SettingValue } from '../../space/types.ts';
import {
  assemble,
  DEFAULT_SPLIT,
  type Description,
  type Parts,
  PIXELS,
  type Samples,
  type SplitSettings,
} from './assemble.ts';
import { type Dataset, DatasetError, type Normalization } from './dataset.ts';
import { CLASS_NAMES, download, findFull, LICENSE } from './fashion-mnist.ts';
import { readIdxFolder, readIdxPair } from './idx.ts';
import { readImageFolder } from './images.ts';
import { readNpzSamples } from './npz.ts';
import { canResize } from './resized.ts';
import { readTable } from './table.ts';

export interface OpenOptions {
  /** The folder of the subset that ships with the examples; by default beside the sources. */
  readonly embeddedDir?: string;
  /** Where fetched datasets are kept. Nothing is fetched without it. */
  readonly cacheDir?: string;
  /** Whether the network may be used. */
  readonly download?: boolean;
  /** Base address of the files, for a mirror. */
  readonly address?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (file: string, received: number, total: number) => void;
  /** A full sentence for the person, e.g. that only the subset is at hand. */
  readonly onMessage?: (text: string) => void;
}

/** What a reader is given. */
interface Reading {
  readonly setting: DatasetSetting;
  /** As the declaration says, from the folder of the file on. */
  readonly path: string | undefined;
  readonly options: OpenOptions;
  readonly split: SplitSettings;
  readonly say: (text: string) => void;
}

/** A reader for each format whose row says that it is read. */
const readers: Readonly<Record<ReadFormat, (reading: Reading) => Dataset | Promise<Dataset>>> = {
  'fashion-mnist': ({ setting, path, options, split }) => fashionMnist(setting, path, options, split),
  idx: (reading) => {
    const folder = required(reading);
    return build(reading, folder, readIdxFolder(folder));
  },
  npz: async (reading) => {
    const file = required(reading);
    return build(reading, file, await readNpzSamples(file, reading.say));
  },
  images: async (reading) => {
    const { setting, options, say } = reading;
    const folder = required(reading);
    const parts = await readImageFolder(folder, setting.input, { say, signal: options.signal });
    return build(reading, folder, parts, { verbatim: true });
  },
  csv: async (reading) => {
    const { setting, options, say } = reading;
    const file = required(reading);
    const { label, header } = setting.options;
    const { samples, columns } = await readTable(file, {
      shape: setting.input,
      label: typeof label === 'string' || typeof label === 'number' ? label : undefined,
      header: headerSetting(header),
      say,
      signal: options.signal,
    });
    return build(reading, file, { train: samples }, { columns });
  },
};

const isRead = (name: string): name is ReadFormat => Object.hasOwn(readers, name);

/** `baseDir` is the folder of the `.nas` file, to which paths are relative. */
export async function openDataset(
  setting: DatasetSetting,
  baseDir: string,
  options: OpenOptions = {},
): Promise<Dataset> {
  if (!isRead(setting.name)) {
    const known = Object.keys(readers).join(', ');
    throw new DatasetError(`There is no dataset "${setting.name}". Known are ${known}.`);
  }
  const path = setting.path === undefined ? undefined : resolve(baseDir, setting.path);
  const say = options.onMessage ?? (() => undefined);
  return readers[setting.name]({ setting, path, options, split: splitSettings(setting), say });
}

function headerSetting(value: SettingValue | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === 'on' || value === true) return true;
  if (value === 'off' || value === false) return false;
  throw new DatasetError(
    '`header` of the dataset is `on` where the first line names the columns, `off` where it is a sample.',
  );
}

function required({ setting: { name }, path }: Pick<Reading, 'setting' | 'path'>): string {
  if (path === undefined) {
    throw new DatasetError(`The dataset ${name} needs a path. Write ${formatAsWritten(name)}.`);
  }
  if (!existsSync(path)) {
    throw new DatasetError(
      `${path} does not exist. Check the path in the dataset declaration; it is relative to the .nas file.`,
    );
  }
  return path;
}

async function fashionMnist(
  setting: DatasetSetting,
  path: string | undefined,
  options: OpenOptions,
  split: SplitSettings,
): Promise<Dataset> {
  const { folder, source } = await fashionFolder(setting, path, options);
  const parts = { train: readIdxPair(folder, 'train'), test: readIdxPair(folder, 't10k') };
  checkInput(setting, folder, parts);
  const description: Description = {
    ...describe(setting, `${source} (${folder})`),
    titles: CLASS_NAMES,
    license: LICENSE,
    mirror: setting.options['mirror'] === undefined || isOn(setting.options['mirror']),
  };
  return assemble(description, parts, split, options.onMessage);
}

/** `source full` insists on the full set, `source embedded` on the subset; otherwise the full set if it is at hand. */
async function fashionFolder(
  setting: DatasetSetting,
  path: string | undefined,
  options: OpenOptions,
): Promise<{ folder: string; source: string }> {
  const name = 'Fashion-MNIST, Zalando SE, https://github.com/zalandoresearch/fashion-mnist';
  if (path !== undefined) return { folder: required({ setting, path }), source: name };
  const wanted = setting.options['source'] ?? 'auto';
  if (wanted !== 'auto' && wanted !== 'full' && wanted !== 'embedded') {
    throw new DatasetError(`The source of fashion-mnist is \`auto\`, \`full\` or \`embedded\`.`);
  }
  if (wanted !== 'embedded') {
    const full = findFull(options.cacheDir);
    if (full !== undefined) return { folder: full, source: name };
    if (options.download === true && options.cacheDir !== undefined) {
      try {
        return { folder: await download({ ...options, cacheDir: options.cacheDir }), source: name };
      } catch (error) {
        if (wanted === 'full' || !(error instanceof DatasetError)) throw error;
        options.onMessage?.(`${error.message} Until then the embedded subset is used.`);
      }
    } else if (wanted === 'full') {
      throw new DatasetError(
        "The full Fashion-MNIST is not on this machine. Install Debian's package dataset-fashion-mnist, allow the download, or write `source embedded`.",
      );
    } else {
      options.onMessage?.(
        "Training uses the embedded subset of Fashion-MNIST. The full set gives better accuracy: install Debian's package dataset-fashion-mnist.",
      );
    }
  }
  const embedded =
    options.embeddedDir ?? join(import.meta.dirname, '../../../examples/data/fashion-mnist-subset');
  return { folder: embedded, source: `subset of ${name}` };
}

function checkInput(setting: DatasetSetting, source: string, { train }: Parts): void {
  if (setting.inputs !== undefined && setting.inputs.length > 1) {
    checkSizes(setting.inputs, source, train);
    return;
  }
  if (setting.input !== undefined && setting.input.join('x') !== train.shape.join('x')) {
    throw new DatasetError(
      `${source} holds samples of ${train.shape.join('x')}, but the dataset declares \`input ${setting.input.join('x')}\`. Correct one of them.`,
    );
  }
}

/** Every size that the input can have must be one that the samples can be brought to. */
function checkSizes(sizes: readonly Shape[], source: string, { shape }: Samples): void {
  const wrong = sizes.find((size) => size.join('x') !== shape.join('x') && !canResize(shape, size));
  if (wrong === undefined) return;
  throw new DatasetError(
    `${source} holds samples of ${shape.join('x')}, which cannot be brought to the size ${wrong.join('x')} of \`input\`: only the height and width of pictures can be resized. Leave that size out.`,
  );
}

function build(
  { setting, split, say }: Reading,
  source: string,
  parts: Parts,
  more: Pick<Description, 'verbatim' | 'columns'> = {},
): Dataset {
  checkInput(setting, source, parts);
  saySplits(setting, source, parts, say);
  const description = { ...describe(setting, source), ...more };
  const { values } = parts.train;
  if (values instanceof Uint8Array) return assemble(description, parts, split, say);
  const scaled = more.columns === undefined ? floatScaling(values, parts.train.shape) : AS_COLUMNS;
  return assemble({ ...description, ...scaled, columns: more.columns ?? scaled.columns }, parts, split, say);
}

/** What is judged by must not be a surprise. */
function saySplits(
  { options }: DatasetSetting,
  source: string,
  { validation, test }: Parts,
  say: (text: string) => void,
): void {
  for (const [name, part] of Object.entries({ validation, test })) {
    if (part === undefined) continue;
    const without = options[name] === undefined ? '' : `; \`${name}\` of the declaration has no effect`;
    say(
      `${source}: the ${name} split are its ${counted(part.labels.length, 'sample')} of ${part.from}${without}.`,
    );
  }
}

const AS_IT_IS: Normalization = { scale: 1, offset: 0 };

const AS_COLUMNS = { normalization: AS_IT_IS, columns: undefined };

/** Values whose size a network takes as it is. */
const SMALL = 16;

/**
 * Values keep their size where it is small, and are pixels where it is up to 255. Larger ones, such as samples of sound
 * or readings in units of their own, are brought to deviation 1: features each by itself, images as a whole.
 */
function floatScaling(
  values: Float32Array,
  shape: readonly number[],
): Pick<Description, 'normalization' | 'columns'> {
  const greatest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  if (greatest <= SMALL) return { normalization: AS_IT_IS, columns: undefined };
  if (greatest <= 255) return { normalization: PIXELS, columns: undefined };
  if (shape.length === 1) {
    const names = Array.from({ length: shape[0] ?? 0 }, (_, i) => `value ${String(i)}`);
    return { normalization: AS_IT_IS, columns: names };
  }
  return { normalization: 'standard', columns: undefined };
}

function describe(setting: DatasetSetting, source: string): Description {
  const { mirror, shift = 0, license, mean, deviation } = setting.options;
  if (typeof shift !== 'number' || !Number.isInteger(shift) || shift < 0) {
    throw new DatasetError('`shift` of the dataset must be a whole number of pixels, such as 2.');
  }
  return {
    name: setting.name,
    declared: declaredClasses(setting),
    normalization: pixelNormalization(mean, deviation),
    mirror: isOn(mirror),
    shift,
    calibrate: setting.calibrate,
    source,
    license: typeof license === 'string' ? license : 'not stated',
  };
}

function declaredClasses({ classes, source, places }: DatasetSetting): Description['declared'] {
  if (classes === undefined) return undefined;
  const { file, line } = places?.['classes'] ?? source;
  return { classes, place: `${file}, line ${String(line + 1)}` };
}

function isOn(value: SettingValue | undefined): boolean {
  return value === true || value === 'on';
}

/** `mean` and `deviation` of pixels in [0, 1]; the mean is rounded to a pixel value so that int8 holds it exactly. */
function pixelNormalization(
  mean: SettingValue | undefined,
  deviation: SettingValue | undefined,
): Normalization {
  if (typeof mean !== 'number' && typeof deviation !== 'number') return PIXELS;
  const divisor = typeof deviation === 'number' && deviation > 0 ? deviation : 1;
  return { scale: 1 / (255 * divisor), offset: Math.round(255 * (typeof mean === 'number' ? mean : 0)) };
}

function splitSettings({ options }: DatasetSetting): SplitSettings {
  const number = (key: keyof SplitSettings): number => {
    const value = options[key];
    if (value === undefined) return DEFAULT_SPLIT[key];
    if (typeof value !== 'number' || value < 0) {
      throw new DatasetError(
        `\`${key}\` of the dataset must be a number, such as ${String(DEFAULT_SPLIT[key])}.`,
      );
    }
    return value;
  };
  return {
    seed: number('seed'),
    validation: number('validation'),
    test: number('test'),
    train: number('train'),
  };
}
