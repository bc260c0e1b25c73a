/** `target "nucleo-f446re" { runtime tflm + cmsis-nn; clock 180 MHz }` */

import type { TargetDeclaration } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import { settingMissing, valueRange } from '../problems/catalogue.ts';
import type { TargetSetting } from '../types.ts';
import type { SettingReader } from './values.ts';

const known = ['runtime', 'clock'];

export function readTarget(
  reader: SettingReader,
  declaration: TargetDeclaration,
  file: FileScope,
): TargetSetting | undefined {
  const properties = reader.properties('target', declaration.properties, known);
  const runtime = properties
    .get('runtime')
    ?.values.map((value) => reader.source(value))
    .join(' ');
  const clock = properties.get('clock')?.values[0];
  const clockHz = reader.quantity(clock, 'clock', ['frequency']);
  if (clock !== undefined && clockHz !== undefined && clockHz <= 0) {
    reader.found(
      valueRange,
      { what: 'clock', expected: 'greater than zero', found: reader.source(clock) },
      clock,
    );
  }
  if (declaration.board === undefined) {
    const missing = { section: 'target', what: 'the name of a board', example: 'target "nucleo-f446re"' };
    reader.found(settingMissing, missing, declaration);
    return undefined;
  }
  return {
    board: declaration.board.value,
    runtime: runtime === undefined || runtime === '' ? undefined : runtime,
    clockHz: clockHz !== undefined && clockHz > 0 ? clockHz : undefined,
    source: file.sourceOf(declaration),
  };
}
