/** `target "nucleo-f446re" { runtime tflm + cmsis-nn 7.0 { flags O3 }; clock 180 MHz }` */

import type { TargetDeclaration } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import type { TargetSetting } from '../types.ts';
import { aboveZero, type SettingForms } from './forms.ts';
import type { SettingReader } from './values.ts';

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

export const targetForms: SettingForms = {
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
};

export function readTarget(
  reader: SettingReader,
  declaration: TargetDeclaration,
  file: FileScope,
): TargetSetting | undefined {
  const properties = reader.properties('target', declaration.properties, targetForms);
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
    source: file.sourceOf(declaration),
  };
}
