/** Tables as pandas, R, Excel and people write them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { DatasetSetting } from '../../space/types.ts';
import type { Dataset } from './dataset.ts';
import { type Opened, openFiles, refuses } from './testing.ts';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../test/fixtures/datasets', name));
const csv = (content: string | Uint8Array, rest: Partial<DatasetSetting> = {}): Promise<Opened> =>
  openFiles({ 'd.csv': content }, 'csv', 'd.csv', rest);
const facts = ({ train, validation, test, shape, classNames }: Dataset) => ({
  samples: train.size + validation.size + test.size,
  shape,
  classNames,
});
const names = ({ columns }: Dataset) => columns?.map(({ name }) => name);

describe('tables from the field', () => {
  it('with classes 1 to 6 have six of them', async () => {
    const { dataset } = await csv(fixture('har6.csv'), { classes: 6 });
    assert.deepEqual(facts(dataset).classNames, ['1', '2', '3', '4', '5', '6']);
    await refuses(
      csv(fixture('har6.csv'), { classes: 7 }).then((opened) => opened.dataset),
      /a\.nas, line 1: `classes 7` is declared, but .* has 6 classes: 1, 2, 3, 4, 5, 6\. Write `classes 6`/,
    );
  });

  it('with a header that counts the columns have no sample more', async () => {
    const { dataset, told } = await csv(fixture('numhdr.csv'), { classes: 2 });
    assert.deepEqual(facts(dataset), { samples: 40, shape: [3], classNames: ['0', '1'] });
    assert.match(
      told,
      /line 1 counts the columns \(0, 1, 2, 3\) and is taken for a header\. Write `header off`/,
    );
  });

  it('with row numbers in a column without a name do without it', async () => {
    const { dataset, told } = await csv(fixture('index_col.csv'), { classes: 2 });
    assert.deepEqual([facts(dataset).shape, names(dataset)], [[3], ['a', 'b', 'c']]);
    assert.match(told, /column 0 \(counted from 0, without a name\) numbers the lines and is left out/);
  });
});

const rows = Array.from({ length: 20 }, (_, i) => [
  `${i / 4}`,
  `${20 - i * 1.5}`,
  i % 2 === 0 ? 'left' : 'right',
]);
const text = (
  change: (row: readonly string[], i: number) => readonly string[] = (row) => row,
  separator = ',',
) => [['a', 'b', 'kind'], ...rows].map((row, i) => change(row, i - 1).join(separator)).join('\n');
const shuffled = (i: number) => String((i * 7) % 20);

describe('the same table', () => {
  const german = (row: readonly string[]) => row.map((cell) => cell.replace('.', ','));
  const forms: Readonly<Record<string, string | Uint8Array>> = {
    'with a comma at the end of each line': text((row) => [...row, '']),
    'with a comma at the end of all lines but the header': text((row, i) => (i < 0 ? row : [...row, ''])),
    'with a comma at the end of the header': text((row, i) => (i < 0 ? [...row, ''] : row)),
    'with a line that names the separator': `sep=;\r\n${text(undefined, ';')}`,
    'with that line in quotes': `"sep=|"\n${text(undefined, '|')}`,
    'with decimal commas': text(german, ';'),
    'with tabs and decimal commas': text(german, '\t'),
    'with row numbers of pandas': text((row, i) => (i < 0 ? ['', ...row] : [String(i), ...row])),
    'with row numbers of a shuffled table': text((row, i) => (i < 0 ? ['', ...row] : [shuffled(i), ...row])),
    'with row numbers that were read and written again': text((row, i) =>
      i < 0 ? ['Unnamed: 0', ...row] : [String(i), ...row],
    ),
    'with names of rows, as R writes them': text((row, i) => (i < 0 ? row : [`"row ${i}"`, ...row])),
    'with empty lines of Excel': `${text()}\n,,\n,,\n`,
    'with blanks and quotes': text((row) => row.map((cell) => ` "${cell}" `)),
    'in UTF-16': Buffer.from(`\ufeff${text()}`, 'utf16le'),
    'with a mark of the byte order and line ends of Windows': `\ufeff${text().replaceAll('\n', '\r\n')}`,
    'as gzip': gzipSync(text()),
    'as gzip in two parts': Buffer.concat([gzipSync(text().slice(0, 100)), gzipSync(text().slice(100))]),
  };
  for (const [what, content] of Object.entries(forms)) {
    it(`is the same ${what}`, async () => {
      const plain = (await csv(text())).dataset;
      const { dataset } = await csv(content);
      assert.deepEqual([dataset.fingerprint, names(dataset)], [plain.fingerprint, ['a', 'b']]);
      assert.deepEqual(dataset.classNames, ['left', 'right']);
    });
  }
});

describe('a table', () => {
  const opened = async (content: string, rest: Partial<DatasetSetting> = {}) =>
    (await csv(content, rest)).dataset;
  const body = (line: (i: number) => string) => Array.from({ length: 12 }, (_, i) => line(i)).join('\n');

  it('keeps a quote within a cell that does not begin with one', async () => {
    const { classNames } = await opened(`a,class\n${body((i) => `${i},${i % 2 === 0 ? '5" pipe' : '6'}`)}`);
    assert.deepEqual(classNames, ['6', '5" pipe']);
  });

  it('asks whether a first line that counts is a header, where either could be', async () => {
    const both = `0,1,2\n${body((i) => `${i % 3},${(i * 2) % 5},${i % 3}`)}`;
    await refuses(
      opened(both),
      /line 1: 0, 1, 2 may be a header that counts .* Write `header on` or `header off`/,
    );
    assert.equal(facts(await opened(both, { options: { header: 'on' } })).samples, 12);
    assert.equal(facts(await opened(both, { options: { header: 'off' } })).samples, 13);
    await refuses(
      opened(`oops,3,left\n${body((i) => `${i},${i},left`)}`),
      /oops, 3, left may be a header with numbers for names, or a sample/,
    );
  });

  it('has no header where the first line lacks a value', async () => {
    await refuses(
      opened(`?,0.5,left\n${body((i) => `${i},${i},right`)}`),
      /line 1, column 0: "\?" is not a number/,
    );
  });

  it('says which column holds the class, when nobody said it', async () => {
    assert.match((await csv(text())).told, /the class is read from the last column, kind\. Write `label`/);
    await refuses(
      opened(`class,a,label\n${body((i) => `${i % 2},${i},${i % 2}`)}`),
      /several columns that could hold the class: class, label\. Say which/,
    );
  });

  it('tells of a column that is always the same', async () => {
    const { dataset, told } = await csv(`a,b,class\n${body((i) => `${i},7,${i % 2}`)}`);
    assert.match(told, /: b is the same in all training samples/);
    assert.deepEqual(dataset.columns?.[1], { name: 'b', mean: 7, deviation: 1 });
  });

  it('in the encoding of Windows keeps its names', async () => {
    const { dataset, told } = await csv(
      Buffer.from(`a,class\n${body((i) => `${i},${i % 2 === 0 ? 'Käse' : 'Öl'}`)}`, 'latin1'),
    );
    assert.deepEqual(dataset.classNames, ['Käse', 'Öl']);
    assert.match(told, /not in UTF-8; its texts are read as Windows-1252/);
  });

  const wrong: Readonly<Record<string, [string, RegExp]>> = {
    'a value missing in a column without a name': [
      `a,b,,class\n${body((i) => `${i},${i},${i === 3 ? '' : i * 0.5},${i % 2}`)}`,
      /line 5, column 2 \(counted from 0, without a name\): the value is missing/,
    ],
    'decimal commas among points': [
      `a;b;class\n${body((i) => `${i},5;${i}.5;${i % 2}`)}`,
      /line 2: "0,5" has a decimal comma, and line 2 a decimal point \(0\.5\)/,
    ],
    'what may be thousands': [
      `a;b;class\n${body((i) => `${i + 1},000;${i};${i % 2}`)}`,
      /line 2: "1,000" may be a thousand or a little more than one/,
    ],
    'numbers beyond float32': [
      `a,class\n${body((i) => `1e${i * 10},${i % 2}`)}`,
      /line 6, a: 1e40 is beyond/,
    ],
    'a quote that stays open': [`a,class\n"1,2\n3,4`, /a quote that opens in line 2 is not closed/],
    'something behind a quote': [`a,class\n"1"x,2`, /in line 2 something follows a closing quote \(x\)/],
    'something behind a quote that spans lines': [
      `a,class\r\n\r\n"1\r\n""2"" " 3,4`,
      /in line 3 something follows a closing quote \(3\)/,
    ],
    'a value missing below a cell of two lines': [
      `a,class\r\n1,"x\r\ny"\r\n\r\n,z\r\n`,
      /line 5, a: the value is missing/,
    ],
    'an Excel workbook': ['PK\u0003\u0004', /is a zip file, such as a workbook of Excel/],
    bytes: ['a,b\n1,\u0000', /is not text and cannot be read as a table/],
    'lines of different length': ['a,b,class\n1,2,3\n1,2', /line 3 has 2 columns, and 3 are expected/],
  };
  for (const [what, [content, message]] of Object.entries(wrong)) {
    it(`is refused with ${what}`, () => refuses(opened(content), message));
  }
});

it('samples in units of their own are brought to deviation 1 by those that are trained on', async () => {
  const { dataset } = await openFiles({ 'd.npz': fixture('int16.npz') }, 'npz', 'd.npz');
  const { train, normalization } = dataset;
  const seen = Array.from(train.values, (value) => (value - normalization.offset) * normalization.scale);
  const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
  const square = seen.reduce((sum, value) => sum + value * value, 0) / seen.length;
  assert.ok(Math.abs(mean) < 1e-9 && Math.abs(square - 1) < 1e-9, `${mean} and ${square}`);
});
