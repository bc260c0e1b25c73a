/** What the export says of the data: held to what training did with the same samples, by a C compiler where there is one. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { boards, runtimes } from '../../device-profiles/index.ts';
import type { DataFacts } from '../space/data-facts.ts';
import { cData, columnBeyondFloat } from './c-data.ts';
import { cSource, exportReport, exportTflite, reportMarkdown } from './index.ts';
import { manyOperators } from './testing/many-operators.ts';

const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);
const samples = { train: 7, validation: 2, test: 1 };
const table: DataFacts = {
  classNames: ['"cat" ??/ \\', 'Käse\n*/ int x;', '3'],
  shape: [3],
  values: 'numbers',
  normalization: { scale: 1, offset: 0 },
  columns: [
    { name: 'speed, km/h', mean: 1024.5, deviation: 0.5 },
    { name: '/* b | c', mean: -0.25, deviation: 1e-9 },
    { name: '', mean: 0, deviation: 1 },
  ],
  samples,
};

/** As `inputQuantizer` of `engine/train` does it. */
function expected(values: readonly number[], facts: DataFacts, step: number, zero: number): number[] {
  return values.map((value, i) => {
    const column = facts.columns?.[i];
    const standard = column === undefined ? value : (value - column.mean) / column.deviation;
    const real = (standard - facts.normalization.offset) * facts.normalization.scale;
    return Math.max(-128, Math.min(127, Math.round(real / step) + zero));
  });
}

describe('the C source', { skip: compiler === undefined && 'There is no C compiler.' }, () => {
  const cases: Readonly<Record<string, [DataFacts, number, number, readonly number[]]>> = {
    'of a table': [table, 0.02, -5, [1024.75, -0.25, 1.71]],
    'of bytes': [
      {
        ...table,
        shape: [1, 3, 1],
        values: 'bytes',
        columns: undefined,
        normalization: { scale: 1 / 255, offset: 0 },
      },
      1 / 255,
      -128,
      [0, 128, 255],
    ],
    'of bytes with a mean of their own': [
      {
        ...table,
        shape: [1, 3, 1],
        values: 'bytes',
        columns: undefined,
        normalization: { scale: 1 / 64, offset: 120 },
      },
      1 / 64,
      -8,
      [0, 120, 255],
    ],
    'of numbers': [
      { ...table, shape: [1, 3, 1], columns: undefined, normalization: { scale: 0.001, offset: -20 } },
      0.03,
      4,
      [-12800, 12700, 31],
    ],
  };
  for (const [what, [facts, scale, zeroPoint, values]] of Object.entries(cases)) {
    it(`${what} prepares an input as training did, and names the classes`, () => {
      const { header, source } = cData('net', facts, { scale, zeroPoint, count: 3 });
      const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-c-'));
      try {
        const type = facts.values === 'bytes' ? 'unsigned char' : 'float';
        const main = `#include <stdio.h>
${header}
${source}
int main(void) {
  const ${type} values[3] = {${values.join(', ')}};
  signed char input[3];
  net_prepare_input(values, input);
  printf("%d %d %d", input[0], input[1], input[2]);
  for (int i = 0; i < NET_CLASS_COUNT; i++) { putchar(0); fputs(net_class_names[i], stdout); }
  return 0;
}
`;
        writeFileSync(path.join(folder, 'main.c'), main);
        const program = path.join(folder, 'main');
        const strict = ['-std=c11', '-pedantic', '-Wall', '-Wextra', '-Werror', '-trigraphs'];
        execFileSync(compiler ?? 'cc', [...strict, '-o', program, path.join(folder, 'main.c')]);
        const [numbers, ...names] = execFileSync(program).toString('utf8').split('\0');
        assert.deepEqual(numbers?.split(' ').map(Number), expected(values, facts, scale, zeroPoint));
        assert.deepEqual(names, facts.classNames);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});

it('the report and the C source name columns and classes in their order', () => {
  const model = manyOperators();
  const tflite = exportTflite(model);
  const [board] = boards;
  const [runtime] = runtimes;
  assert.ok(board !== undefined && runtime !== undefined);
  const target = { board, runtime, clockHz: board.clock.defaultHz };
  const request = { model, network: model.network, tflite, target, provenance: {}, accuracy: {} };
  const report = exportReport({ ...request, data: table });
  assert.deepEqual(report.data?.columns, table.columns);
  const markdown = reportMarkdown(report);
  assert.match(
    markdown,
    /\| 0 \| speed, km\/h \| 1024\.50000 \| 0\.500000000 \|\n\| 1 \| \/\\\* b \\\| c \| -0\.25/,
  );
  assert.match(markdown, /\| 2 \| 3 \|/);
  assert.doesNotMatch(reportMarkdown(exportReport(request)), /How to feed it/);

  const arena = { value: 1000, low: 1000, high: 1000 };
  const about = { name: 'net', tflite, network: model.network, runtime, arena, provenance: [] };
  const { header, source } = cSource({
    ...about,
    data: { facts: table, input: { scale: 0.02, zeroPoint: -5, count: 3 } },
  });
  assert.match(header, /#define NET_CLASS_COUNT 3\n/);
  assert.match(header, /#define NET_INPUT_ZERO_POINT \(-5\)\n/);
  assert.match(source, /net_input_mean\[NET_INPUT_COUNT\] = \{\n {2}1024\.50000f,\n {2}-0\.25/);
  assert.doesNotMatch(cSource(about).header, /CLASS_COUNT/);
});

it('a column that no float holds is named, since C would be told of infinity or divide by nothing', () => {
  const one = (mean: number, deviation: number): string | undefined =>
    columnBeyondFloat({ ...table, columns: [{ name: 'a', mean, deviation }] });
  for (const [mean, deviation] of [
    [1e300, 1],
    [-4e38, 1],
    [0, Number.MAX_VALUE],
    [0, 1e-60],
    [NaN, 1],
  ] as const)
    assert.equal(one(mean, deviation), 'a', `${mean} ${deviation}`);
  assert.equal(one(3.4e38, 1e-30), undefined);
  assert.equal(one(5, 0), undefined);
  assert.equal(columnBeyondFloat(table), undefined);
  assert.equal(columnBeyondFloat({ ...table, columns: undefined }), undefined);
});
