/**
 * The datasets and formats that a `dataset` can name, a row each: what is written, what the argument is, what is looked at
 * while somebody types. One that is read has a reader in `engine/train/data/open.ts`, too.
 */

import type { Shape } from '../network.ts';

export interface DataFormat {
  /** A sentence. */
  readonly documentation: string;
  /** The argument as it is written, with what is read of it: for the reference, and for who forgot it. */
  readonly argument: string | undefined;
  readonly reads: string;
  /** What completion writes. */
  readonly snippet: string;
  readonly holds: 'folder' | 'file';
  /** Endings of the files that it is read from; of any file where there are none. */
  readonly endings: readonly string[];
  /** What is looked at before anything is opened, beside that the folder or file is there. */
  readonly looked: 'folders of classes' | undefined;
  /** Samples that no `input` declares come in the greatest size that the space asks for, and not in one of their own. */
  readonly sizedBySpace: boolean;
  /** Facts of a dataset that is always the same. */
  readonly input: Shape | undefined;
  readonly classes: number | undefined;
  /** Its data can be read yet. */
  readonly isRead: boolean;
}

const own = {
  input: undefined,
  classes: undefined,
  looked: undefined,
  sizedBySpace: false,
  isRead: true,
} as const;

/** By name. Fashion-MNIST: Xiao, Rasul, Vollgraf 2017. */
export const datasets = {
  'fashion-mnist': {
    ...own,
    documentation: 'Fashion-MNIST: 70,000 grey pictures of clothes, 28x28x1, ten classes.',
    argument: undefined,
    reads:
      'the full set where it is installed or may be fetched, else the subset that ships; `source full` or `source embedded` insists on one',
    snippet: 'fashion-mnist',
    holds: 'folder',
    endings: [],
    input: [28, 28, 1],
    classes: 10,
  },
  images: {
    ...own,
    documentation: 'Folders of pictures, one for each class.',
    argument: '"./folder"',
    reads:
      'a folder of PNG or JPEG for each class, or `train/` and `test/` with such folders; averaged to the size of `input`, grey where that has one channel',
    snippet: 'images("${1:./images}") { input ${2:96x96x3}; classes ${3:2} }',
    holds: 'folder',
    endings: [],
    looked: 'folders of classes',
    sizedBySpace: true,
  },
  idx: {
    ...own,
    documentation: 'IDX files, as MNIST comes in.',
    argument: '"./folder"',
    reads:
      '`train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, for a test split also `t10k-...`; plain or gzip',
    snippet: 'idx("${1:./data}") { classes ${2:10} }',
    holds: 'folder',
    endings: [],
  },
  npz: {
    ...own,
    documentation: 'NumPy arrays in an .npz file.',
    argument: '"./file.npz"',
    reads:
      'arrays `x_train`, `y_train`, `x_test`, `y_test`, or `train_images` and so on, or `x` and `y`; bytes, integers, floats or truth values in either order',
    snippet: 'npz("${1:./data.npz}") { classes ${2:10} }',
    holds: 'file',
    endings: ['.npz'],
  },
  csv: {
    ...own,
    documentation: 'A table with one sample in each line.',
    argument: '"./file.csv"',
    reads:
      'a sample a line, with commas, semicolons or tabs, with or without a header; the class in the column `label`, `class` or `target`, or as `label` says',
    snippet: 'csv("${1:./data.csv}") { classes ${2:2} }',
    holds: 'file',
    endings: ['.csv', '.tsv', '.txt'],
  },
  speech: {
    ...own,
    documentation: 'Folders of recordings, one for each word. Not read yet.',
    argument: '"./folder"',
    reads: 'nothing yet: a diagnostic says what to do until then',
    snippet: 'speech("${1:./speech}") { classes ${2:12} }',
    holds: 'folder',
    endings: [],
    isRead: false,
  },
} as const satisfies Readonly<Record<string, DataFormat>>;

type Formats = typeof datasets;
/** Those that have a reader. */
export type ReadFormat = {
  [K in keyof Formats]: Formats[K]['isRead'] extends true ? K : never;
}[keyof Formats];

export function dataFormat(name: string): DataFormat | undefined {
  return Object.hasOwn(datasets, name) ? datasets[name as keyof Formats] : undefined;
}

export const dataFormatNames = Object.keys(datasets) as readonly (keyof Formats)[];

/** `npz("./file.npz")`: as it is written at least. */
export function formatAsWritten(name: string): string {
  const argument = dataFormat(name)?.argument;
  return argument === undefined ? name : `${name}(${argument})`;
}

/** Files that people train on and that nothing here reads yet, with the way around. */
const unread: readonly (readonly [what: string, cure: string, endings: readonly string[]])[] = [
  [
    'Recordings',
    'Compute their features, save them as NPZ and write `npz("./features.npz")`.',
    ['.wav', '.flac', '.mp3', '.ogg', '.opus', '.m4a', '.aac'],
  ],
  [
    'Tables of this format',
    'Save it as CSV.',
    ['.parquet', '.feather', '.arrow', '.xlsx', '.xls', '.arff', '.jsonl'],
  ],
  [
    'Arrays of this format',
    'Save samples and labels with `numpy.savez` and write `npz("./data.npz")`.',
    ['.npy', '.h5', '.hdf5', '.mat', '.pt', '.pth', '.pkl', '.pickle', '.tfrecord', '.tfrecords'],
  ],
  ['Archives', 'Unpack it and name the folder.', ['.zip', '.tar', '.tgz', '.rar', '.7z']],
  ['Videos', 'Save their pictures in a folder for each class.', ['.mp4', '.avi', '.mov', '.mkv']],
];

/** Why the data at a path cannot be read yet, as far as the format and its name tell, and what to do. */
export function unreadData(
  kind: DataFormat | undefined,
  path: string,
): { readonly what: string; readonly cure: string } | undefined {
  const name = path.toLowerCase();
  const [recordings] = unread;
  if (kind?.isRead === false && recordings !== undefined) return { what: recordings[0], cure: recordings[1] };
  const found = unread.find(([, , endings]) => endings.some((ending) => name.endsWith(ending)));
  return found === undefined ? undefined : { what: found[0], cure: found[1] };
}
