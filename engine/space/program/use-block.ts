import type { BlockDeclaration, Expression, OperatorStatement } from '../../../grammar/ast.ts';
import { finding } from '../problems/catalogue.ts';
import type { Body } from './body.ts';
import { type Compiled, constant } from './compile.ts';
import type { Elaborator } from './elaborate.ts';
import { TooLarge } from '../too-large.ts';
import type { BlockEntry } from './file-scope.ts';

/** Blocks inside of blocks; what is written down for each takes its part of the stack. */
const MOST_NESTED = 256;

/** A use of a block: binds its parameters and elaborates its body. */
export function useBlock(
  elaborator: Elaborator,
  statement: OperatorStatement,
  entry: BlockEntry,
  body: Body,
  namePath: string,
  choicePath: string,
): void {
  const { declaration, scope } = entry;
  if (body.uses.length >= MOST_NESTED) {
    const cure = 'Use fewer blocks inside of blocks.';
    throw new TooLarge({ limit: MOST_NESTED, of: 'blocks inside of each other', cure });
  }
  if (body.uses.includes(declaration)) {
    const chain = [...body.uses.slice(body.uses.indexOf(declaration)), declaration]
      .map((use) => use.name?.name ?? '?')
      .join(' -> ');
    elaborator.report(finding('block/recursive', { chain }), body.file.file, statement.name);
    elaborator.doubt();
    return;
  }
  const names = new Map<string, Compiled>();
  const inner: Body = {
    file: scope,
    scope: { parent: undefined, names },
    namePath: `${namePath}/`,
    choicePath: `${choicePath}/`,
    tiePath: `${declaration.name?.name ?? ''}/`,
    tensors: new Map(),
    input: undefined,
    counters: new Map(),
    uses: [...body.uses, declaration],
    remedy: joinRemedy(declaration),
  };
  const args = statement.arguments ?? [];
  let position = 0;
  const byName = new Map<string, Expression>();
  for (const argument of args) {
    const parameter = argument.name === undefined ? declaration.parameters[position++] : undefined;
    const name = argument.name?.name ?? parameter?.name.name;
    if (name !== undefined && !byName.has(name)) byName.set(name, argument.value);
  }
  for (const parameter of declaration.parameters) {
    const name = parameter.name.name;
    const given = byName.get(name);
    const id = `${choicePath}/${name}`;
    if (given !== undefined) names.set(name, elaborator.bound(given, body, id));
    else if (parameter.default !== undefined) names.set(name, elaborator.bound(parameter.default, inner, id));
    else names.set(name, constant(undefined));
  }
  elaborator.body(declaration.body, inner);
}

/** The condition under which the output of a block has the shape of its input, as far as its parameters say. */
function joinRemedy(declaration: BlockDeclaration): string | undefined {
  const has = (name: string): boolean =>
    declaration.parameters.some((parameter) => parameter.name.name === name);
  const parts = [has('stride') ? 'stride == 1' : '', has('out') ? 'out == in' : ''];
  return parts.filter((part) => part !== '').join(' and ') || undefined;
}
