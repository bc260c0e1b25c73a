/** From labelled samples to a dataset: splits, classes, fingerprint. */

import { counted } from '../../space/index.ts';
import { createHash } from 'node:crypto';
import type { Shape } from '../../space/network.ts';
import { random, permutation } from '../random.ts';
import {
  type Dataset,
  DatasetError,
  DEFAULT_CALIBRATION,
  type Normalization,
  type Split,
} from './dataset.ts';
import { listed, numberLabels, type RawLabels } from './labels.ts';
import { standardize, standardOf } from './standardize.ts';

/** Samples as they were read. */
export interface Samples extends RawLabels {
  readonly shape: Shape;
  readonly values: Uint8Array | Float32Array;
  /** What the part is called in its source, such as `x_val, y_val`. */
  readonly from: string;
}

/** The parts that a source has; what it lacks is drawn from the training samples. */
export interface Parts {
  readonly train: Samples;
  readonly validation?: Samples | undefined;
  readonly test?: Samples | undefined;
}

/** Samples with their class indices. */
type Numbered = Split & { readonly shape: Shape };

export interface SplitSettings {
  readonly seed: number;
  /** Share of the training samples (below 1) or their number, set aside to select by. */
  readonly validation: number;
  /** The same for the test split, where the source has none. */
  readonly test: number;
  /** Share of the samples left (up to 1) or their number to train on; fewer make an epoch shorter. */
  readonly train: number;
}

export const DEFAULT_SPLIT: SplitSettings = { seed: 1, validation: 0.1, test: 0.2, train: 1 };

export interface Description {
  readonly name: string;
  /** What the labels 0, 1, 2 and so on are called, where the labels themselves do not say. */
  readonly titles?: readonly string[] | undefined;
  /** Whether labels are names of folders, which stay as they are. */
  readonly verbatim?: boolean | undefined;
  /** The number of classes that the declaration states, and where it does. */
  readonly declared?: { readonly classes: number; readonly place: string } | undefined;
  /** `standard` brings the values as a whole to mean 0 and deviation 1, by the samples that are trained on. */
  readonly normalization: Normalization | 'standard';
  readonly mirror: boolean;
  readonly shift: number;
  readonly calibrate: number | undefined;
  readonly source: string;
  readonly license: string;
  /** Names of the columns of a table, which are standardised. */
  readonly columns?: readonly string[] | undefined;
}

/** Pixels to [0, 1]: int8 input scale 1/255, zero point -128. */
export const PIXELS: Normalization = { scale: 1 / 255, offset: 0 };

/**
 * Splits what the source does not split itself, numbers the classes and standardises the columns of a table.
 * @throws DatasetError
 */
export function assemble(
  description: Description,
  parts: Parts,
  settings: SplitSettings,
  say: (text: string) => void = () => undefined,
): Dataset {
  const { source, declared } = description;
  const given = [parts.validation, parts.test].filter((part) => part !== undefined);
  const { classNames, indices } = numberLabels([parts.train, ...given], {
    declared: declared?.classes,
    verbatim: description.verbatim,
  });
  checkClasses(source, classNames, declared);
  checkAlike(source, parts.train, parts.validation, 'validation');
  checkAlike(source, parts.train, parts.test, 'test');
  const numbered = (part: Samples): Numbered => ({
    shape: part.shape,
    values: part.values,
    size: part.labels.length,
    labels: indices[part === parts.train ? 0 : 1 + given.indexOf(part)] ?? new Int32Array(),
  });
  const { train, validation, test } = split(parts, numbered, classNames.length, settings);
  for (const [name, part] of Object.entries({ training: train, validation, test })) {
    if (part.size === 0) {
      throw new DatasetError(
        `${source}: the ${name} split is empty. Add samples, or change the shares of the splits.`,
      );
    }
  }
  const columns =
    description.columns === undefined
      ? undefined
      : standardize(description.columns, train, [validation, test]);
  const constant = columns?.filter(({ constant: same }) => same).map(({ name }) => name) ?? [];
  if (constant.length > 0) {
    say(
      `${source}: ${listed(constant)} is the same in all training samples, so that nothing is learned of it.`,
    );
  }
  const hash = createHash('sha256');
  for (const { values, labels } of [train, validation, test]) {
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  }
  const { name, normalization, mirror, shift, license } = description;
  return {
    name,
    normalization: normalization === 'standard' ? standardOf(train) : normalization,
    mirror,
    shift,
    license,
    source,
    classes: classNames.length,
    classNames: classNames.map((label) => description.titles?.[Number(label)] ?? label),
    columns: columns?.map(({ name: column, mean, deviation }) => ({ name: column, mean, deviation })),
    shape: parts.train.shape,
    calibrate: description.calibrate ?? DEFAULT_CALIBRATION,
    train,
    validation,
    test,
    fingerprint: hash.digest('hex'),
  };
}

function checkClasses(
  source: string,
  classNames: readonly string[],
  declared: Description['declared'],
): void {
  const count = classNames.length;
  if (count < 2) {
    throw new DatasetError(
      `${source}: the samples are ${count === 0 ? 'none' : `all of one class, ${classNames[0] ?? ''}`}. A network learns to tell classes apart: give samples of at least two.`,
    );
  }
  if (declared !== undefined && declared.classes !== count) {
    throw new DatasetError(
      `${declared.place}: \`classes ${String(declared.classes)}\` is declared, but ${source} has ${counted(count, 'class', 'classes')}: ${listed(classNames)}. Write \`classes ${String(count)}\`, or correct the labels.`,
    );
  }
}

/** Samples of another size or kind of number in another split would be read as something else than they are. */
function checkAlike(source: string, train: Samples, given: Samples | undefined, name: string): void {
  if (given === undefined) return;
  if (given.shape.join('x') !== train.shape.join('x')) {
    throw new DatasetError(
      `${source}: the training samples are ${train.shape.join('x')}, those of the ${name} split ${given.shape.join('x')}. Give them one size.`,
    );
  }
  if (given.values instanceof Uint8Array !== train.values instanceof Uint8Array) {
    throw new DatasetError(
      `${source}: of the training and the ${name} samples one holds bytes, the other different numbers. Save both as the same type.`,
    );
  }
}

/** Test first, then validation, then what is trained on, so that each depends on its own setting and the seed alone. */
function split(
  parts: Parts,
  numbered: (part: Samples) => Numbered,
  classes: number,
  settings: SplitSettings,
): { train: Split; validation: Split; test: Split } {
  const all = numbered(parts.train);
  let left: Int32Array = Int32Array.from({ length: all.size }, (_, i) => i);
  const take = (wanted: number, purpose: string): Split => {
    const labels = left.map((index) => all.labels[index] ?? 0);
    const { rest, part } = takeStratified(labels, wanted, classes, settings.seed, purpose);
    const chosen = part.map((at) => left[at] ?? 0);
    left = rest.map((at) => left[at] ?? 0);
    return pick(all, chosen);
  };
  const test = parts.test === undefined ? take(settings.test, 'test') : withoutShape(numbered(parts.test));
  const validation =
    parts.validation === undefined
      ? take(settings.validation, 'validation')
      : withoutShape(numbered(parts.validation));
  const limited = settings.train !== 1 && settings.train < left.length;
  const train = limited
    ? take(settings.train, 'train')
    : left.length === all.size && parts.test !== undefined && parts.validation !== undefined
      ? withoutShape(all)
      : pick(all, left);
  return { train, validation, test };
}

function withoutShape({ size, values, labels }: Numbered): Split {
  return { size, values, labels };
}

/**
 * Divides samples into a rest and a part that has the same share of each class. Both are shuffled, and which
 * samples go where depends on the seed alone. The answer is places in `labels`.
 */
function takeStratified(
  labels: Int32Array,
  wanted: number,
  classes: number,
  seed: number,
  purpose: string,
): { readonly rest: Int32Array; readonly part: Int32Array } {
  const count = labels.length;
  const share = wanted < 1 ? wanted : wanted / Math.max(1, count);
  if (wanted <= 0) {
    throw new DatasetError(
      `A ${purpose} split of ${String(wanted)} leaves nothing to ${purpose === 'train' ? 'train on' : 'judge by'}. Write a share such as 0.1, or a number of samples.`,
    );
  }
  if (!(share > 0 && share < 1)) {
    throw new DatasetError(
      `A ${purpose} split of ${String(wanted)} out of ${counted(count, 'sample')} leaves nothing to train on. Write a share such as 0.1, or a smaller number.`,
    );
  }
  const order = permutation(count, random(seed, 'split', purpose));
  const perClass = new Int32Array(classes);
  for (const label of labels) perClass[label] = (perClass[label] ?? 0) + 1;
  const quota = perClass.map((n) => (n < 2 ? 0 : Math.min(n - 1, Math.max(1, Math.round(n * share)))));
  // A class of a single sample is trained on, however few are.
  if (purpose === 'train') perClass.forEach((n, label) => n === 1 && (quota[label] = 1));
  const part: number[] = [];
  const rest: number[] = [];
  for (const index of order) {
    const label = labels[index] ?? 0;
    const more = quota[label] ?? 0;
    if (more > 0) {
      quota[label] = more - 1;
      part.push(index);
    } else {
      rest.push(index);
    }
  }
  return { rest: Int32Array.from(rest), part: Int32Array.from(part) };
}

function pick({ shape, values, labels }: Numbered, indices: Int32Array): Split {
  const size = shape.reduce((a, b) => a * b, 1);
  const out =
    values instanceof Uint8Array
      ? new Uint8Array(indices.length * size)
      : new Float32Array(indices.length * size);
  indices.forEach((index, i) => out.set(values.subarray(index * size, (index + 1) * size), i * size));
  return { size: indices.length, values: out, labels: indices.map((index) => labels[index] ?? 0) };
}
