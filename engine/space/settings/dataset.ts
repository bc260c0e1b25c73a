/** `dataset images("./vww96") { input 96x96x1; classes 2; calibrate 256 }` */

import type { DatasetDeclaration, Property } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import { nearest } from '../suggest.ts';
import type { DatasetSetting, SettingValue } from '../types.ts';
import { dataFormat, dataFormatNames, formatAsWritten, unreadData } from './data-formats.ts';
import { aboveZero, atLeast, type SettingForms, wholeFrom } from './forms.ts';
import { largest, readShapes } from './input-size.ts';
import type { SettingReader } from './values.ts';

const SHARE_OR_NUMBER = atLeast(0, 'none', 'share');
const COUNT = wholeFrom(1);

const SWITCH = { usual: 'on', words: ['on', 'off', 'true', 'false'] } as const;

export const datasetForms: SettingForms = {
  input: { example: '96x96x1', documentation: 'Height x width x channels of one image.' },
  classes: { example: '10', number: COUNT, documentation: 'Number of classes.' },
  calibrate: {
    example: '256',
    number: COUNT,
    byDefault: 256,
    documentation: 'Images used to calibrate quantisation.',
  },
  validation: {
    example: '0.1',
    number: SHARE_OR_NUMBER,
    byDefault: 0.1,
    documentation: 'Share or number of the images to choose architectures by.',
  },
  test: {
    example: '0.2',
    number: SHARE_OR_NUMBER,
    byDefault: 0.2,
    documentation: 'Share or number of the images to judge by in the end, where the source has none.',
  },
  train: {
    example: '0.5',
    number: SHARE_OR_NUMBER,
    byDefault: 'all',
    documentation: 'Share or number of the images that are trained on.',
  },
  seed: { example: '7', number: wholeFrom(0), byDefault: 1, documentation: 'Fixes the order of the images.' },
  label: { example: '"class"', text: true, documentation: 'The column of a table that holds the class.' },
  header: {
    example: 'on',
    ...SWITCH,
    documentation: 'Whether the first line of a table names its columns; seen by itself where it is plain.',
  },
  source: {
    example: 'embedded',
    words: ['auto', 'full', 'embedded'],
    byDefault: 'auto',
    documentation:
      'Of fashion-mnist: the full set, the subset that ships, or the best that is at hand (auto).',
  },
  mirror: { example: 'on', ...SWITCH, documentation: 'Training mirrors half of the images left to right.' },
  shift: {
    example: '2',
    number: wholeFrom(0),
    byDefault: 0,
    documentation: 'Training moves images by up to so many pixels.',
  },
  license: {
    example: '"MIT"',
    text: true,
    documentation: 'Under which the data may be used; the export states it.',
  },
  mean: {
    example: '0.5',
    number: atLeast(0, 'none', 'share'),
    byDefault: 0,
    documentation: 'What is subtracted from pixels, which are in 0..1.',
  },
  deviation: {
    example: '0.25',
    number: aboveZero('none', 'share'),
    byDefault: 1,
    documentation: 'What pixels are divided by then.',
  },
  features: {
    example: 'mfcc { frame 40 ms; hop 20 ms }',
    nested: true,
    documentation: 'How sound becomes an image.',
  },
};

export function readDataset(
  reader: SettingReader,
  declaration: DatasetDeclaration,
  file: FileScope,
): DatasetSetting | undefined {
  const { name } = declaration;
  if (name === undefined) {
    const missing = { section: 'dataset', what: 'a name', example: 'dataset fashion-mnist' };
    reader.found('setting/missing', missing, declaration);
    return undefined;
  }
  const kind = dataFormat(name.name);
  if (kind === undefined) {
    const suggestion = nearest(name.name, dataFormatNames);
    const details = { name: name.name, known: dataFormatNames.join(', '), suggestion };
    reader.found('dataset/unknown', details, name);
  }
  const path = readPath(reader, declaration);
  if (kind?.argument !== undefined && declaration.arguments.length === 0) {
    const example = `dataset ${formatAsWritten(name.name)}`;
    reader.found(
      'setting/missing',
      { section: `dataset ${name.name}`, what: 'the path of its data', example },
      name,
    );
  }
  const place = declaration.arguments.find((argument) => argument.name === undefined)?.value ?? name;
  const unread = unreadData(kind, path ?? '');
  if (unread !== undefined) reader.found('later/data', unread, place);
  const properties = reader.properties('dataset', declaration.properties, datasetForms);
  const options: Record<string, SettingValue> = {};
  for (const [key, property] of properties) {
    if (['input', 'classes', 'calibrate'].includes(key)) continue;
    if (key === 'features') reader.found('later/features', { name: featureName(property) }, property.name);
    const value = reader.option(property);
    if (value !== undefined) options[key] = value;
  }
  const inputs = readShapes(reader, properties.get('input')?.values[0]);
  return {
    name: name.name,
    path,
    input: largest(inputs) ?? kind?.input,
    inputs,
    classes: reader.number(properties.get('classes')?.values[0], 'classes', COUNT) ?? kind?.classes,
    calibrate: reader.number(properties.get('calibrate')?.values[0], 'calibrate', COUNT),
    options,
    source: file.sourceOf(declaration),
    places: Object.fromEntries([...properties].map(([key, property]) => [key, file.sourceOf(property)])),
  };
}

/** The one argument that a dataset takes; reports anything else. */
function readPath(reader: SettingReader, { name, arguments: given }: DatasetDeclaration): string | undefined {
  const block = name?.name ?? '';
  let path: string | undefined;
  for (const [index, argument] of given.entries()) {
    const { value } = argument;
    if (argument.name !== undefined) {
      const details = { block, argument: argument.name.name, parameters: 'a path', suggestion: undefined };
      reader.found('argument/unknown', details, argument.name);
    } else if (index > 0) {
      reader.found('argument/too-many', { block, most: 1, parameters: 'the path of its data' }, value);
    } else if (value.kind === 'string') path = value.value;
    else if (value.kind !== 'missing') {
      const expected = 'a text in quotes such as `"./data"`';
      reader.wrong('value/type', 'path', expected, value);
    }
  }
  return path;
}

function featureName(property: Property): string {
  const [first] = property.values;
  return first?.kind === 'name' ? first.name : 'features';
}
