/** From the text of a file to what it means. */

import type { SpaceDeclaration } from '../../grammar/ast.ts';
import { openFile } from './files.ts';
import type { ProgramFile } from './files.ts';
import { buildGraph } from './graph/graph.ts';
import { Elaborator } from './program/elaborate.ts';
import { problemAt } from './problems/problem.ts';
import { ElaboratedSpace } from './search-space.ts';
import type { Analysis, Problem, ProgramSettings, SourceProvider } from './types.ts';

const noSettings: ProgramSettings = {
  targets: [],
  dataset: undefined,
  quantize: ['int8'],
  constraints: [],
  objectives: [],
  search: undefined,
};

export function analyse(file: string, provider: SourceProvider): Analysis {
  const opened = openFile(file, provider);
  if (opened === undefined) throw new RangeError(`The file ${file} cannot be read.`);
  const problems: Problem[] = [];
  const spaces: ElaboratedSpace[] = [];
  for (const declaration of opened.tree.declarations) {
    if (declaration.kind !== 'space') continue;
    const space = buildSpace(declaration, opened, problems);
    if (space !== undefined) spaces.push(space);
  }
  return { file, parse: opened.parse, problems, spaces, settings: noSettings, references: [] };
}

function buildSpace(
  declaration: SpaceDeclaration,
  file: ProgramFile,
  problems: Problem[],
): ElaboratedSpace | undefined {
  const [first] = declaration.body;
  const input = first?.kind === 'operator' && first.name.name === 'input' ? first.operand : undefined;
  const shape =
    input?.kind === 'dimensions' ? input.values : input?.kind === 'number' ? [input.value] : [28, 28, 1];
  const elaborator = new Elaborator(10, (found, inFile, span) =>
    problems.push(problemAt(found, { file: inFile, span })),
  );
  const program = elaborator.space(declaration, file, shape, 'int8');
  const graph = buildGraph(program);
  return new ElaboratedSpace({
    name: declaration.name?.name ?? 'space',
    declaration,
    file: file.file,
    inputShape: shape,
    classes: 10,
    graph,
    settingsText: '',
    sound: true,
  });
}
