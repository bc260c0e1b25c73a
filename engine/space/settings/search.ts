/** `search nsga2 { population 24; trials 300; fidelity 3..30 epochs; seed 7 }` */

import type { Expression, Property, SearchDeclaration } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import {
  laterStrategy,
  rangeEmpty,
  settingMissing,
  strategyUnknown,
  valueRange,
} from '../problems/catalogue.ts';
import { nearest } from '../suggest.ts';
import type { SearchSetting, SettingValue } from '../types.ts';
import type { Dimension } from '../units.ts';
import type { SettingReader } from './values.ts';

/** Strategies by name, and whether they run yet. */
export const strategies: ReadonlyMap<string, { readonly runs: boolean; readonly documentation: string }> =
  new Map([
    ['random', { runs: true, documentation: 'Draws architectures uniformly.' }],
    [
      'evolution',
      {
        runs: true,
        documentation:
          'Regularised evolution (Real et al. 2019): mutates the best of a sample, the oldest dies.',
      },
    ],
    [
      'nsga2',
      { runs: true, documentation: 'NSGA-II (Deb et al. 2002): sorts by non-domination and crowding.' },
    ],
    ['darts', { runs: false, documentation: 'Differentiable search over cells. Does not run yet.' }],
    ['ofa', { runs: false, documentation: 'Once-for-all supernet. Does not run yet.' }],
    ['predictor', { runs: false, documentation: 'Search guided by a learned predictor. Does not run yet.' }],
  ]);

const known = [
  'population',
  'sample',
  'trials',
  'budget',
  'fidelity',
  'seed',
  'workers',
  'batch',
  'rate',
  'smoothing',
  'retrain',
  'patience',
];
/** Settings of strategies that do not run yet. */
const knownLater = ['epochs', 'warmup', 'hardware_loss', 'temperature', 'candidates'];

export function readSearch(
  reader: SettingReader,
  declaration: SearchDeclaration,
  file: FileScope,
): SearchSetting | undefined {
  const { strategy } = declaration;
  if (strategy === undefined) {
    reader.found(
      settingMissing,
      { section: 'search', what: 'a strategy', example: 'search nsga2 { trials 60 }' },
      declaration,
    );
    return undefined;
  }
  const info = strategies.get(strategy.name);
  const names = [...strategies.keys()];
  if (info === undefined) {
    const details = {
      name: strategy.name,
      known: names.join(', '),
      suggestion: nearest(strategy.name, names),
    };
    reader.found(strategyUnknown, details, strategy);
  } else if (!info.runs) reader.found(laterStrategy, { name: strategy.name }, strategy);
  const later = info?.runs === false ? knownLater : [];
  const properties = reader.properties('search', declaration.properties, [...known, ...later]);
  const options: Record<string, SettingValue> = {};
  for (const [key, property] of properties) {
    if (['population', 'sample', 'trials', 'budget', 'fidelity', 'seed'].includes(key)) continue;
    const value = reader.option(property);
    if (value !== undefined) options[key] = value;
  }
  const whole = (key: string, least: number): number | undefined =>
    wholeNumber(reader, properties.get(key)?.values[0], key, least);
  whole('patience', 1);
  positive(reader, properties.get('retrain')?.values[0], 'retrain', ['epochs', 'none']);
  return {
    strategy: strategy.name,
    population: whole('population', 2),
    sample: whole('sample', 1),
    trials: whole('trials', 1),
    budgetSeconds: positive(reader, properties.get('budget')?.values[0], 'budget', ['time']),
    fidelity: readFidelity(reader, properties.get('fidelity')),
    seed: whole('seed', 0),
    options,
    source: file.sourceOf(declaration),
  };
}

function wholeNumber(
  reader: SettingReader,
  expression: Expression | undefined,
  what: string,
  least: number,
): number | undefined {
  const value = reader.quantity(expression, what, ['none']);
  if (value === undefined || expression === undefined) return undefined;
  if (Number.isInteger(value) && value >= least) return value;
  const expected = `a whole number of at least ${least}`;
  reader.found(valueRange, { what, expected, found: reader.source(expression) }, expression);
  return undefined;
}

function positive(
  reader: SettingReader,
  expression: Expression | undefined,
  what: string,
  dimensions: readonly Dimension[],
): number | undefined {
  const value = reader.quantity(expression, what, dimensions);
  if (value === undefined || expression === undefined) return undefined;
  if (value > 0) return value;
  reader.found(
    valueRange,
    { what, expected: 'greater than zero', found: reader.source(expression) },
    expression,
  );
  return undefined;
}

/** `3..30 epochs` or `10 epochs`. */
function readFidelity(reader: SettingReader, property: Property | undefined): SearchSetting['fidelity'] {
  const [value] = property?.values ?? [];
  if (value === undefined) return undefined;
  const dimensions = ['epochs', 'none'] as const;
  if (value.kind !== 'range') {
    const epochs = positive(reader, value, 'fidelity', dimensions);
    return epochs === undefined ? undefined : { low: epochs, high: epochs };
  }
  const low = positive(reader, value.low, 'fidelity', dimensions);
  const high = positive(reader, value.high, 'fidelity', dimensions);
  if (low === undefined || high === undefined) return undefined;
  if (low <= high) return { low, high };
  reader.found(rangeEmpty, { low: String(low), high: String(high) }, value);
  return undefined;
}
