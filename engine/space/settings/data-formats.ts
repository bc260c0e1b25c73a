/** The datasets and formats that a `dataset` can name, and what the argument of each is. */

import type { Shape } from '../network.ts';

export interface DatasetKind {
  readonly documentation: string;
  /** Facts of a dataset that is always the same. */
  readonly input: Shape | undefined;
  readonly classes: number | undefined;
  readonly needsPath: boolean;
  readonly holds: 'folder' | 'file';
  /** Endings of the files that it is read from; of any file where there are none. */
  readonly endings: readonly string[];
  /** Its data can be read yet. */
  readonly isRead: boolean;
}

const own = { input: undefined, classes: undefined, needsPath: true, isRead: true } as const;

/** By name. Fashion-MNIST: Xiao, Rasul, Vollgraf 2017. */
export const datasets: Readonly<Record<string, DatasetKind>> = {
  'fashion-mnist': {
    documentation: 'Fashion-MNIST: 70,000 grey pictures of clothes, 28x28x1, ten classes.',
    input: [28, 28, 1],
    classes: 10,
    needsPath: false,
    holds: 'folder',
    endings: [],
    isRead: true,
  },
  images: {
    ...own,
    documentation: 'Folders of pictures, one for each class.',
    holds: 'folder',
    endings: [],
  },
  idx: { ...own, documentation: 'IDX files, as MNIST comes in.', holds: 'folder', endings: [] },
  npz: { ...own, documentation: 'NumPy arrays in an .npz file.', holds: 'file', endings: ['.npz'] },
  csv: {
    ...own,
    documentation: 'A table with one sample in each line.',
    holds: 'file',
    endings: ['.csv', '.tsv', '.txt'],
  },
  speech: {
    ...own,
    documentation: 'Folders of recordings, one for each word. Not read yet.',
    holds: 'folder',
    endings: [],
    isRead: false,
  },
};

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
  kind: DatasetKind | undefined,
  path: string,
): { readonly what: string; readonly cure: string } | undefined {
  const name = path.toLowerCase();
  const [recordings] = unread;
  if (kind?.isRead === false && recordings !== undefined) return { what: recordings[0], cure: recordings[1] };
  const found = unread.find(([, , endings]) => endings.some((ending) => name.endsWith(ending)));
  return found === undefined ? undefined : { what: found[0], cure: found[1] };
}
