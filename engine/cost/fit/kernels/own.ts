/** Makes the kernel files of this project's own kernels: of the counts that `npm run count` writes. */

import type { ClassCounts, Kernel, KernelLibrary, Kernels } from '../../../../device-profiles/types.ts';
import { isOpKind, templateFrom } from '../../../operators/catalogue.ts';
import type { Shape } from '../../../space/network.ts';
import { measureQuantities } from '../../quantities.ts';
import { compileConditions } from '../../rules.ts';
import { cores, type Core, type CoreKind } from './cmsis-nn-rules.ts';
import { readCounts, readCountsAbout, type Row } from './counted-layers.ts';
import { fitKernel, type Sample } from './fit-form.ts';
import { ownRules, type OwnRule } from './own-rules.ts';

const FILE = 'own.csv.gz';
const LEVEL = 'O3';
const VERSION = '1';

const numbers = (text: string): readonly number[] => text.split('x').map(Number);

/** `kernel=3x3;padding=same;filters=16` */
const attributeOf = (text: string): readonly [string, unknown] => {
  const [name = '', value = ''] = text.split('=');
  if (/^\d+(x\d+)+$/.test(value)) return [name, numbers(value)];
  return [name, Number.isNaN(Number(value)) ? value : Number(value)];
};

/** An operator on one shape. */
export interface OwnCount {
  readonly kind: string;
  readonly sample: (core: Core) => Sample;
  /** Bytes of scratch that its kernel asks for, by kind of core. */
  readonly scratch: Readonly<Record<CoreKind, number>>;
}

function readRow(row: Row): OwnCount {
  const kind = row['op'] ?? '';
  if (!isOpKind(kind)) throw new Error(`${FILE} has a row of ${kind}, which is no operator.`);
  const given = (row['attributes'] ?? '').split(';').filter((each) => each !== '');
  const op = templateFrom(kind, Object.fromEntries(given.map(attributeOf)));
  const inputs: readonly Shape[] = (row['inputs'] ?? '').split(' ').map(numbers);
  const quantities = measureQuantities(op, inputs, numbers(row['output'] ?? ''));
  const scratch = (kernels: Kernels): number => Number(row[`scratch_${kernels}`]);
  return {
    kind,
    scratch: { plain: scratch('plain'), dsp: scratch('dsp'), vector: scratch('mve') },
    sample(core) {
      const count = (name: string): number => Number(row[`${core}${name}`]);
      const counts: ClassCounts = [count(''), count('_loads'), count('_branches')];
      // What was too long to be followed has its instructions alone.
      return { quantities, counts, ...(row[`${core}_loads`] === '' ? { isOneClass: true } : {}) };
    },
  };
}

export const readOwn = (): readonly OwnCount[] => readCounts(FILE).map(readRow);

/** What each rule of a core was counted for. */
export function samplesOf(
  counted: readonly OwnCount[],
  core: Core,
): readonly { readonly rule: OwnRule; readonly samples: readonly Sample[] }[] {
  const held = ownRules
    .filter(({ on }) => on?.includes(cores[core].kind) ?? true)
    .map((rule) => ({ rule, fits: compileConditions(rule.when ?? []), samples: [] as Sample[] }));
  for (const { kind, sample } of counted) {
    const own = sample(core);
    const of = held.find(({ rule, fits }) => rule.operators.includes(kind) && fits(own.quantities));
    if (of === undefined) throw new Error(`No rule of own-rules.ts is of what was counted for ${kind}.`);
    of.samples.push(own);
  }
  return held.filter(({ samples }) => samples.length > 0);
}

/** With which compiler they were counted, and when. */
interface Made {
  readonly compiler: string;
  readonly date: string;
}

export function fitOwn(counted: readonly OwnCount[], core: Core): KernelLibrary {
  const { compiler, date } = readCountsAbout('own.json') as Made;
  return {
    $schema: '../schema/kernels.schema.json',
    id: `nasturtium-${VERSION}-${core}-${LEVEL}`,
    library: 'Nasturtium',
    version: VERSION,
    core: cores[core].core,
    flags: LEVEL,
    compiler,
    source: {
      title: 'Instruction counts of this project: its kernels ran on an emulated core',
      date,
      note: `measurements/counts/${FILE}`,
    },
    kernels: samplesOf(counted, core).map(
      ({ rule: { operators, when = [], kernel, terms }, samples }): Kernel => ({
        operators,
        ...(when.length > 0 ? { when } : {}),
        kernel,
        ...fitKernel(samples, terms),
      }),
    ),
  };
}
