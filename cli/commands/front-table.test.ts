/** The table of a front, read as a person reads it: what stands in it and nothing else. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readRun, type RunView } from '../../engine/search/index.ts';
import { Ranking } from '../../engine/search/ranking.ts';
import { randomRuns } from '../../engine/search/testing/random-runs.ts';
import type { TrialRecord } from '../../engine/search/types.ts';
import type { Io } from '../io.ts';
import { frontTable } from './front-table.ts';

const plain: Pick<Io, 'style'> = { style: (_, text) => text };
const older = readRun(path.join(import.meta.dirname, '../../test/fixtures/runs/version-0.1'));

/** Numbers of the cells that rank, a greater one better: accuracy as it is, costs turned round. */
function ranks(head: readonly string[], cells: readonly string[]): number[] {
  return head.flatMap((title, i) => {
    const cell = cells[i] ?? '';
    if (['trial', 'name', 'epochs', 'split', 'test'].includes(title)) return [];
    const [, number = 'NaN', unit = ''] = /^([\d.]+) ?(\D*)$/.exec(cell) ?? [];
    const scale = { KB: 1024, '%': -1 }[unit] ?? 1;
    return [cell === 'no data' ? -Infinity : -Number(number) * scale];
  });
}

/** The tables in a text; cells are apart by two blanks or more. */
function tablesOf(lines: readonly string[]): { head: string[]; rows: string[][] }[] {
  const tables: { head: string[]; rows: string[][] }[] = [];
  for (const line of lines) {
    const cells = line.trim().split(/ {2,}/);
    if (cells[0] === 'trial') tables.push({ head: cells, rows: [] });
    else if (/^\d+$/.test(cells[0] ?? '')) tables.at(-1)?.rows.push(cells);
  }
  return tables;
}

describe('the table of a front', () => {
  test('lists no trial that another listed one beats in every column', () => {
    const targets = ['a', 'b'].map((target) => ({ target }));
    fc.assert(
      fc.property(randomRuns(['a', 'b']), ({ records, objectives, constraints }) => {
        const ranking = new Ranking({ targets, objectives, constraints });
        const latest = new Map<number, TrialRecord>(records.map((record) => [record.trial, record]));
        for (const record of latest.values()) ranking.hear(record);
        const view: RunView = {
          ...older,
          settings: { ...older.settings, objectives, constraints },
          trials: [...latest.values()].map((record) => ranking.tell(record)),
          fronts: ranking.current(),
        };
        for (const { head, rows } of tablesOf(frontTable(plain, view, false))) {
          const listed = rows.map((cells) => ranks(head, cells));
          for (const row of listed) {
            const isBeaten = listed.some((other) => other.every((value, i) => value > (row[i] ?? 0)));
            assert.ok(!isBeaten, `${head.join(' ')}: ${JSON.stringify(rows)}`);
          }
        }
      }),
    );
  });

  test('says of every trial how long it was trained, on which splits it was judged, and what it lacks', () => {
    const [table] = tablesOf(frontTable(plain, older, true));
    const cell = (trial: string, title: string) =>
      table?.rows.find(([number]) => number === trial)?.[table.head.indexOf(title)];
    assert.equal(cell('5', 'epochs'), '1 of 1');
    assert.equal(cell('3', 'epochs'), '0.25 of 1');
    assert.equal(cell('5', 'split'), 'validation, test');
    assert.equal(cell('5', 'accuracy'), '84.2 %');
    assert.equal(cell('5', 'test'), '81.8 %');
    assert.deepEqual(table?.rows.map((row) => row.at(-1)).slice(0, 3), [
      'front',
      'beaten',
      'breaks accuracy > 75 %',
    ]);
  });

  test('says why a test accuracy of an older version has no interval', () => {
    const text = frontTable(plain, older, false).join('\n');
    assert.match(text, /an older version .* did not record how large the split is/);
    assert.doesNotMatch(text, /95 %/);
  });
});
