/** What a search would find out only by training: known from the graph, at the place that is to be mended. */

import { walk } from '../../../grammar/index.ts';
import type { OperatorStatement, SpaceDeclaration, Statement, Span } from '../../../grammar/ast.ts';
import { type EndNode, type Graph, isLayerInPlay, type LayerNode, type Node } from '../graph/node.ts';
import { architectureOf, useIn } from '../graph/problems.ts';
import type { Shape } from '../network.ts';
import type { ProgramFile } from '../files.ts';
import { finding } from '../problems/catalogue.ts';
import { type Finding, problemAt } from '../problems/problem.ts';
import { isPassedCheck } from '../program/instructions.ts';
import { inputStatementOf } from '../program/space-input.ts';
import { typeIn } from '../program/slots.ts';
import { rowOf } from '../../operators/catalogue.ts';
import type { DatasetSetting, Fix, Problem } from '../types.ts';
import { untrainable, untrainableType } from './operators.ts';
import { canTake, isResized } from './sample-size.ts';

export interface TrainedSpace {
  readonly graph: Graph;
  readonly declaration: SpaceDeclaration;
  readonly file: Pick<ProgramFile, 'file' | 'text'>;
  readonly dataset: DatasetSetting | undefined;
}

/** In no particular order. Nothing where the graph is in doubt for another reason, which has been reported. */
export function trainingProblems(space: TrainedSpace): readonly Problem[] {
  if (space.graph.doubtfulFrom !== Infinity) return [];
  return [...inputProblems(space), ...outputProblems(space), ...operatorProblems(space)];
}

// ---------------------------------------------------------------- the input

function inputProblems({ graph, declaration, file, dataset }: TrainedSpace): readonly Problem[] {
  const statement = inputStatementOf(declaration);
  const operand = statement?.operand;
  if (statement === undefined || operand === undefined) return [];
  const other = graph.program.inputs.find(({ dtype }) => dtype !== 'int8');
  if (other !== undefined) {
    const what = untrainableType(other.dtype);
    if (what !== undefined)
      return [problemAt(finding('training/operator', what), { file: file.file, span: statement })];
  }
  const samples = dataset?.input;
  if (dataset === undefined || samples === undefined) return [];
  const wrong = graph.program.inputs.find(({ shape }) => !canTake(samples, shape));
  if (wrong === undefined) return resized({ graph, file, samples, operand });
  const fix = (dataset.inputs?.length ?? 1) <= 1 ? { text: dims(samples) } : undefined;
  const details = { input: dims(wrong.shape), samples: dims(samples), fix };
  return [problemAt(finding('training/input', details), { file: file.file, span: operand })];
}

/** Of a size that is a choice it goes without saying. */
function resized({
  graph,
  file,
  samples,
  operand,
}: Pick<TrainedSpace, 'graph' | 'file'> & {
  readonly samples: Shape;
  readonly operand: Span;
}): readonly Problem[] {
  const [only, other] = graph.program.inputs;
  if (only === undefined || other !== undefined || !isResized(samples, only.shape)) return [];
  const found = finding('training/resized', { input: dims(only.shape), samples: dims(samples) });
  return [problemAt(found, { file: file.file, span: operand })];
}

const dims = (shape: Shape): string => shape.join('x');

// ---------------------------------------------------------------- the outputs

function outputProblems(space: TrainedSpace): readonly Problem[] {
  const { graph, declaration, file, dataset } = space;
  const at = graph.program.instructions.length - 1;
  const end = graph.program.instructions[at];
  const ends = (graph.buckets[at] ?? []).filter((node): node is EndNode => node.kind === 'end');
  if (end?.kind !== 'end' || ends.length === 0) return [];
  if (end.outputs.length > 1) {
    const statement = outputStatement(declaration);
    const fixes = statement === undefined ? [] : keepOne(space, statement, ends);
    const found = finding('training/outputs', { outputs: end.outputs.length, fixes });
    const span = statement ?? declaration.name ?? declaration;
    return [problemAt(found, { file: file.file, span })];
  }
  const [output] = end.outputs;
  const classes = dataset?.classes;
  if (output === undefined || classes === undefined) return [];
  const outputsOf = (node: Node): number | undefined => {
    const id = typeIn(node.registers, output.register);
    return id > 0 ? graph.program.types.get(id).elements : undefined;
  };
  const wrong = ends.filter((node) => {
    const outputs = outputsOf(node);
    return outputs !== undefined && outputs !== classes && node.mergedInto === undefined;
  });
  // Where states were forgotten a way need not be an architecture: only what holds on all of them is sure.
  const sure = graph.exact ? wrong.filter((node) => graph.arrivals.isClean(node)) : wrong;
  const [first] = sure;
  if (first === undefined || (!graph.exact && wrong.length < ends.length)) return [];
  const outputs = outputsOf(first) ?? 0;
  const suffix = sure.length < ends.length ? architectureOf(first, graph) : '';
  const layer = lastLayer(first, outputs, graph);
  if (layer === undefined) {
    const found = finding('training/classes', { outputs, classes, fixes: [] });
    return [problemAt(found, { file: file.file, span: declaration.name ?? declaration }, [], suffix)];
  }
  const { statement, source } = layer.instruction;
  const fixes = source.file === file.file ? classesFixes(space, statement) : [];
  const found = finding('training/classes', { outputs, classes, fixes });
  const written = statement.kind === 'operator' ? statement.output : undefined;
  return [atLayer(space, layer, found, written ?? headOf(statement), suffix)];
}

/** The layer whose values come out, without those behind it that leave their number as it is. */
function lastLayer(end: Node, outputs: number, { arrivals }: Graph): LayerNode | undefined {
  let found: LayerNode | undefined;
  for (let node: Node | undefined = end; node !== undefined; node = arrivals.predecessorOf(node)?.node) {
    if (node.kind !== 'layer' || node.outcome === undefined || node.failed) continue;
    if (isPassedCheck(node.instruction, node.registers)) continue;
    const { ops, output } = node.outcome;
    const [first] = ops;
    if (first === undefined || output?.elements !== outputs) continue;
    found = node;
    const isSet = rowOf(first.template.kind).channels.by === 'set';
    if (isSet || first.inputs[0]?.elements !== outputs) return node;
  }
  return found;
}

/** `dense -> classes` in place of what is written, or behind it. */
function classesFixes({ declaration, file }: TrainedSpace, statement: Statement): readonly Fix[] {
  if (statement.kind === 'operator' && statement.name.name === 'dense' && statement.output !== undefined) {
    const squashing = statement.followers.filter(
      (each) => each.kind === 'follower' && (each.name.name === 'sigmoid' || each.name.name === 'tanh'),
    );
    const until = squashing.at(-1)?.end ?? statement.output.end;
    const edits = [{ span: { start: statement.output.start, end: until }, text: 'classes' }];
    return [{ title: 'Change to `dense -> classes`', preferred: true, edits }];
  }
  const last = declaration.body.at(-1);
  if (last === undefined) return [];
  const lineStart = file.text.lastIndexOf('\n', last.start - 1) + 1;
  const indent = file.text.slice(lineStart, last.start);
  const text = indent.trim() === '' && lineStart > declaration.start ? `\n${indent}` : '; ';
  const edits = [{ span: { start: last.end, end: last.end }, text: `${text}dense -> classes` }];
  return [{ title: 'Add `dense -> classes`', preferred: true, edits }];
}

/** One fix for each name, those first that have an output for each class. */
function keepOne(
  { graph, dataset }: TrainedSpace,
  statement: OperatorStatement,
  [end]: readonly EndNode[],
): readonly Fix[] {
  const slots = graph.program.instructions[graph.program.instructions.length - 1];
  const names = (statement.arguments ?? []).flatMap(({ value }) =>
    value.kind === 'name' ? [value.name] : [],
  );
  if (slots?.kind !== 'end' || end === undefined || names.length !== slots.outputs.length) return [];
  const fits = (index: number): boolean => {
    const id = typeIn(end.registers, slots.outputs[index]?.register ?? 0);
    return id > 0 && graph.program.types.get(id).elements === dataset?.classes;
  };
  const order = [...names.keys()].sort((a, b) => Number(fits(b)) - Number(fits(a)));
  return order.map((index, position) => {
    const text = `output(${names[index] ?? ''})`;
    return {
      title: `Change to \`${text}\``,
      preferred: position === 0 && fits(index),
      edits: [{ span: { start: statement.start, end: statement.end }, text }],
    };
  });
}

function outputStatement(declaration: SpaceDeclaration): OperatorStatement | undefined {
  let found: OperatorStatement | undefined;
  walk(declaration, (node) => {
    if (node.kind === 'operator' && node.name.name === 'output') found = node;
    return undefined;
  });
  return found;
}

// ---------------------------------------------------------------- the layers between

function operatorProblems(space: TrainedSpace): readonly Problem[] {
  const { graph } = space;
  const isBad = (op: (typeof graph.operators.ops)[number]): boolean =>
    untrainable(op.template, op.output.dtype) !== undefined;
  // Most spaces have none, and operators are far fewer than the places where they come up.
  if (!graph.operators.ops.some(isBad)) return [];
  const problems: Problem[] = [];
  const seen = new Set<Statement>();
  for (const node of graph.order) {
    if (!isLayerInPlay(node) || seen.has(node.instruction.statement)) continue;
    const bad = node.outcome?.ops.find(isBad);
    const what = bad === undefined ? undefined : untrainable(bad.template, bad.output.dtype);
    if (what === undefined || !graph.arrivals.isClean(node)) continue;
    seen.add(node.instruction.statement);
    problems.push(
      atLayer(space, node, finding('training/operator', what), headOf(node.instruction.statement), ''),
    );
  }
  return problems;
}

const headOf = (statement: Statement): Span => (statement.kind === 'operator' ? statement.name : statement);

/** At the layer, or at the use of the block in this file through which it has come. */
function atLayer(
  { graph, file }: TrainedSpace,
  node: LayerNode,
  found: Finding,
  span: Span,
  suffix: string,
): Problem {
  const { source } = node.instruction;
  if (source.file === file.file) return problemAt(found, { file: file.file, span }, [], suffix);
  const use = useIn(file.file, node, graph);
  const related = [{ file: source.file, span, message: 'It comes up here.' }];
  return problemAt(
    found,
    { file: use === undefined ? source.file : file.file, span: use ?? span },
    related,
    suffix,
  );
}
