/** `target "nucleo-f446re" { runtime tflm + cmsis-nn; clock 180 MHz }` */

import type { TargetDeclaration } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import type { TargetSetting } from '../types.ts';
import { aboveZero } from './forms.ts';
import type { SettingForms } from './forms.ts';
import type { SettingReader } from './values.ts';

export const targetForms: SettingForms = {
  runtime: {
    example: 'tflm + cmsis-nn',
    byDefault: 'that of the board',
    documentation: "The kernel library; the board's default when absent.",
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
  const runtime = properties
    .get('runtime')
    ?.values.map((value) => (value.kind === 'string' ? value.value : reader.source(value)))
    .join(' ');
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
    clockHz,
    source: file.sourceOf(declaration),
  };
}
