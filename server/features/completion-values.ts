/** Completion of values: names in scope, tensors, functions, kernels, limits with their units. */

import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver-types';
import type { Declaration, LetStatement } from '../../grammar/ast.ts';
import {
  type Dimension,
  functions,
  isMetric,
  measures,
  metrics,
  operators,
  symbols,
  units,
} from '../../engine/space/index.ts';
import { blockNamed } from '../analysis/blocks.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { findBoard } from '../analysis/targets.ts';
import { type Expectation, forEachChild, walk, type Node } from '../../grammar/index.ts';
import { item, order, snippet } from './completion-items.ts';
import { formOf } from './documentation.ts';
import { formatBytes } from '../../engine/cost/index.ts';

type Body = Extract<Declaration, { kind: 'block' | 'cell' | 'space' }>;

function bodyAt({ parse }: Snapshot, offset: number): Body | undefined {
  return parse.file.declarations.find(
    (each): each is Body =>
      (each.kind === 'block' || each.kind === 'space' || each.kind === 'cell') &&
      each.start <= offset &&
      offset <= each.end,
  );
}

/** A value that is still to be written does not end before the cursor, wherever blanks have taken it. */
function isAbove({ value }: LetStatement, offset: number): boolean {
  return value.kind !== 'missing' && value.end < offset;
}

/** Names that an expression at `offset` can read, then functions. */
export function values(snapshot: Snapshot, offset: number): CompletionItem[] {
  const found = new Map<string, CompletionItem>();
  const add = (name: string, detail: string, kind: CompletionItemKind): void => {
    if (!found.has(name))
      found.set(name, item(name, kind, order.scope, undefined, { labelDetails: { description: detail } }));
  };
  const body = bodyAt(snapshot, offset);
  if (body?.kind === 'block' || body?.kind === 'cell') {
    for (const { name } of body.parameters) add(name.name, 'parameter', CompletionItemKind.Variable);
  }
  /** A `let` is visible below its line, in its body and whatever that encloses, and not in its own value. */
  const visit = (node: Node): void => {
    forEachChild(node, (child) => {
      if (child.kind === 'let' && child.name !== undefined && isAbove(child, offset)) {
        const text = snapshot.text.slice(child.value.start, child.value.end);
        add(child.name.name, text, CompletionItemKind.Variable);
      } else if (child.start <= offset && offset <= child.end) visit(child);
    });
  };
  if (body !== undefined) visit(body);
  for (const name of symbols.keys()) add(name, 'from the context', CompletionItemKind.Constant);
  const calls = [...functions.values()].map((info) =>
    item(
      info.name,
      CompletionItemKind.Function,
      order.operator,
      { kind: 'function', name: info.name },
      {
        ...snippet(`${info.name}(\${1:${info.parameters[0] ?? ''}})`),
        labelDetails: { detail: `(${info.parameters.join(', ')})` },
      },
    ),
  );
  return [...found.values(), ...calls];
}

/** Tensors named above, by `as` or as the parts of a split, the nearest first. */
export function tensors(snapshot: Snapshot, offset: number): CompletionItem[] {
  const names: string[] = [];
  const body = bodyAt(snapshot, offset);
  if (body === undefined) return [];
  walk(body, (node) => {
    if (
      node.kind === 'namedValue' &&
      node.name.name === 'as' &&
      node.end < offset &&
      node.value.kind === 'name'
    )
      names.unshift(node.value.name);
    if (node.kind !== 'operator' || node.end >= offset) return;
    if (operators.get(node.name.name)?.makesTensors === true)
      for (const { value } of node.arguments ?? []) if (value.kind === 'name') names.unshift(value.name);
  });
  return [...new Set(names)].map((name, index) =>
    item(name, CompletionItemKind.Variable, `${order.best}${String(index).padStart(3, '0')}`, undefined, {
      labelDetails: { description: 'tensor' },
    }),
  );
}

/** Kernels as they are mostly written, for layers that take one. */
export function kernels(operator: string): CompletionItem[] {
  const operand = operators.get(operator)?.operand;
  if (operand?.kind !== 'pair') return [];
  const sizes =
    operators.get(operator)?.weighted === true ? ['3x3', '1x1', '5x5', '{3 | 5}'] : ['2x2', '3x3'];
  return sizes.map((label, index) =>
    item(label, CompletionItemKind.Value, `${order.best}${index}`, undefined, {
      labelDetails: { description: operand.name },
    }),
  );
}

/** `name = ` for the parameters of a block that are not given yet. @param given how many are, by place */
export function argumentNames(
  snapshot: Snapshot,
  callee: string,
  named: readonly string[],
  given: number,
): CompletionItem[] {
  const declared = blockNamed(snapshot, callee)?.declaration.parameters ?? [];
  return declared
    .slice(Math.max(given - named.length, 0))
    .filter(({ name }) => !named.includes(name.name))
    .map(({ name }) =>
      item(`${name.name} =`, CompletionItemKind.Property, order.best, undefined, {
        insertText: `${name.name} = `,
      }),
    );
}

/** Units as people write them in limits, and in settings. */
const usualInLimits = ['KB', 'ms', 'mJ', '%'];
const usualInSettings = ['MHz', 'minutes', 'epochs', 's', 'mAh', 'V'];

/** Where the value of a setting is written. */
export type SettingPlace = Extract<Expectation, { context: 'propertyValue' }>;

/** Units that fit the number before `offset`: all where nothing tells what it measures. */
export function unitNames(
  snapshot: Snapshot,
  offset: number,
  setting: SettingPlace | undefined,
): CompletionItem[] {
  const line = snapshot.text.slice(Math.max(0, offset - 200), offset);
  const metric = /([a-z]+(?: +[a-z]+)*)\s*[<>]=?\s*[\d.]+\s*[A-Za-z%]*$/.exec(line)?.[1]?.replace(/ +/g, ' ');
  const form = setting && formOf(setting.declaration, setting.path, setting.name);
  // In a phrase it is that of the example at the same place.
  const inExample = form?.phrase && units[form.example.split(' ')[setting?.index ?? 0] ?? ''];
  const measured = inExample?.dimension ?? form?.dimension ?? form?.number?.dimensions[0];
  const dimension = measured === undefined || measured === 'none' ? dimensionOf(metric) : measured;
  const usual = setting === undefined ? usualInLimits : usualInSettings;
  return Object.entries(units)
    .filter(([, unit]) => dimension === undefined || unit.dimension === dimension)
    .map(([name]) =>
      item(name, CompletionItemKind.Unit, usual.includes(name) ? order.best : order.scope, undefined),
    );
}

function dimensionOf(metric: string | undefined): Dimension | undefined {
  return metric !== undefined && isMetric(metric)
    ? measures[metrics[metric].measure].dimensions[0]
    : undefined;
}

/** Limits of a metric: an example to change, and what the boards of the file have. */
export function limits(snapshot: Snapshot, limited: string): CompletionItem[] {
  if (!isMetric(limited)) return [];
  const { limit } = metrics[limited];
  // The number is there to be changed.
  const found = [
    item(limit, CompletionItemKind.Value, order.best, undefined, {
      ...snippet(limit.replace(/^\d+/, '${1:$&}')),
      labelDetails: { description: 'an example' },
    }),
  ];
  const metric = limited.replace(/ total$/, '');
  for (const declaration of snapshot.parse.file.declarations) {
    const board =
      declaration.kind === 'target' && declaration.board !== undefined
        ? findBoard(snapshot.profiles, declaration.board.value)
        : undefined;
    if (board === undefined || (metric !== 'ram' && metric !== 'flash')) continue;
    const bytes = metric === 'ram' ? Math.max(...board.sram.map((bank) => bank.bytes)) : board.flash.bytes;
    const description = metric === 'ram' ? `largest bank of ${board.id}` : `all of ${board.id}`;
    found.push(
      item(formatBytes(bytes), CompletionItemKind.Value, order.scope, undefined, {
        labelDetails: { description },
      }),
    );
  }
  return found;
}
