/** Opens the dataset that a `.nas` file declares. Reads and decodes files; never runs anything. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Shape } from '../../space/network.ts';
import type { DatasetSetting, SettingValue } from '../../space/types.ts';
import {
  assemble,
  DEFAULT_SPLIT,
  type Description,
  PIXELS,
  type Samples,
  type SplitSettings,
} from './assemble.ts';
import { type Dataset, DatasetError, type Normalization } from './dataset.ts';
import { CLASS_NAMES, download, findFull, LICENSE } from './fashion-mnist.ts';
import { isIdxFolder, missingHalf, readIdxPair } from './idx.ts';
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

/** The formats that a dataset declaration can name, with what its argument is. */
export const DATASETS: Readonly<Record<string, string>> = {
  'fashion-mnist':
    'Fashion-MNIST, 28x28x1, 10 classes: the full set where it is installed, else an embedded subset.',
  idx: 'idx("./folder"): the four IDX files of MNIST and its kin, plain or gzip.',
  npz: 'npz("./file.npz"): NumPy arrays x_train, y_train, x_test, y_test, or x and y.',
  images:
    'images("./folder"): one folder of PNG or JPEG files per class, or train/ and test/ with such folders.',
  csv: 'csv("./file.csv"): one sample per line, with a column for the class.',
};

/** `baseDir` is the folder of the `.nas` file, to which paths are relative. */
export async function openDataset(
  setting: DatasetSetting,
  baseDir: string,
  options: OpenOptions = {},
): Promise<Dataset> {
  const split = splitSettings(setting);
  const path = setting.path === undefined ? undefined : resolve(baseDir, setting.path);
  switch (setting.name) {
    case 'fashion-mnist':
      return fashionMnist(setting, path, options, split);
    case 'idx':
      return idxFolder(setting, required(setting, path), split);
    case 'npz': {
      const file = required(setting, path);
      const { all, test } = readNpzSamples(file);
      return build(setting, file, all, test, undefined, split);
    }
    case 'images': {
      const folder = required(setting, path);
      const { all, test, classNames } = readImageFolder(folder, setting.input);
      return build(setting, folder, all, test, classNames, split);
    }
    case 'csv': {
      const file = required(setting, path);
      const label = setting.options['label'];
      const table = readTable(
        file,
        setting.input,
        typeof label === 'string' || typeof label === 'number' ? label : undefined,
      );
      return build(setting, file, table.samples, undefined, table.classNames, split, table.columns);
    }
    default:
      throw new DatasetError(
        `There is no dataset "${setting.name}". Known are ${Object.keys(DATASETS).join(', ')}.`,
      );
  }
}

function required(setting: DatasetSetting, path: string | undefined): string {
  if (path === undefined) {
    throw new DatasetError(
      `The dataset ${setting.name} needs a path. Write ${DATASETS[setting.name] ?? `${setting.name}("./path")`}`,
    );
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
  const all = readIdxPair(folder, 'train');
  checkInput(setting, folder, all);
  const description: Description = {
    ...describe(setting, `${source} (${folder})`, CLASS_NAMES),
    license: LICENSE,
    mirror: setting.options['mirror'] === undefined || isOn(setting.options['mirror']),
  };
  return assemble(description, all, readIdxPair(folder, 't10k'), split);
}

/** `source full` insists on the full set, `source embedded` on the subset; otherwise the full set if it is at hand. */
async function fashionFolder(
  setting: DatasetSetting,
  path: string | undefined,
  options: OpenOptions,
): Promise<{ folder: string; source: string }> {
  const name = 'Fashion-MNIST, Zalando SE, https://github.com/zalandoresearch/fashion-mnist';
  if (path !== undefined) return { folder: required(setting, path), source: name };
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

function idxFolder(setting: DatasetSetting, folder: string, split: SplitSettings): Dataset {
  const all = readIdxPair(folder, 'train');
  const missing = missingHalf(folder, 't10k');
  if (missing !== undefined) {
    throw new DatasetError(
      `${folder} has no ${missing} (nor ${missing}.gz), but the other half of the test split. Put it there, or remove the other.`,
    );
  }
  const test = isIdxFolder(folder, ['t10k']) ? readIdxPair(folder, 't10k') : undefined;
  return build(setting, folder, all, test, undefined, split);
}

function checkInput(setting: DatasetSetting, source: string, all: Samples): void {
  if (setting.inputs !== undefined && setting.inputs.length > 1) {
    checkSizes(setting.inputs, source, all);
    return;
  }
  if (setting.input !== undefined && setting.input.join('x') !== all.shape.join('x')) {
    throw new DatasetError(
      `${source} holds samples of ${all.shape.join('x')}, but the dataset declares \`input ${setting.input.join('x')}\`. Correct one of them.`,
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
  setting: DatasetSetting,
  source: string,
  all: Samples,
  test: Samples | undefined,
  classNames: readonly string[] | undefined,
  split: SplitSettings,
  columns?: readonly string[],
): Dataset {
  checkInput(setting, source, all);
  const greatest = all.labels.reduce((most, label) => Math.max(most, label), 0);
  const names = classNames ?? Array.from({ length: setting.classes ?? greatest + 1 }, (_, i) => String(i));
  if (setting.classes !== undefined && setting.classes !== names.length) {
    throw new DatasetError(
      `${source} has ${String(names.length)} classes, but the dataset declares \`classes ${String(setting.classes)}\`. Correct one of them.`,
    );
  }
  const description = describe(setting, source, names);
  const normalization =
    all.values instanceof Uint8Array
      ? description.normalization
      : columns === undefined
        ? floatNormalization(all.values)
        : AS_IT_IS;
  return assemble({ ...description, normalization, columns }, all, test, split);
}

const AS_IT_IS: Normalization = { scale: 1, offset: 0 };

/** Float values keep their size unless they are plainly pixels up to 255. */
function floatNormalization(values: Float32Array): Normalization {
  const greatest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return greatest > 16 && greatest <= 255 ? PIXELS : AS_IT_IS;
}

function describe(setting: DatasetSetting, source: string, classNames: readonly string[]): Description {
  const { mirror, shift = 0, license, mean, deviation } = setting.options;
  if (typeof shift !== 'number' || !Number.isInteger(shift) || shift < 0) {
    throw new DatasetError('`shift` of the dataset must be a whole number of pixels, such as 2.');
  }
  return {
    name: setting.name,
    classNames,
    normalization: pixelNormalization(mean, deviation),
    mirror: isOn(mirror),
    shift,
    calibrate: setting.calibrate,
    source,
    license: typeof license === 'string' ? license : 'not stated',
  };
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
