/** `dataset images("./vww96") { input 96x96x1; classes 2; calibrate 256 }` */

import type { DatasetDeclaration, Property } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import { nearest } from '../suggest.ts';
import type { DatasetSetting, SettingValue } from '../types.ts';
import { datasets, unreadData } from './data-formats.ts';
import { aboveZero, atLeast, wholeFrom } from './forms.ts';
import type { SettingForms } from './forms.ts';
import { largest, readShapes } from './input-size.ts';
import type { SettingReader } from './values.ts';

const SHARE_OR_NUMBER = atLeast(0, 'none', 'share');
const COUNT = wholeFrom(1);

export const datasetForms: SettingForms = {
  input: { example: '28x28x1' },
  classes: { example: '10', number: COUNT },
  calibrate: { example: '256', number: COUNT },
  validation: { example: '0.1', number: SHARE_OR_NUMBER },
  test: { example: '0.2', number: SHARE_OR_NUMBER },
  train: { example: '0.5', number: SHARE_OR_NUMBER },
  seed: { example: '7', number: wholeFrom(0) },
  label: { example: '"class"', text: true },
  header: { example: 'on', usual: 'on', words: ['on', 'off', 'true', 'false'] },
  source: { example: 'embedded', words: ['auto', 'full', 'embedded'] },
  mirror: { example: 'on', usual: 'on', words: ['on', 'off', 'true', 'false'] },
  shift: { example: '2', number: wholeFrom(0) },
  license: { example: '"MIT"', text: true },
  mean: { example: '0.5', number: atLeast(0, 'none', 'share') },
  deviation: { example: '0.25', number: aboveZero('none', 'share') },
  features: { example: 'mfcc { frame 40 ms }', nested: true },
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
  const kind = Object.hasOwn(datasets, name.name) ? datasets[name.name] : undefined;
  if (kind === undefined) {
    const names = Object.keys(datasets);
    const details = { name: name.name, known: names.join(', '), suggestion: nearest(name.name, names) };
    reader.found('dataset/unknown', details, name);
  }
  const path = readPath(reader, declaration);
  if (kind?.needsPath === true && declaration.arguments.length === 0) {
    const example = `dataset ${name.name}("./data")`;
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
      reader.found('value/type', { what: 'path', expected, found: `\`${reader.source(value)}\`` }, value);
    }
  }
  return path;
}

function featureName(property: Property): string {
  const [first] = property.values;
  return first?.kind === 'name' ? first.name : 'features';
}
