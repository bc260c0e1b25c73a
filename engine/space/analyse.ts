/** From the text of a file to what it means. */

import type { Declaration, SpaceDeclaration, Span } from '../../grammar/ast.ts';
import { reportBrokenImports } from './check/broken-imports.ts';
import { Checker } from './check/checker.ts';
import { Importer } from './check/imports.ts';
import type { Effort } from './effort.ts';
import { lineOf, lineStarts, openFile, type ProgramFile } from './files.ts';
import { graphProblems } from './graph/problems.ts';
import { isLive } from './graph/node.ts';
import { TooManyStates, widestOf } from './graph/too-many-states.ts';
import type { Report } from './program/body.ts';
import { finding } from './problems/catalogue.ts';
import { problemAt } from './problems/problem.ts';
import { ElaboratedSpace } from './search-space.ts';
import { SpaceBuilder, type SpaceSource } from './space-builder.ts';
import { finished, type Steps } from './steps.ts';
import { inputStatementOf, isLiteral, type SpaceInput } from './program/space-input.ts';
import { datasetInput, readShape } from './settings/input-size.ts';
import { readSettings } from './settings/settings.ts';
import { trainingProblems } from './training/problems.ts';
import { pricedOnly, stopsSearch } from './training/severity.ts';
import { SettingReader } from './settings/values.ts';
import { TooLarge } from './too-large.ts';
import type { DType } from './network.ts';
import type { Analysis, Problem, ProgramSettings, SearchSpace, SourceProvider } from './types.ts';

/** Stands for a number of classes that is not known, so that the rest can be priced; a problem says so. */
const UNKNOWN_CLASSES = 10;

/** What building one space gave. */
export interface BuiltSpace {
  readonly space: SearchSpace | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Lets a caller that analyses one version of a text after another keep the spaces that an edit did not touch. It
 * answers for everything a space is made of: its declaration and the blocks that it reaches, by name.
 */
export interface SpaceMemory {
  /** @param circumstances what comes from outside of the declarations: input, number format, classes. */
  recall(declaration: SpaceDeclaration, circumstances: string): BuiltSpace | undefined;
  remember(declaration: SpaceDeclaration, circumstances: string, built: BuiltSpace): void;
  /** What built the space of the version before: it builds this one from the parts that have not changed. */
  builder(declaration: SpaceDeclaration): SpaceBuilder | undefined;
}

/**
 * Throws `RangeError` when the provider cannot read `file` itself, and what `effort` throws, after which `memory` must
 * not be used again; everything else is a problem in the answer.
 */
export function analyse(
  file: string,
  provider: SourceProvider,
  memory?: SpaceMemory,
  effort?: Effort,
): Analysis {
  return finished(analysisInSteps(file, provider, memory, effort));
}

/** The same for a caller that does other things in between. No step may be done once a file of it has changed. */
export function* analysisInSteps(
  file: string,
  provider: SourceProvider,
  memory?: SpaceMemory,
  effort?: Effort,
): Steps<Analysis> {
  const opened = openFile(file, provider);
  if (opened === undefined) throw new RangeError(`The file ${file} cannot be read.`);
  const problems = new ProblemList();
  const report: Report = (found, inFile, span) => problems.add(problemAt(found, { file: inFile, span }));
  const reader = new SettingReader(file, opened.text, report);
  const { declarations } = opened.tree;
  const settings = readSettings(reader, declarations, opened);
  const checker = new Checker({ file: opened, report, classes: settings.dataset?.classes });
  const importer = new Importer(provider, report);
  yield* importer.resolve(opened, (name, span, from) => {
    const symbol = checker.symbolOfUse(opened.text.slice(span.start, span.end)) ?? checker.symbolOfUse(name);
    if (symbol !== undefined && from !== opened) checker.references.add(span, symbol, 'read');
  });
  yield* checker.declarations(declarations);
  if (declarations.some(({ kind }) => kind === 'space')) requireForSearch(declarations, reader);
  const spaces: SearchSpace[] = [];
  // A printed architecture repeats the settings, so they belong to every space.
  const kept = settingsText(opened);
  for (const declaration of declarations) {
    if (declaration.kind !== 'space') continue;
    const surroundings = { file: opened, settings, kept, reader, problems, memory, effort };
    const space = yield* buildSpace(declaration, surroundings);
    if (space !== undefined) spaces.push(space);
  }
  if (spaces.some(({ usable }) => !usable) && !problems.errorsSince(0)) {
    reportBrokenImports(opened, importer, report);
  }
  return {
    file,
    parse: opened.parse,
    problems: withoutConsequences(asWanted(problems.sorted(), declarations), opened),
    spaces,
    settings,
    references: checker.references.list,
  };
}

/** A search needs data and a board; a file that only prices networks does not. */
function requireForSearch(declarations: readonly Declaration[], reader: SettingReader): void {
  const search = declarations.find((declaration) => declaration.kind === 'search');
  if (search?.kind !== 'search') return;
  const lacks = (kind: Declaration['kind']): boolean => declarations.every((each) => each.kind !== kind);
  const span = search.strategy ?? search;
  if (lacks('dataset')) {
    const details = { section: 'search', what: 'a dataset to train on', example: 'dataset fashion-mnist' };
    reader.found('setting/missing', details, span);
  } else if (lacks('target')) {
    const what = 'a target, since costs are predicted for a board';
    reader.found('setting/missing', { section: 'search', what, example: 'target "nucleo-f446re"' }, span);
  }
}

/** What is understood but not searched yet is an error where the file asks for a search, which would go on without it. */
function asWanted(problems: readonly Problem[], declarations: readonly Declaration[]): readonly Problem[] {
  const has = (wanted: Declaration['kind']): boolean => declarations.some(({ kind }) => kind === wanted);
  if (has('search')) return problems.map(stopsSearch);
  const hasData = has('dataset');
  return problems.flatMap((problem) => pricedOnly(problem, hasData));
}

/** Each problem once: a block that is used ten times has its mistake once. */
class ProblemList {
  private readonly list: Problem[] = [];
  private readonly seen = new Set<string>();

  add(problem: Problem): void {
    const key = `${problem.code} ${problem.start} ${problem.end} ${problem.file}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.list.push(problem);
  }

  get length(): number {
    return this.list.length;
  }

  errorsSince(mark: number): boolean {
    for (let at = mark; at < this.list.length; at++) if (this.list[at]?.severity === 'error') return true;
    return false;
  }

  /** In the order of the text. */
  sorted(): readonly Problem[] {
    return this.list.sort((left, right) => left.start - right.start || left.end - right.end);
  }
}

/** What a statement lacks, or what half a condition comes to, because the rest of its line could not be read is no problem of its own. */
function withoutConsequences(
  problems: readonly Problem[],
  { file, text, parse }: ProgramFile,
): readonly Problem[] {
  if (parse.problems.length === 0) return problems;
  // A line is not gone through for each of its problems, of which it may have many.
  const starts = lineStarts(text);
  const broken = new Set(parse.problems.map(({ start }) => lineOf(starts, start)));
  const following: readonly string[] = [
    'operand/missing',
    'setting/missing',
    'argument/missing',
    'value/type',
  ];
  return problems.filter(
    (problem) =>
      problem.file !== file ||
      !following.includes(problem.code) ||
      !broken.has(lineOf(starts, problem.start)),
  );
}

/** What the spaces of a file have in common. */
interface SpaceSurroundings {
  readonly file: ProgramFile;
  readonly settings: ProgramSettings;
  /** Text of the declarations that an architecture keeps. */
  readonly kept: string;
  readonly reader: SettingReader;
  readonly problems: ProblemList;
  readonly memory: SpaceMemory | undefined;
  readonly effort: Effort | undefined;
}

function* buildSpace(
  declaration: SpaceDeclaration,
  { file, settings, kept, reader, problems, memory, effort }: SpaceSurroundings,
): Steps<SearchSpace | undefined> {
  const name = declaration.name?.name ?? 'space';
  const at: Span = declaration.name ?? {
    start: declaration.start,
    end: Math.min(declaration.start + 5, declaration.end),
  };
  const own: Problem[] = [];
  const add = (problem: Problem): void => {
    own.push(problem);
    problems.add(problem);
  };
  const report: Report = (found, inFile, span) => add(problemAt(found, { file: inFile, span }));
  const input = inputOf(declaration, settings, reader, file);
  if (input === undefined) {
    // What is wrong with an input that is written has been reported.
    if (inputStatementOf(declaration) !== undefined) return undefined;
    report(finding('input/missing', { space: name }), file.file, at);
    return undefined;
  }
  const classes = settings.dataset?.classes;
  const given = input.kind === 'fixed' ? `${input.shape.join('x')} ${input.dtype}` : 'chosen';
  const circumstances = `${given} ${classes ?? 'unknown'} ${kept}`;
  const known = memory?.recall(declaration, circumstances);
  if (known !== undefined) {
    for (const problem of known.problems) problems.add(problem);
    return known.space;
  }
  const finish = (space: SearchSpace | undefined): SearchSpace | undefined => {
    memory?.remember(declaration, circumstances, { space, problems: own });
    return space;
  };
  const mark = problems.length;
  const source: SpaceSource = {
    declaration,
    file,
    input,
    classes: classes ?? UNKNOWN_CLASSES,
  };
  const builder = memory?.builder(declaration) ?? new SpaceBuilder();
  try {
    const graph = yield* builder.build(source, report, effort);
    for (const problem of graphProblems(graph, file.file)) add(problem);
    if (graph.isRelaxed) {
      const widest = widestOf(graph.program.choices);
      const details = { space: name, isCounted: graph.isCounted, options: widest?.options.length ?? 0 };
      report(finding('space/loose', details), widest?.source.file ?? file.file, widest?.source ?? at);
    }
    if (!isLive(graph.root) && !problems.errorsSince(mark))
      report(finding('space/empty', { space: name }), file.file, at);
    const sound = graph.doubtfulFrom === Infinity && !problems.errorsSince(mark);
    // What cannot be trained is priced all the same.
    if (sound) {
      const { dataset } = settings;
      for (const problem of trainingProblems({ graph, declaration, file, dataset })) add(problem);
    }
    return finish(new ElaboratedSpace({ name, source, graph, settingsText: kept, sound }));
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    const place = error instanceof TooManyStates ? error.choice?.source : undefined;
    report(
      finding('space/too-large', { space: name, ...error.excess }),
      place?.file ?? file.file,
      place ?? at,
    );
    return finish(undefined);
  }
}

function inputOf(
  declaration: SpaceDeclaration,
  settings: ProgramSettings,
  reader: SettingReader,
  { tree }: ProgramFile,
): SpaceInput | undefined {
  const statement = inputStatementOf(declaration);
  if (statement !== undefined) {
    const { operand } = statement;
    const written = statement.parameters.find((parameter) => parameter.name.name === 'type')?.value;
    const types: readonly DType[] = ['int8', 'uint8', 'int16', 'int32', 'float32'];
    const given = written?.kind === 'name' ? types.find((type) => type === written.name) : undefined;
    const isChosen = written !== undefined && given === undefined;
    if (operand !== undefined && operand.kind !== 'missing' && (isChosen || !isLiteral(operand)))
      return { kind: 'chosen', statement, expression: operand };
    const shape = readShape(reader, operand);
    if (shape !== undefined) return { kind: 'fixed', shape, dtype: given ?? 'int8' };
  }
  const shape = settings.dataset?.input;
  if (shape === undefined) return undefined;
  const expression = datasetInput(tree.declarations);
  return expression === undefined || isLiteral(expression) || (settings.dataset?.inputs ?? []).length <= 1
    ? { kind: 'fixed', shape, dtype: 'int8' }
    : { kind: 'chosen', statement: undefined, expression };
}

/** What a printed architecture keeps of the file: everything but spaces, blocks, imports and the search. */
function settingsText(file: ProgramFile): string {
  const kept = ['target', 'dataset', 'quantize', 'constraints', 'objectives'];
  return file.tree.declarations
    .filter((declaration) => kept.includes(declaration.kind))
    .map((declaration) => file.text.slice(declaration.start, declaration.end))
    .join('\n');
}
