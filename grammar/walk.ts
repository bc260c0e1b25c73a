/** Ways through the tree that do not depend on the kinds of its nodes. */

import type * as ast from './ast.ts';

export type Node =
  | ast.SourceFile
  | ast.Declaration
  | ast.Statement
  | ast.Expression
  | ast.Identifier
  | ast.ImportName
  | ast.Parameter
  | ast.CellItem
  | ast.SparsityOption
  | ast.Constraint
  | ast.Objective
  | ast.Property
  | ast.Repeat
  | ast.Condition
  | ast.NamedValue
  | ast.AnyFollower
  | ast.Alternative
  | ast.Argument;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value && 'start' in value;
}

/**
 * Calls `visit` for every direct child. Written over the fields of a node rather than over its kinds, so that a
 * construct added to the grammar is walked without a change here; comments are not children.
 */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  for (const key in node) {
    if (key === 'comments') continue;
    const value: unknown = (node as unknown as Record<string, unknown>)[key];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value as readonly unknown[]) if (isNode(item)) visit(item);
    } else if (isNode(value)) {
      visit(value);
    } else if (key === 'between') {
      const ends = value as { readonly from: ast.Expression; readonly to: ast.Expression };
      visit(ends.from);
      visit(ends.to);
    }
  }
}

/** Every node below and including `node`, parents first. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  visit(node, parent);
  forEachChild(node, (child) => walk(child, visit, node));
}

/** The nodes that hold `offset` (ends included), outermost first. Of two that touch, the later one is taken. */
export function pathAt(root: Node, offset: number): Node[] {
  const path: Node[] = [root];
  for (let node: Node | undefined = root; node !== undefined;) {
    let next: Node | undefined;
    forEachChild(node, (child) => {
      if (child.start > offset || offset > child.end) return;
      // A missing expression has no width: do not prefer it to a neighbour that has some.
      if (next !== undefined && child.start === child.end) return;
      next = child;
    });
    if (next !== undefined) path.push(next);
    node = next;
  }
  return path;
}

/** The last node of `path` of the kind, if any. */
export function nearest<K extends Node['kind']>(
  path: readonly Node[],
  kind: K,
): Extract<Node, { kind: K }> | undefined {
  for (let at = path.length - 1; at >= 0; at--) {
    const node = path[at];
    if (node?.kind === kind) return node as Extract<Node, { kind: K }>;
  }
  return undefined;
}

/** The body of a declaration that has statements. */
export function bodyOf(declaration: ast.Declaration): readonly ast.Statement[] {
  return declaration.kind === 'space' || declaration.kind === 'block' ? declaration.body : [];
}
