/** `search nsga2 { population 24; trials 300; fidelity 3..30 epochs; seed 7 }` */

import { counted } from '../counted.ts';
import type { Expression, Property, SearchDeclaration } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import { nearest } from '../suggest.ts';
import type { SearchSetting, SettingValue } from '../types.ts';
import type { Dimension } from '../units.ts';
import { aboveZero, atLeast, wholeFrom } from './forms.ts';
import type { SettingForms } from './forms.ts';
import type { SettingReader } from './values.ts';

const EPOCHS: readonly Dimension[] = ['epochs', 'none'];

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

/** Epochs of the first and the last training where nothing is written. */
export const DEFAULT_FIDELITY = { low: 3, high: 12 };

export const searchForms = {
  population: { example: '24', number: wholeFrom(2) },
  sample: { example: '10', number: wholeFrom(1) },
  trials: { example: '300', number: wholeFrom(1) },
  budget: { example: '30 minutes', number: aboveZero('time') },
  fidelity: { example: '3..30 epochs' },
  seed: { example: '7', number: wholeFrom(0) },
  workers: { example: '4', number: wholeFrom(1) },
  batch: { example: '64', number: wholeFrom(1) },
  rate: { example: '0.01', number: aboveZero('none') },
  smoothing: {
    example: '0.1',
    number: { ...atLeast(0, 'none', 'share'), below: 1, expected: 'a share from 0 to below 1' },
  },
  retrain: { example: '60 epochs', number: wholeFrom(1, EPOCHS) },
  patience: { example: '40', number: wholeFrom(1) },
} satisfies SettingForms;

/** Settings of strategies that do not run yet. */
const laterForms: SettingForms = {
  epochs: { example: '25' },
  warmup: { example: '5' },
  hardware_loss: { example: 'log(latency / 80 ms)' },
  temperature: { example: '5' },
  candidates: { example: '100' },
};

/** What is read into a field of its own. */
const ownFields = ['population', 'sample', 'trials', 'budget', 'fidelity', 'seed'];

export function readSearch(
  reader: SettingReader,
  declaration: SearchDeclaration,
  file: FileScope,
): SearchSetting | undefined {
  const { strategy } = declaration;
  if (strategy === undefined) {
    reader.found(
      'setting/missing',
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
    reader.found('strategy/unknown', details, strategy);
  } else if (!info.runs) reader.found('later/strategy', { name: strategy.name }, strategy);
  const forms: SettingForms = info?.runs === false ? { ...searchForms, ...laterForms } : searchForms;
  const properties = reader.properties('search', declaration.properties, forms);
  const options: Record<string, SettingValue> = {};
  for (const [key, property] of properties) {
    if (ownFields.includes(key)) continue;
    const value = reader.option(property);
    if (value !== undefined) options[key] = value;
  }
  const number = (key: Exclude<keyof typeof searchForms, 'fidelity'>): number | undefined =>
    reader.number(properties.get(key)?.values[0], key, searchForms[key].number);
  const fidelity = readFidelity(reader, properties.get('fidelity'));
  checkRetrain(reader, properties.get('retrain')?.values[0], number('retrain'), fidelity);
  return {
    strategy: strategy.name,
    population: number('population'),
    sample: number('sample'),
    trials: number('trials'),
    budgetSeconds: number('budget'),
    fidelity,
    seed: number('seed'),
    options,
    source: file.sourceOf(declaration),
  };
}

/** Epochs are whole; below one they are a share of the images. */
const EPOCHS_OR_SHARE = aboveZero(...EPOCHS);

/** `3..30 epochs` or `10 epochs`. */
function readFidelity(reader: SettingReader, property: Property | undefined): SearchSetting['fidelity'] {
  const [value] = property?.values ?? [];
  if (value === undefined || value.kind === 'missing') return undefined;
  if (value.kind !== 'range') {
    const epochs = readEpochs(reader, value);
    return epochs === undefined ? undefined : { low: epochs, high: epochs };
  }
  const spread = value.step ?? value.log;
  if (spread !== undefined) {
    const expected = 'the first and the last number of epochs, as in `3..30 epochs`';
    reader.found('value/type', { what: 'fidelity', expected, found: `\`${reader.source(value)}\`` }, value);
    return undefined;
  }
  const low = readEpochs(reader, value.low);
  const high = readEpochs(reader, value.high);
  if (low === undefined || high === undefined) return undefined;
  if (low <= high) return { low, high };
  reader.found('range/empty', { low: String(low), high: String(high) }, value);
  return undefined;
}

function readEpochs(reader: SettingReader, expression: Expression): number | undefined {
  const epochs = reader.number(expression, 'fidelity', EPOCHS_OR_SHARE);
  if (epochs === undefined || epochs < 1 || Number.isInteger(epochs)) return epochs;
  const expected = 'a whole number of epochs, or a share of the images below 1';
  reader.found('value/range', { what: 'fidelity', expected, found: reader.source(expression) }, expression);
  return undefined;
}

/** The front is trained once more and for longer. */
function checkRetrain(
  reader: SettingReader,
  expression: Expression | undefined,
  retrain: number | undefined,
  fidelity: SearchSetting['fidelity'],
): void {
  const last = (fidelity ?? DEFAULT_FIDELITY).high;
  if (expression === undefined || retrain === undefined || retrain > last) return;
  const expected = `more than the ${counted(last, 'epoch')} of the last training`;
  reader.found('value/range', { what: 'retrain', expected, found: reader.source(expression) }, expression);
}
