/** JSON together with where everything in it stands, so that what is wrong can be underlined. */

import { evaluate, parse, type MemberNode, type ObjectNode, type ValueNode } from '@humanwhocodes/momoa';

/** Offsets in UTF-16 code units, the end exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

export interface JsonText {
  readonly value: unknown;
  /** The value that a JSON pointer means, or the nearest thing around it that is there. */
  valueAt(pointer: string): TextSpan;
  /** The name of the member that a pointer means; an opening brace for the whole. */
  nameAt(pointer: string): TextSpan;
}

/** Text that is no JSON: one sentence and the place where reading stopped. */
export class JsonError extends Error {
  readonly span: TextSpan;

  constructor(message: string, span: TextSpan) {
    super(message);
    this.span = span;
  }
}

const byteOrderMark = '\uFEFF';

/** What the parser calls its tokens, as a person writes them. */
const tokens: Readonly<Record<string, string>> = {
  LBrace: '{',
  RBrace: '}',
  LBracket: '[',
  RBracket: ']',
  Colon: ':',
  Comma: ',',
};

/** Throws {@link JsonError}. A byte order mark at the start is passed over. */
export function readJson(text: string): JsonText {
  // A blank in its place keeps every offset.
  const plain = text.startsWith(byteOrderMark) ? ` ${text.slice(1)}` : text;
  const members = new MembersByName();
  let root: ValueNode;
  try {
    root = parse(plain, { ranges: true }).body;
  } catch (error) {
    throw jsonError(plain, error);
  }
  return {
    value: evaluate(root),
    valueAt: (pointer) => {
      const { value } = find(root, pointer, members);
      return spanOf(value);
    },
    nameAt: (pointer) => {
      const { value, member } = find(root, pointer, members);
      if (member !== undefined) return spanOf(member.name);
      const { start } = spanOf(value);
      return { start, end: start + 1 };
    },
  };
}

function jsonError(text: string, error: unknown): JsonError {
  const offset =
    typeof error === 'object' && error !== null && 'offset' in error ? Number(error.offset) : text.length;
  const start = Math.min(Math.max(0, offset), Math.max(0, text.length - 1));
  const span = { start, end: Math.min(start + 1, text.length) };
  const message = error instanceof Error ? error.message : '';
  const [, token = ''] = /^Unexpected token (\w+) found/.exec(message) ?? [];
  if (/^Unexpected end/.test(message)) {
    return new JsonError(
      'The file is not valid JSON: it ends in the middle. Close what is open, with " or ] or }.',
      span,
    );
  }
  const found = tokens[token] ?? text.charAt(start);
  const cure =
    found === '}' || found === ']'
      ? 'Remove the comma before it, or write the value that is missing.'
      : 'Names and texts stand in double quotes, and a comma stands between two members.';
  return new JsonError(`The file is not valid JSON: "${found}" cannot stand here. ${cure}`, span);
}

interface Found {
  readonly value: ValueNode;
  /** What holds the value, if it is a member of an object. */
  readonly member: MemberNode | undefined;
}

function find(root: ValueNode, pointer: string, members: MembersByName): Found {
  let found: Found = { value: root, member: undefined };
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = child(found.value, key, members);
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

/** The members of each object that was asked for, so that a file with many faults is not gone through for each. */
class MembersByName {
  readonly #known = new Map<ObjectNode, ReadonlyMap<string, MemberNode>>();

  member(object: ObjectNode, name: string): MemberNode | undefined {
    let members = this.#known.get(object);
    if (members === undefined) {
      // Of two members with one name the later counts.
      members = new Map(object.members.map((member) => [nameOf(member.name), member]));
      this.#known.set(object, members);
    }
    return members.get(name);
  }
}

function child(value: ValueNode, key: string, members: MembersByName): Found | undefined {
  if (value.type === 'Object') {
    const member = members.member(value, key);
    return member === undefined ? undefined : { value: member.value, member };
  }
  const element = value.type === 'Array' ? value.elements[Number(key)] : undefined;
  return element === undefined ? undefined : { value: element.value, member: undefined };
}

function nameOf(name: MemberNode['name']): string {
  return name.type === 'String' ? name.value : name.name;
}

function spanOf(node: { readonly range?: readonly number[] }): TextSpan {
  const [start = 0, end = start] = node.range ?? [];
  return { start, end };
}
