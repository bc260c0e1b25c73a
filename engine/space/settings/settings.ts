/** The declarations around the spaces, with names checked and units converted. */

import type { Declaration, QuantizeDeclaration } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import type { ConstraintSetting, ObjectiveSetting, ProgramSettings, TargetSetting } from '../types.ts';
import { nearest } from '../suggest.ts';
import { readDataset } from './dataset.ts';
import { readConstraint, readObjective } from './goals.ts';
import { readSearch } from './search.ts';
import { limitsOf, readTarget } from './targets.ts';
import type { SettingReader } from './values.ts';

/** Number formats that can be written; all but int8 come with a diagnostic, since networks are int8 yet. */
export const formats: readonly string[] = ['int8', 'int16x8', 'float32', 'none'];

export function readSettings(
  reader: SettingReader,
  declarations: readonly Declaration[],
  file: FileScope,
): ProgramSettings {
  const seen = new Set<string>();
  for (const declaration of declarations) {
    const { kind } = declaration;
    const single = kind === 'dataset' || kind === 'quantize' || kind === 'sparsity' || kind === 'search';
    if (!single) continue;
    if (seen.has(kind)) reader.found('declaration/duplicate', { what: `${kind} declaration` }, declaration);
    seen.add(kind);
  }
  const targets: TargetSetting[] = [];
  for (const declaration of declarations) {
    if (declaration.kind !== 'target') continue;
    const target = readTarget(reader, declaration, file);
    if (target === undefined) continue;
    const { board, runtime, flags, clockHz, schedule } = target;
    const key = JSON.stringify([board, runtime, flags, clockHz, schedule]);
    if (seen.has(key)) {
      const what = `target "${board}" with one runtime, clock and schedule`;
      reader.found('declaration/duplicate', { what }, declaration);
    } else targets.push(target);
    seen.add(key);
  }
  const boards = targets.map((target) => target.board);
  const constraints: ConstraintSetting[] = [];
  const objectives: ObjectiveSetting[] = [];
  let dataset: ProgramSettings['dataset'];
  let search: ProgramSettings['search'];
  let quantize: readonly string[] = ['int8'];
  for (const declaration of declarations) {
    switch (declaration.kind) {
      case 'constraints':
        for (const item of declaration.items) {
          const constraint = readConstraint(reader, item, boards, file);
          if (constraint !== undefined) constraints.push(constraint);
        }
        break;
      case 'objectives':
        for (const item of declaration.items) {
          const objective = readObjective(reader, item, boards, file);
          if (objective !== undefined) objectives.push(objective);
        }
        break;
      case 'dataset':
        dataset ??= readDataset(reader, declaration, file);
        break;
      case 'search':
        search ??= readSearch(reader, declaration, file);
        break;
      case 'quantize':
        quantize = readQuantize(reader, declaration) ?? quantize;
        break;
      default:
        break;
    }
  }
  constraints.push(...targets.flatMap(limitsOf));
  return { targets, dataset, quantize, constraints, objectives, search };
}

function readQuantize(reader: SettingReader, { value }: QuantizeDeclaration): readonly string[] | undefined {
  if (value.kind === 'missing') return undefined;
  const options = value.kind === 'choiceExpression' ? value.options : [value];
  const found: string[] = [];
  for (const option of options) {
    // The grammar has reported an option that is not there.
    if (option.kind === 'missing') continue;
    if (option.kind === 'name' && formats.includes(option.name)) {
      found.push(option.name);
      if (option.name !== 'int8') reader.found('later/number-format', { format: option.name }, option);
      continue;
    }
    const suggestion = option.kind === 'name' ? nearest(option.name, formats) : undefined;
    const hint = suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
    const expected = `one of ${formats.join(', ')}${hint}`;
    reader.wrong('value/type', 'number format', expected, option);
  }
  return found.length > 0 ? found : undefined;
}
