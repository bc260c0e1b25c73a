/** Makes the kernel files of TensorFlow Lite Micro: one for each build that was counted. */

import type { ClassCounts, Kernel, KernelLibrary } from '../../../../device-profiles/types.ts';
import { compileConditions } from '../../rules.ts';
import { cores, type Core } from './cmsis-nn-rules.ts';
import type { CountedOperator } from './counted-operators.ts';
import { sumsOf } from '../../form.ts';
import { fitKernel, type Sample } from './fit-form.ts';
import {
  interpreterInstructions,
  operatorRules,
  releases,
  type KernelSet,
  type OperatorRule,
  type Release,
} from './tflm-rules.ts';

/** Of a build, `old-cn-m4-O3`. */
export interface Build {
  readonly name: string;
  readonly release: Release;
  readonly kernels: KernelSet;
  readonly core: Core;
  readonly flags: string;
}

export function parseBuild(name: string): Build {
  const isOld = name.startsWith('old-');
  const [kernels = '', core = '', flags = ''] = name.replace(/^old-/, '').split('-');
  if ((kernels !== 'cn' && kernels !== 'ref') || !Object.hasOwn(cores, core))
    throw new Error(`A build ${name} was counted: say in cmsis-nn-rules.ts which core it is of.`);
  return { name, release: isOld ? 2021 : 2026, kernels, core: core as Core, flags };
}

export const idOf = ({ release, kernels, core, flags }: Build): string =>
  `tflm-${release}-${kernels}-${core}-${flags}`;

/** The file of what CMSIS-NN executes in a build: of the version nearest to what it was built with. */
export const kernelsOf = ({ release, core, flags }: Build): string =>
  `cmsis-nn-${release === 2021 ? 'v2021' : 'v700'}-${core}-${flags}`;

const fits = (
  { operators, when = [] }: Pick<Kernel, 'operators' | 'when'>,
  { name, quantities }: CountedOperator,
): boolean => operators.includes(name) && compileConditions(when)(quantities);

/** The kernel that a library chooses for an operator; `undefined` where it was counted for none such. */
export const entryFor = (operator: CountedOperator, { kernels }: KernelLibrary): Kernel | undefined =>
  kernels.find((each) => fits(each, operator));

/** The rules of one build, in order. */
const rulesFor = ({ release, kernels, core }: Build): readonly OperatorRule[] =>
  operatorRules.filter(
    (rule) =>
      (rule.release ?? release) === release &&
      (rule.kernels ?? kernels) === kernels &&
      (rule.on?.includes(cores[core].kind) ?? true),
  );

/** What is left of an operator's counts when the kernel of CMSIS-NN is taken off. */
function aroundKernel(operator: CountedOperator, library: KernelLibrary): Sample {
  const kernel = entryFor(operator, library);
  if (kernel === undefined) throw new Error(`${library.id} has no kernel for ${operator.text}.`);
  const { quantities, counts: whole } = operator;
  const left = (at: 0 | 1 | 2): number => whole[at] - sumsOf(kernel.form)[at](quantities);
  const counts: ClassCounts = [left(0), left(1), left(2)];
  return { quantities, counts, whole };
}

export interface OperatorSamples {
  readonly rule: OperatorRule;
  readonly operators: readonly CountedOperator[];
  readonly samples: readonly Sample[];
}

/** What each rule was counted for. `library` is that of {@link kernelsOf}. */
export function samplesOf(
  counted: readonly CountedOperator[],
  build: Build,
  library: KernelLibrary,
): readonly OperatorSamples[] {
  const rules = rulesFor(build);
  const byRule = new Map<OperatorRule, CountedOperator[]>();
  for (const operator of counted) {
    if (operator.build !== build.name) continue;
    const rule = rules.find((each) => fits(each, operator));
    if (rule === undefined) continue;
    const those = byRule.get(rule) ?? [];
    byRule.set(rule, those);
    those.push(operator);
  }
  return rules.flatMap((rule) => {
    const operators = byRule.get(rule);
    if (operators === undefined) return [];
    const samples = rule.wraps ? operators.map((operator) => aroundKernel(operator, library)) : operators;
    return [{ rule, operators, samples }];
  });
}

export const buildsOf = (counted: readonly CountedOperator[]): readonly Build[] =>
  [...new Set(counted.map(({ build }) => build))].map(parseBuild);

/** As many loads and branches as in the code around operators: a quarter and a tenth. */
const shares: ClassCounts = [1, 0.25, 0.1];

function interpreterOf({ name, release, core, flags }: Build): NonNullable<KernelLibrary['interpreter']> {
  const counted = interpreterInstructions[release][`${core}-${flags}`];
  if (counted === undefined)
    throw new Error(`Say in tflm-rules.ts what the interpreter of ${name} executes.`);
  const [inference, operator] = counted.map((each): ClassCounts => [
    each,
    shares[1] * each,
    shares[2] * each,
  ]);
  return { inference: inference ?? [0, 0, 0], operator: operator ?? [0, 0, 0] };
}

export function fitBuild(
  counted: readonly CountedOperator[],
  build: Build,
  library: KernelLibrary,
): KernelLibrary {
  const kernels = samplesOf(counted, build, library).map(({ rule, samples }): Kernel => {
    const { operators, when, wraps, terms } = rule;
    return {
      operators,
      ...(when.length > 0 ? { when } : {}),
      kernel: (operators[0] ?? '').toUpperCase(),
      ...(wraps ? { wraps } : {}),
      ...fitKernel(samples, terms),
    };
  });
  return {
    $schema: '../schema/kernels.schema.json',
    id: idOf(build),
    library: 'TensorFlow Lite Micro',
    version: releases[build.release],
    core: cores[build.core].core,
    flags: build.flags,
    compiler: 'arm-none-eabi-g++ 12.2.1',
    source: {
      title: 'Instruction counts of this project: 630 models ran on an emulated core',
      date: '2026-11-30',
      note: 'measurements/counts/tflm_ops.csv.gz',
    },
    kernels,
    interpreter: interpreterOf(build),
  };
}
