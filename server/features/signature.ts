/** Signature help: the parameters of a block while its arguments are typed, and the grammar of a layer. */

import { MarkupKind, type SignatureHelp, type SignatureInformation } from 'vscode-languageserver-types';
import { functions, operators } from '../../engine/space/index.ts';
import { blockNamed, type NamedBlock } from '../analysis/blocks.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { nearest } from '../../grammar/index.ts';
import { inComment } from './hover.ts';

export function signatureHelp(snapshot: Snapshot, offset: number): SignatureHelp | null {
  if (inComment(snapshot, offset)) return null;
  const call = openCall(snapshot.text, offset);
  if (call !== undefined) {
    const declared = blockNamed(snapshot, call.name);
    if (declared !== undefined) return ofBlock(declared, call);
    const info = functions.get(call.name);
    if (info !== undefined) {
      const parameters = info.parameters.map((name) => ({ name, documentation: undefined }));
      const last = info.variadic ? parameters.length - 1 : call.argument;
      return help(info.name, '(', parameters, ')', info.documentation, Math.min(call.argument, last));
    }
  }
  return ofLayer(snapshot, offset);
}

interface OpenCall {
  readonly name: string;
  /** Index of the argument that the cursor is in. */
  readonly argument: number;
  /** Name before the `=` of that argument, if any. */
  readonly named: string | undefined;
}

/** Finds the parenthesis that is open at `offset` on its line or those above, and the name before it. */
function openCall(text: string, offset: number): OpenCall | undefined {
  let depth = 0;
  let argument = 0;
  let start = offset;
  for (let at = offset - 1; at >= 0 && offset - at < longestCall; at--) {
    const character = text.charAt(at);
    if (character === ')' || character === '}') depth++;
    else if (character === '{' || character === ';') {
      if (depth === 0) return undefined;
      depth--;
    } else if (character === ',' && depth === 0) {
      if (argument === 0) start = at + 1;
      argument++;
    } else if (character === '(') {
      if (depth > 0) {
        depth--;
        continue;
      }
      const name = /([A-Za-z_][\w-]*)\s*$/.exec(text.slice(Math.max(0, at - longestName), at))?.[1];
      if (name === undefined) return undefined;
      if (argument === 0) start = at + 1;
      const named = /^\s*([A-Za-z_][\w-]*)\s*=(?!=)/.exec(text.slice(start, offset))?.[1];
      return { name, argument, named };
    }
  }
  return undefined;
}

const longestCall = 2000;
const longestName = 80;

interface Shown {
  readonly name: string;
  readonly documentation: string | undefined;
}

function ofBlock({ declaration, text }: NamedBlock, call: OpenCall): SignatureHelp {
  const shown = declaration.parameters.map((parameter) => ({
    name: text.slice(parameter.start, parameter.end),
    documentation: undefined,
  }));
  const byName = declaration.parameters.findIndex(({ name }) => name.name === call.named);
  const active = call.named !== undefined && byName >= 0 ? byName : call.argument;
  return help(declaration.name?.name ?? '', '(', shown, ')', undefined, active);
}

/** `conv kernel -> channels [stride] [padding] ...`, the part at the cursor marked. */
function ofLayer(snapshot: Snapshot, offset: number): SignatureHelp | null {
  // Blanks behind a layer belong to what is typed next, as long as its line goes on.
  let written = offset;
  while (written > 0 && ' \t'.includes(snapshot.text.charAt(written - 1))) written--;
  const layer = nearest(snapshot.path(offset), 'operator') ?? nearest(snapshot.path(written), 'operator');
  const info = operators.get(layer?.name.name ?? '');
  if (layer === undefined || info === undefined || offset <= layer.name.end) return null;
  // Followers have no parameters.
  if (snapshot.text.charAt(written - 1) === ',' || layer.followers.some(({ start }) => start <= offset))
    return null;
  const parts: Shown[] = [];
  if (info.operand !== undefined)
    parts.push({ name: info.operand.name, documentation: info.operand.documentation });
  if (info.output !== undefined)
    parts.push({ name: `-> ${info.output.name}`, documentation: info.output.documentation });
  for (const parameter of info.parameters) {
    parts.push({ name: `[${parameter.name}]`, documentation: parameter.documentation });
  }
  if (parts.length === 0) return null;
  const named = layer.parameters.find((each) => each.start <= offset && offset <= each.end);
  const arrow = snapshot.text.slice(layer.name.end, offset).includes('->');
  const wanted =
    named !== undefined
      ? `[${named.name.name}]`
      : arrow && info.output !== undefined
        ? `-> ${info.output.name}`
        : info.operand?.name;
  const active = parts.findIndex(({ name }) => name === wanted);
  return help(info.name, ' ', parts, '', info.documentation, Math.max(active, 0), ' ');
}

function help(
  name: string,
  open: string,
  parameters: readonly Shown[],
  close: string,
  documentation: string | undefined,
  active: number,
  separator = ', ',
): SignatureHelp {
  let label = `${name}${open}`;
  const shown = parameters.map((parameter, index) => {
    if (index > 0) label += separator;
    const start = label.length;
    label += parameter.name;
    return {
      label: [start, label.length] as [number, number],
      ...(parameter.documentation === undefined ? {} : { documentation: parameter.documentation }),
    };
  });
  const signature: SignatureInformation = {
    label: label + close,
    parameters: shown,
    ...(documentation === undefined
      ? {}
      : { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
  };
  return { signatures: [signature], activeSignature: 0, activeParameter: active };
}
