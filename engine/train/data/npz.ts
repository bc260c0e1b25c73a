/** Datasets in one .npz file, under the names that Keras, MedMNIST and others use. */

import { counted } from '../../space/index.ts';
import type { Parts, Samples } from './assemble.ts';
import { DatasetError } from './dataset.ts';
import { listed } from './labels.ts';
import { refuseLarge, refuseMany } from './limits.ts';
import { type NpzFile, openNpz } from './npy.ts';
import { type Role, roleOf } from './split-names.ts';

const SAMPLES: ReadonlySet<string> = new Set([
  'x',
  'image',
  'images',
  'img',
  'imgs',
  'data',
  'sample',
  'samples',
  'feature',
  'features',
  'input',
  'inputs',
]);
const LABELS: ReadonlySet<string> = new Set([
  'y',
  'label',
  'labels',
  'target',
  'targets',
  'class',
  'classes',
  'output',
  'outputs',
]);

type What = 'samples' | 'labels';

interface Meaning {
  readonly what: What;
  /** undefined for `x` and `y`, which say no part. */
  readonly role: Role | undefined;
}

/** What a name such as `x_train`, `trainY`, `Images-val` or `xtest` says; undefined when it says nothing of the kind. */
export function meaningOf(name: string): Meaning | undefined {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/^([xy])([a-z0-9]{2,})$/i, (all: string, letter: string, rest: string) =>
      roleOf(rest) === undefined ? all : `${letter}_${rest}`,
    )
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const whats = words.filter((word) => SAMPLES.has(word) || LABELS.has(word));
  const roles = words.filter((word) => roleOf(word) !== undefined && !whats.includes(word));
  const [what] = whats;
  if (what === undefined || whats.length + roles.length !== words.length || words.length > 2)
    return undefined;
  if (whats.length !== 1) return undefined;
  return { what: SAMPLES.has(what) ? 'samples' : 'labels', role: roleOf(roles[0] ?? '') };
}

/**
 * @param say hears of arrays that are left out
 * @throws DatasetError
 */
export async function readNpzSamples(path: string, say: (text: string) => void): Promise<Parts> {
  const file = await openNpz(path);
  try {
    return await partsOf(file, path, say);
  } finally {
    file.close();
  }
}

async function partsOf(file: NpzFile, path: string, say: (text: string) => void): Promise<Parts> {
  const found = new Map<string, string>();
  const ignored: string[] = [];
  const key = ({ what, role }: Meaning): string => `${role ?? 'all'} ${what}`;
  for (const name of file.names) {
    const meaning = meaningOf(name);
    if (meaning === undefined) {
      ignored.push(name);
      continue;
    }
    const other = found.get(key(meaning));
    if (other !== undefined) {
      throw new DatasetError(
        `${path} has both ${other} and ${name}, which mean the same. Keep one of them, or put them together.`,
      );
    }
    found.set(key(meaning), name);
  }
  const part = (role: Role | undefined): (() => Promise<Samples>) | undefined => {
    const x = found.get(key({ what: 'samples', role }));
    const y = found.get(key({ what: 'labels', role }));
    if (x !== undefined && y !== undefined) return () => readSamples(file, x, y, path);
    const lonely = x ?? y;
    if (lonely === undefined) return undefined;
    throw new DatasetError(
      `${path} has ${lonely}, but no ${x === undefined ? 'samples' : 'labels'} that belong to it; it holds ${listed(file.names)}. Save them beside it, or leave ${lonely} out.`,
    );
  };
  const train = part('train');
  const all = train === undefined ? part(undefined) : undefined;
  const read = train ?? all;
  if (read === undefined) {
    throw new DatasetError(
      `${path} holds ${listed(file.names) || 'no arrays'}; samples and labels are looked for as x_train and y_train, train_images and train_labels, images and labels, or x and y. Rename them.`,
    );
  }
  if (train !== undefined) {
    const rest = (['samples', 'labels'] as const).map((what) => found.get(key({ what, role: undefined })));
    ignored.push(...rest.filter((name) => name !== undefined));
  }
  const others = { validation: part('validation'), test: part('test') };
  if (ignored.length > 0) {
    say(
      `${path}: ${listed(ignored)} ${ignored.length === 1 ? 'is' : 'are'} not used; samples and labels are taken from ${listed([...found.values()].filter((name) => !ignored.includes(name)))}.`,
    );
  }
  return { train: await read(), validation: await others.validation?.(), test: await others.test?.() };
}

/** `[n, h, w]`, `[n, h, w, c]` or `[n, features]`, and labels `[n]`, `[n, 1]`. */
async function readSamples(file: NpzFile, x: string, y: string, path: string): Promise<Samples> {
  const place = `${path} (${x}, ${y})`;
  const images = await file.shapeOf(x);
  const labelShape = await file.shapeOf(y);
  const [count = 0, ...rest] = images;
  const shape = rest.length === 2 ? [...rest, 1] : rest;
  if (shape.length !== 1 && shape.length !== 3) {
    throw new DatasetError(
      `${place}: the samples have shape ${images.join('x')}; write them as n x height x width (x channels) or n x features.`,
    );
  }
  const labelCount = labelShape.reduce((a, b) => a * b, 1);
  if (count > 0 && labelShape.length === 2 && labelShape[0] === count && labelCount > count) {
    throw new DatasetError(
      `${place}: the labels have shape ${labelShape.join('x')}, which looks like one column per class. Save numpy.argmax(labels, axis=1) instead.`,
    );
  }
  if (labelCount !== count) {
    throw new DatasetError(
      `${place}: there ${count === 1 ? 'is' : 'are'} ${counted(count, 'sample')} but ${counted(labelCount, 'label')}. They are not of one set.`,
    );
  }
  const size = rest.reduce((a, b) => a * b, 1);
  if (size === 0) {
    throw new DatasetError(
      `${place}: the samples have shape ${images.join('x')}, which holds nothing. Save them with at least one value each.`,
    );
  }
  refuseMany(count, place);
  refuseLarge(count * size, place);
  const labels = (await file.readTexts(y)).texts.map((text) => text.trim());
  const unnamed = labels.findIndex((label) => label === '' || label === 'NaN');
  if (unnamed >= 0) {
    throw new DatasetError(
      `${path} (${y}): the label of sample ${String(unnamed)} is missing. Correct it, or remove the sample.`,
    );
  }
  const { values } = await file.read(x);
  const missing = values instanceof Uint8Array ? -1 : values.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) {
    throw new DatasetError(
      `${place}: sample ${String(Math.floor(missing / size))} holds ${String(values[missing])}. Replace or remove what is no finite number, for instance by numpy.nan_to_num.`,
    );
  }
  return { shape, values, labels, from: `${x}, ${y}`, placeOf: (i) => `${path} (${y}), sample ${String(i)}` };
}
