/** `target "nucleo-l4r5zi" { runtime tflm + cmsis-nn 7.0 { flags O3 }; clock 80 MHz; schedule every 2 s }` */

import type { Property, TargetDeclaration } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import type { ConstraintSetting, Schedule, TargetSetting } from '../types.ts';
import { aboveZero, type SettingForms } from './forms.ts';
import type { SettingReader } from './values.ts';

const coulombsPerMilliampHour = 3.6;

/** In braces behind the runtime. */
const runtimeForms: SettingForms = {
  flags: {
    example: 'O3',
    text: true,
    byDefault: 'those that are usual on the board',
    documentation:
      'The level of optimisation that the kernels are compiled with, such as `O3` or `Os`: it decides how many instructions they execute.',
  },
};

/** In braces behind the period. */
const scheduleForms = {
  sleep: {
    example: '3 uA at 3 V',
    usual: '3 uA at 3 V',
    phrase: [{ number: aboveZero('current') }, { word: 'at', number: aboveZero('voltage') }],
    byDefault: 'that of the board',
    documentation:
      'What the board draws while it sleeps with its memory kept, where its profile does not say or you have measured it.',
  },
} satisfies SettingForms;

export const targetForms = {
  runtime: {
    example: 'tflm + cmsis-nn',
    byDefault: 'that of the board',
    documentation:
      "The kernel library, with its version behind the name where its kernels were counted; the board's default when absent.",
    nested: true,
    inside: runtimeForms,
  },
  clock: {
    example: '180 MHz',
    number: aboveZero('frequency'),
    byDefault: 'that of the board',
    documentation: "The clock of the core; the board's default when absent.",
  },
  schedule: {
    example: 'every 2 s',
    usual: 'every 2 s',
    nested: true,
    inside: scheduleForms,
    phrase: [{ word: 'every', number: aboveZero('time') }],
    byDefault: 'none',
    documentation:
      'How often there is an inference, with sleep in between: it gives the average power, by what the board draws asleep.',
  },
  battery: {
    example: '230 mAh at 3 V',
    usual: '230 mAh at 3 V',
    phrase: [{ number: aboveZero('charge') }, { word: 'at', number: aboveZero('voltage') }],
    byDefault: 'none',
    documentation: 'What feeds the board between inferences too: with a schedule it gives the battery life.',
  },
} satisfies SettingForms;

export function readTarget(
  reader: SettingReader,
  declaration: TargetDeclaration,
  file: FileScope,
): TargetSetting | undefined {
  const properties = reader.properties('target', declaration.properties, targetForms);
  const schedule = readSchedule(reader, properties);
  const written = properties.get('runtime');
  const runtime = written?.values
    .map((value) => (value.kind === 'string' ? value.value : reader.source(value)))
    .join(' ');
  const inside = reader.properties('runtime', written?.nested ?? [], runtimeForms);
  const flags = inside.get('flags')?.values[0];
  const clock = properties.get('clock')?.values[0];
  const clockHz = reader.number(clock, 'clock', aboveZero('frequency'));
  if (declaration.board === undefined) {
    const missing = { section: 'target', what: 'the name of a board', example: 'target "nucleo-f446re"' };
    reader.found('setting/missing', missing, declaration);
    return undefined;
  }
  return {
    board: declaration.board.value,
    runtime: runtime === undefined || runtime === '' ? undefined : runtime,
    ...(flags === undefined ? {} : { flags: reader.source(flags) }),
    clockHz,
    ...(schedule === undefined ? {} : { schedule }),
    source: file.sourceOf(declaration),
    places: Object.fromEntries([...properties].map(([name, property]) => [name, file.sourceOf(property)])),
  };
}

/** An inference is done before the next is due: what a schedule limits by itself. */
export function limitOf({ everyMs }: Schedule) {
  return { metric: 'latency', operator: '<', bound: everyMs } as const;
}

export function limitsOf({ board, schedule, source, places }: TargetSetting): ConstraintSetting[] {
  if (schedule === undefined) return [];
  return [{ ...limitOf(schedule), on: board, source: places['schedule'] ?? source, implied: true }];
}

function readSchedule(
  reader: SettingReader,
  properties: ReadonlyMap<string, Property>,
): Schedule | undefined {
  const property = properties.get('schedule');
  const battery = properties.get('battery');
  if (property === undefined) {
    const alone = { name: 'battery', other: 'schedule', example: targetForms.schedule.example };
    if (battery !== undefined) reader.found('setting/alone', alone, battery);
    return undefined;
  }
  const sleep = reader.properties('schedule', property.nested ?? [], scheduleForms).get('sleep');
  const [seconds] = reader.phrase(property, targetForms.schedule) ?? [];
  if (seconds === undefined) return undefined;
  const [amperes, at] = (sleep && reader.phrase(sleep, scheduleForms.sleep)) ?? [];
  const [coulombs, volts] = (battery && reader.phrase(battery, targetForms.battery)) ?? [];
  const fed = coulombs !== undefined && volts !== undefined;
  return {
    everyMs: seconds * 1000,
    ...(amperes === undefined || at === undefined ? {} : { sleepMicrowatts: amperes * at * 1e6 }),
    ...(fed ? { battery: { milliampHours: coulombs / coulombsPerMilliampHour, volts } } : {}),
  };
}
