/** Ways through the tree that do not depend on the kinds of its nodes. */

import type {
  Argument,
  Alternative,
  CellItem,
  Comment,
  Condition,
  Constraint,
  Declaration,
  Expression,
  Follower,
  Identifier,
  ImportName,
  NamedValue,
  Objective,
  Parameter,
  Property,
  Repeat,
  SourceFile,
  SparsityOption,
  Statement,
} from './ast.ts';

export type Node =
  | SourceFile
  | Declaration
  | Statement
  | Expression
  | Argument
  | Alternative
  | CellItem
  | Comment
  | Condition
  | Constraint
  | Follower
  | Identifier
  | ImportName
  | NamedValue
  | Objective
  | Parameter
  | Property
  | Repeat
  | SparsityOption;

/** The nodes directly inside `node`, in the order of its fields, which is nearly that of the text. */
export function childrenOf(node: Node): readonly Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node)) collect(value, found);
  return found;
}

function collect(value: unknown, into: Node[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if ('kind' in value) into.push(value as Node);
  // The two ends of an edge stand in an object of their own.
  else if ('from' in value) for (const item of Object.values(value)) collect(item, into);
}

/**
 * Calls `enter` for `node` and everything in it, parents first. When it returns `false` the children are
 * left out; `leave` is called all the same.
 */
export function walk(
  node: Node,
  enter: (node: Node, parent: Node | undefined) => boolean | undefined,
  leave?: (node: Node) => void,
): void {
  visit(node, undefined);
  function visit(current: Node, parent: Node | undefined): void {
    if (enter(current, parent) !== false) for (const child of childrenOf(current)) visit(child, current);
    leave?.(current);
  }
}

/** The nodes that hold `offset`, from the file to the innermost. Where two touch, the one that begins there. */
export function pathTo(file: SourceFile, offset: number): readonly Node[] {
  const path: Node[] = [];
  let node: Node | undefined = file;
  while (node !== undefined) {
    path.push(node);
    let inside: Node | undefined;
    for (const child of childrenOf(node)) {
      if (child.start > offset || child.end < offset) continue;
      const isBetter =
        inside === undefined ||
        (inside.end === offset && child.start === offset && child.end > offset) ||
        (inside.kind === 'comment' && child.kind !== 'comment');
      if (isBetter) inside = child;
    }
    node = inside;
  }
  return path;
}

/** The innermost node that holds `offset`. */
export function nodeAt(file: SourceFile, offset: number): Node {
  const path = pathTo(file, offset);
  return path[path.length - 1] ?? file;
}
