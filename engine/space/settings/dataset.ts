/** `dataset images("./vww96") { input 96x96x1; classes 2; calibrate 256 }` */

import type { DatasetDeclaration, Property } from '../../../grammar/ast.ts';
import type { Shape } from '../network.ts';
import type { FileScope } from '../program/file-scope.ts';
import { datasetUnknown, laterFeatures, settingMissing, valueRange } from '../problems/catalogue.ts';
import { nearest } from '../suggest.ts';
import type { DatasetSetting, SettingValue } from '../types.ts';
import { largest, readShapes } from './input-size.ts';
import type { SettingReader } from './values.ts';

interface DatasetKind {
  readonly documentation: string;
  /** Facts of a dataset that is always the same. */
  readonly input: Shape | undefined;
  readonly classes: number | undefined;
  readonly needsPath: boolean;
}

/** Datasets and data formats by name. Fashion-MNIST: Xiao, Rasul, Vollgraf 2017. */
export const datasets: Readonly<Record<string, DatasetKind>> = {
  'fashion-mnist': {
    documentation: 'Fashion-MNIST: 70,000 grey pictures of clothes, 28x28x1, ten classes.',
    input: [28, 28, 1],
    classes: 10,
    needsPath: false,
  },
  images: {
    documentation: 'Folders of pictures, one for each class.',
    input: undefined,
    classes: undefined,
    needsPath: true,
  },
  idx: {
    documentation: 'IDX files, as MNIST comes in.',
    input: undefined,
    classes: undefined,
    needsPath: true,
  },
  npz: {
    documentation: 'NumPy arrays in an .npz file.',
    input: undefined,
    classes: undefined,
    needsPath: true,
  },
  csv: {
    documentation: 'A table with one sample in each line.',
    input: undefined,
    classes: undefined,
    needsPath: true,
  },
  speech: {
    documentation: 'Folders of recordings, one for each word.',
    input: undefined,
    classes: undefined,
    needsPath: true,
  },
};

const known = [
  'input',
  'classes',
  'calibrate',
  'validation',
  'test',
  'seed',
  'label',
  'source',
  'mirror',
  'shift',
  'license',
  'mean',
  'deviation',
  'features',
];

export function readDataset(
  reader: SettingReader,
  declaration: DatasetDeclaration,
  file: FileScope,
): DatasetSetting | undefined {
  const { name } = declaration;
  if (name === undefined) {
    const missing = { section: 'dataset', what: 'a name', example: 'dataset fashion-mnist' };
    reader.found(settingMissing, missing, declaration);
    return undefined;
  }
  const kind = datasets[name.name];
  if (kind === undefined) {
    const names = Object.keys(datasets);
    const details = { name: name.name, known: names.join(', '), suggestion: nearest(name.name, names) };
    reader.found(datasetUnknown, details, name);
  }
  const first = declaration.arguments.find((argument) => argument.name === undefined)?.value;
  const path = first?.kind === 'string' ? first.value : undefined;
  if (kind?.needsPath === true && path === undefined) {
    const example = `dataset ${name.name}("./data")`;
    reader.found(
      settingMissing,
      { section: `dataset ${name.name}`, what: 'the path of its data', example },
      name,
    );
  }
  const properties = reader.properties('dataset', declaration.properties, known);
  const options: Record<string, SettingValue> = {};
  for (const [key, property] of properties) {
    if (['input', 'classes', 'calibrate'].includes(key)) continue;
    if (key === 'features') reader.found(laterFeatures, { name: featureName(property) }, property.name);
    const value = reader.option(property);
    if (value !== undefined) options[key] = value;
  }
  const inputs = readShapes(reader, properties.get('input')?.values[0]);
  return {
    name: name.name,
    path,
    input: largest(inputs) ?? kind?.input,
    inputs,
    classes: count(reader, properties.get('classes'), 'number of classes') ?? kind?.classes,
    calibrate: count(reader, properties.get('calibrate'), 'number of calibration samples'),
    options,
    source: file.sourceOf(declaration),
  };
}

function featureName(property: Property): string {
  const [first] = property.values;
  return first?.kind === 'name' ? first.name : 'features';
}

function count(reader: SettingReader, property: Property | undefined, what: string): number | undefined {
  const [value] = property?.values ?? [];
  const number = reader.quantity(value, what, ['none']);
  if (number === undefined || value === undefined) return undefined;
  if (Number.isInteger(number) && number >= 1) return number;
  reader.found(
    valueRange,
    { what, expected: 'a whole number of at least 1', found: reader.source(value) },
    value,
  );
  return undefined;
}
