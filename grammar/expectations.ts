/** From the brackets and tokens before a place to what can stand there. */

import { tokenMatcher } from 'chevrotain';
import { imageOf, isToken, type Frame, type FrameKind, type Item } from './context.ts';
import type { Expectation } from './expected.ts';
import { tailExpectations } from './tail-expectations.ts';
import * as t from './tokens.ts';
import { unitWords } from './words.ts';

type PropertyHolder = 'target' | 'dataset' | 'search';

/** What can stand in a bracket behind what it holds so far; the frames end with that bracket. */
const inFrame: Readonly<
  Record<FrameKind, (frame: Frame, frames: readonly Frame[]) => readonly Expectation[]>
> = {
  file: ({ items }) => inFile(items),
  body: (frame) => statementExpectations(frame.items, frame.of === 'group' && frame.index === 0),
  alternatives: ({ items }) => (items.length < 2 ? [] : statementExpectations(items.slice(2), false)),
  cell: ({ items }) => inCell(items),
  properties: (frame, frames) => inProperties(frames, frame),
  constraints: ({ items }) => inConstraint(items),
  objectives: ({ items }) => inObjective(items),
  imports: ({ items, names }) =>
    items.length === 0 ? [{ context: 'importName', path: undefined, used: names }] : [],
  sparsity: ({ items }) =>
    items.length === 0 ? [{ context: 'sparsityOption' }] : inValue(items.slice(1), false),
  operators: ({ items }) => (items.length === 0 ? [{ context: 'operatorOption' }] : tailExpectations(items)),
  arguments: (frame, frames) => inArguments(frames, frame),
  parameters: ({ items }) => (items.length < 2 ? [] : inValue(items.slice(2), false)),
  choice: (frame, frames) => inChoice(frames, frame),
  parenthesis: ({ items }) => inValue(items, false),
};

export function expectationsOf(frames: readonly Frame[]): readonly Expectation[] {
  const frame = frames.at(-1);
  return frame === undefined ? [] : inFrame[frame.kind](frame, frames);
}

/** Inside the quotes that follow. */
export function expectationsInString(frames: readonly Frame[]): readonly Expectation[] {
  const frame = frames.at(-1);
  if (frame === undefined) return [];
  const last = imageOf(frame.items.at(-1));
  if (frame.kind === 'file' && last === 'target') return [{ context: 'boardName' }];
  if (frame.kind === 'file' && imageOf(frame.items[0]) === 'import') return [{ context: 'importPath' }];
  if (last === 'on') return [{ context: 'boardName' }];
  return frame.kind === 'arguments' ? [{ context: 'stringArgument', callee: frame.of }] : [];
}

// ---------------------------------------------------------------- declarations

/** What stands behind the word of a declaration that has one value, or begins with one. */
const firstValue: ReadonlyMap<string, Expectation> = new Map([
  ['target', { context: 'boardName' }],
  ['dataset', { context: 'datasetName' }],
  ['search', { context: 'strategy' }],
  ['quantize', { context: 'quantization' }],
  ['sparsity', { context: 'sparsityOption' }],
]);

/** Declarations that go on in braces, behind a new name or nothing. */
const inBraces: ReadonlySet<string> = new Set(['block', 'cell', 'space', 'constraints', 'objectives']);

function inFile(items: readonly Item[]): readonly Expectation[] {
  const word = imageOf(items[0]);
  const value = firstValue.get(word);
  if (items.length === 1 && value !== undefined) return [value];
  if (word === 'sparsity') return inValue(items.slice(2), false);
  if (word === 'import')
    return imageOf(items.at(-1)) === 'from' || items.length === 1 ? [{ context: 'importPath' }] : [];
  return value !== undefined || inBraces.has(word) ? [] : [{ context: 'declaration' }];
}

function inCell(items: readonly Item[]): readonly Expectation[] {
  const first = imageOf(items[0]);
  if (items.length === 0) return [{ context: 'cellItem' }];
  if (first === 'output') return items.length === 1 ? [{ context: 'merge', of: 'output' }] : [];
  if (first === 'edge') return items.length === 1 ? [{ context: 'edgeEnds' }] : [];
  if (first === 'limit') return items.length >= 5 ? inValue(items.slice(5), false) : [];
  return [];
}

function propertyPath(frames: readonly Frame[]): { of: PropertyHolder; path: string[] } {
  const path: string[] = [];
  let of: PropertyHolder = 'target';
  for (let index = 1; index < frames.length; index++) {
    const frame = frames[index];
    if (frame?.kind !== 'properties') continue;
    const next = frames[index + 1];
    if (next !== undefined) path.push(imageOf(frame.items[0]));
    if (index === 1) of = frame.of as PropertyHolder;
  }
  return { of, path };
}

function inProperties(frames: readonly Frame[], frame: Frame): readonly Expectation[] {
  const { of, path } = propertyPath(frames);
  const { items } = frame;
  if (items.length === 0) {
    return [{ context: 'propertyName', declaration: of, path, used: frame.names }];
  }
  const values = items.slice(1);
  const value = inValue(values, false);
  const beginsValue = value.some((expectation) => expectation.context === 'expression');
  const property: Expectation = {
    context: 'propertyValue',
    declaration: of,
    path,
    name: imageOf(items[0]),
    index: values.length,
  };
  return beginsValue ? [property, ...value] : [...value, property];
}

function inChoice(frames: readonly Frame[], frame: Frame): readonly Expectation[] {
  const parent = frames[frames.length - 2];
  const follower = parent && followerAt(parent);
  if (follower !== undefined) return frame.items.length === 0 ? [{ ...follower, isOption: true }] : [];
  const value = inValue(frame.items, false);
  if (frame.items.length > 0 || parent === undefined) return value;
  if (parent.kind === 'properties') {
    const { of, path } = propertyPath(frames);
    const name = imageOf(parent.items[0]);
    const outer = path.slice(0, -1);
    return [
      { context: 'propertyValue', declaration: of, path: outer, name, index: 0 },
      ...(frame.index === 0 ? [{ context: 'propertyName', declaration: of, path, used: [] } as const] : []),
      ...value,
    ];
  }
  if (parent.kind === 'file' && imageOf(parent.items[0]) === 'quantize') return [{ context: 'quantization' }];
  if (parent.kind !== 'body' && parent.kind !== 'alternatives') return value;
  // A choice written in place stands for what its place expects, such as the value of a parameter.
  const place = statementExpectations(statementItems(parent), false);
  const values = place.filter((expectation) =>
    ['operatorOperand', 'parameterValue', 'output', 'expression'].includes(expectation.context),
  );
  return [...values, ...value.filter(({ context }) => !values.some((other) => other.context === context))];
}

/** What is expected in the frame, if that is what follows a layer. */
function followerAt(frame: Frame): Extract<Expectation, { context: 'follower' }> | undefined {
  if (frame.kind !== 'body' && frame.kind !== 'alternatives' && frame.kind !== 'operators') return undefined;
  const place = statementExpectations(statementItems(frame), false);
  return place.find((expectation) => expectation.context === 'follower');
}

function inConstraint(written: readonly Item[]): readonly Expectation[] {
  if (written.length === 0) return [{ context: 'constraintMetric' }];
  const { metric, length } = metricIn(written);
  // However many words it has.
  const items = written.slice(length - 1);
  if (items.length === 1) return [{ context: 'constraintOperator', metric }];
  const last = imageOf(items[items.length - 1]);
  if (last === 'on') return [{ context: 'boardName' }];
  if (items.length === 2) return [{ context: 'constraintBound', metric }];
  if (imageOf(items[items.length - 2]) === 'on') return [];
  const value = inValue(items.slice(2), true);
  return value.some(({ context }) => context === 'expression')
    ? value
    : [...value, { context: 'constraintSuffix' }];
}

/** The metric that the items begin with, and how many of them are its words; the first in any case. */
function metricIn(items: readonly Item[]): { readonly metric: string; readonly length: number } {
  const isWord = (item: Item): boolean =>
    isToken(item) && tokenMatcher(item, t.Identifier) && !['on', 'weight'].includes(item.image);
  const end = items.findIndex((item) => !isWord(item));
  const length = Math.max(1, end < 0 ? items.length : end);
  return { metric: items.slice(0, length).map(imageOf).join(' '), length };
}

function inObjective(items: readonly Item[]): readonly Expectation[] {
  const first = imageOf(items[0]);
  if (items.length === 0) return [{ context: 'objectiveDirection' }];
  if (items.length === 1) {
    return [{ context: 'objectiveMetric', direction: first === 'max' ? 'max' : 'min' }];
  }
  const last = imageOf(items[items.length - 1]);
  if (last === 'on') return [{ context: 'boardName' }];
  if (last === 'weight') return [{ context: 'expression' }];
  const { metric, length } = metricIn(items.slice(1));
  return [{ context: 'objectiveSuffix', metric: length === items.length - 1 ? metric : undefined }];
}

// ---------------------------------------------------------------- bodies

function statementItems(frame: Frame): readonly Item[] {
  return frame.kind === 'alternatives' ? frame.items.slice(2) : frame.items;
}

function statementExpectations(items: readonly Item[], mayBeOptions: boolean): readonly Expectation[] {
  const first = imageOf(items[0]);
  switch (first) {
    case '':
      return mayBeOptions
        ? [{ context: 'statement' }, { context: 'operatorOption' }]
        : [{ context: 'statement' }];
    case 'let':
    case 'tie':
      return items.length < 3 ? [] : inValue(items.slice(3), false);
    case 'require':
      return inValue(items.slice(1), false);
    case 'skip':
    case 'branches':
      if (items.length === 1) return [{ context: 'merge', of: first }];
      return first === 'branches' && items.length === 2 ? [] : tailExpectations(items.slice(1), first);
    case 'choice':
      return items.length === 1 ? [] : tailExpectations(items.slice(1), first);
    default:
      return tailExpectations(items);
  }
}

// ---------------------------------------------------------------- values

function inArguments(frames: readonly Frame[], frame: Frame): readonly Expectation[] {
  const { items } = frame;
  const isNamed = isToken(items[1]) && items[1].tokenType === t.Assign;
  const value = inValue(isNamed ? items.slice(2) : items, false);
  if (!value.some((expectation) => expectation.context === 'expression')) return value;
  if (items.length > 0 && !isNamed) return value;
  const current = isNamed ? imageOf(items[0]) : undefined;
  const named = current === undefined ? frame.names : frame.names.slice(0, -1);
  const parent = frames[frames.length - 2];
  const isDataset = parent?.kind === 'file' && imageOf(parent.items[0]) === 'dataset';
  const argument: Expectation = {
    context: 'argument',
    callee: frame.of,
    index: frame.index,
    named,
    name: current,
  };
  return isDataset ? [argument] : [argument, ...value];
}

/** Inside a value: what can begin one, or continue it. */
function inValue(items: readonly Item[], isBound: boolean): readonly Expectation[] {
  const last = items[items.length - 1];
  if (last === undefined) return [{ context: 'expression' }];
  if (isToken(last)) {
    const opens =
      tokenMatcher(last, t.BinaryOperator) ||
      last.tokenType === t.keyword.not ||
      last.tokenType === t.keyword.when ||
      last.tokenType === t.keyword.else ||
      last.tokenType === t.Assign ||
      (last.tokenType === t.contextual.step && items.length > 1) ||
      (last.tokenType === t.contextual.log && items.length > 1);
    if (opens) return [{ context: 'expression' }];
    const isNumber = last.tokenType === t.NumberToken;
    const afterRange = items.some((item) => isToken(item) && item.tokenType === t.DotDot);
    const operator: Expectation = { context: 'binaryOperator', afterRange };
    if (isNumber) return [{ context: 'unit' }, operator];
    return isBound && unitWords.has(last.image) ? [] : [operator];
  }
  return [{ context: 'binaryOperator', afterRange: false }];
}
