/** `search nsga2 { population 24; trials 300; fidelity 3..30 epochs; seed 7 }` */

import { counted } from '../counted.ts';
import type { Expression, Property, SearchDeclaration } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import { nearest } from '../suggest.ts';
import type { SearchSetting, SettingValue } from '../types.ts';
import type { Dimension } from '../units.ts';
import { runningStrategies, strategyNames, strategyRow, strategySettings } from '../strategies/catalogue.ts';
import { aboveZero, atLeast, type SettingForms, wholeFrom } from './forms.ts';
import type { SettingReader } from './values.ts';

const EPOCHS: readonly Dimension[] = ['epochs', 'none'];

/** Epochs of the first and the last training where nothing is written. */
export const DEFAULT_FIDELITY = { low: 3, high: 12 };

/** Of every search; a strategy has its own besides. */
export const searchForms = {
  trials: {
    example: '300',
    number: wholeFrom(1),
    byDefault: '100, or no limit with a budget',
    documentation: 'Architectures that are trained at least once.',
  },
  budget: {
    example: '30 minutes',
    number: aboveZero('time'),
    byDefault: 'no limit',
    documentation: 'Time that the search may take, over all sittings.',
  },
  fidelity: {
    example: '3..30 epochs',
    dimension: 'epochs',
    byDefault: `${DEFAULT_FIDELITY.low}..${DEFAULT_FIDELITY.high} epochs`,
    documentation: 'Epochs of the first and of the last training; below 1, a share of the images.',
  },
  retrain: {
    example: '60 epochs',
    number: wholeFrom(1, EPOCHS),
    byDefault: 'none',
    documentation: 'Epochs of one more training, of the front alone; above those of the fidelity.',
  },
  patience: {
    example: '40',
    number: wholeFrom(1),
    byDefault: 'no end to it',
    documentation: 'No more trials after so many in a row that did not enter the front.',
  },
  seed: {
    example: '7',
    number: wholeFrom(0),
    byDefault: 1,
    documentation: 'Of everything that is drawn at random: the same seed gives the same run.',
  },
  workers: {
    example: '4',
    number: wholeFrom(1),
    byDefault: 'one per core',
    documentation: 'Processes that train; no influence on the result.',
  },
  batch: {
    example: '64',
    number: wholeFrom(1),
    byDefault: "the trainer's",
    documentation: 'Images in a batch of the training.',
  },
  rate: {
    example: '0.01',
    number: aboveZero('none'),
    byDefault: "the trainer's",
    documentation: 'Greatest learning rate of the training.',
  },
  smoothing: {
    example: '0.1',
    number: { ...atLeast(0, 'none', 'share'), below: 1, expected: 'a share from 0 to below 1' },
    byDefault: 0,
    documentation: 'Share of each label that is spread over all classes (Szegedy et al. 2016).',
  },
} satisfies SettingForms;

/** Settings that a search with this strategy has. Whose strategy is not known may have meant any of their settings. */
export function formsOfSearch(strategy: string | undefined): SettingForms {
  const row = strategy === undefined ? undefined : strategyRow(strategy);
  return { ...(row === undefined ? strategySettings : row.settings), ...searchForms };
}

/** What is read into a field of its own. */
const ownFields = ['trials', 'budget', 'fidelity', 'seed'];

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
  const row = strategyRow(strategy.name);
  if (row === undefined) {
    const suggestion = nearest(strategy.name, strategyNames);
    reader.found(
      'strategy/unknown',
      { name: strategy.name, known: strategyNames.join(', '), suggestion },
      strategy,
    );
  } else if (!row.runs) {
    reader.found('later/strategy', { name: strategy.name, running: runningStrategies.join(', ') }, strategy);
  }
  const forms = formsOfSearch(strategy.name);
  const section = row === undefined ? 'search' : `search ${strategy.name}`;
  const properties = reader.properties(section, declaration.properties, forms);
  const own: Record<string, number> = {};
  const options: Record<string, SettingValue> = {};
  for (const [key, property] of properties) {
    if (ownFields.includes(key)) continue;
    const form = Object.hasOwn(searchForms, key) ? undefined : forms[key]?.number;
    if (form !== undefined) {
      const value = reader.number(property.values[0], key, form);
      if (value !== undefined) own[key] = value;
      continue;
    }
    const value = reader.option(property);
    if (value !== undefined) options[key] = value;
  }
  const number = (key: Exclude<keyof typeof searchForms, 'fidelity'>): number | undefined =>
    reader.number(properties.get(key)?.values[0], key, searchForms[key].number);
  const fidelity = readFidelity(reader, properties.get('fidelity'));
  checkRetrain(reader, properties.get('retrain')?.values[0], number('retrain'), fidelity);
  return {
    strategy: strategy.name,
    strategySettings: own,
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
    reader.wrong('value/type', 'fidelity', expected, value);
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
  reader.wrong('value/range', 'fidelity', expected, expression);
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
  reader.wrong('value/range', 'retrain', expected, expression);
}
