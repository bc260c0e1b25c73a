/**
 * The blocks and cells that a file offers to others. Completion asks this of every file of a workspace, so that it must
 * not read them all: of a file that nobody has read, they are found in its text.
 */

import type { ParseResult } from '../../grammar/ast.ts';

export interface Exported {
  readonly name: string;
  readonly parameters: readonly ExportedParameter[];
}

export interface ExportedParameter {
  readonly name: string;
  /** As it is written, with its default. */
  readonly text: string;
  readonly isRequired: boolean;
}

export function exportsOfTree({ file }: ParseResult, text: string): Exported[] {
  return file.declarations.flatMap((declaration) => {
    if (declaration.kind !== 'block' && declaration.kind !== 'cell') return [];
    const { name, parameters } = declaration;
    if (name === undefined) return [];
    return [
      {
        name: name.name,
        parameters: parameters.map((each) => ({
          name: each.name.name,
          text: text.slice(each.start, each.end),
          isRequired: each.default === undefined,
        })),
      },
    ];
  });
}

const head = /^(?:block|cell)\b/m;
const next = /\n(?=(?:block|cell)\b)/;
/** A name in its first group, behind which an opening parenthesis may stand; comments and strings, where nothing begins. */
const heads =
  /\/\*(?:[^*]|\*(?!\/))*|\/\/.*|"(?:[^"\\\n]|\\.)*|^(?:block|cell)[ \t]+([A-Za-z_]\w*(?:-[A-Za-z_]\w*)*)[ \t]*\(?/gm;

/** UTF-16 code units of parameters that are looked at. */
const mostOfParameters = 2000;

/** Those that begin a line, as everybody writes them. Linear in the length of the text. */
export function exportsOfText(text: string): Exported[] {
  if (!head.test(text)) return [];
  const found: Exported[] = [];
  for (const match of text.matchAll(heads)) {
    const [written, name] = match;
    if (name === undefined) continue;
    const end = match.index + written.length;
    const inside = written.endsWith('(') ? text.slice(end, end + mostOfParameters) : '';
    // Not beyond the next one, so that nothing is looked at twice.
    const [own = ''] = inside.split(next, 1);
    found.push({ name, parameters: partsOf(own).map(parameterOf) });
  }
  return found;
}

/** What stands between commas, up to the parenthesis that closes. */
function partsOf(inside: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < inside.length; at++) {
    const sign = inside.charAt(at);
    if ('({'.includes(sign)) depth++;
    else if (depth > 0 && ')}'.includes(sign)) depth--;
    else if (depth === 0 && ',)'.includes(sign)) {
      const part = inside.slice(start, at).trim();
      if (part !== '') parts.push(part);
      start = at + 1;
      if (sign === ')') return parts;
    }
  }
  return parts;
}

function parameterOf(text: string): ExportedParameter {
  const [name = text] = text.split('=', 1);
  return { name: name.trim(), text, isRequired: !text.includes('=') };
}
