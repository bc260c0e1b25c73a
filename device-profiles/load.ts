/**
 * Boards and runtimes that a workspace adds: JSON files of the same form as those that ship. What is wrong with
 * one is said by place and cure, and the others still load.
 */

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { faultSentence } from './fault-sentences.ts';
import { boards, runtimes } from './index.ts';
import { JsonError, readJson, type JsonText, type TextSpan } from './json-text.ts';
import { boardProblems, runtimeProblems, type ReferenceProblem } from './references.ts';
import boardSchema from './schema/board.schema.json' with { type: 'json' };
import interpreterSchema from './schema/interpreter.schema.json' with { type: 'json' };
import kernelsSchema from './schema/kernels.schema.json' with { type: 'json' };
import runtimeSchema from './schema/runtime.schema.json' with { type: 'json' };
import type { Board, Interpreter, KernelLibrary, Runtime } from './types.ts';

/** A file as the caller read it. Its folder, or else what it holds, says whether it is a board or a runtime. */
export interface ProfileFile {
  /** Shown in messages; a path or a URI. */
  readonly path: string;
  readonly text: string;
}

/** A code per kind of problem; each has a page in `docs/diagnostics`. */
export type ProfileProblemCode =
  /** The text is no JSON. */
  | 'profile/json'
  /** It is so long that it is not read. */
  | 'profile/too-large'
  /** It is not as the schema says. */
  | 'profile/schema'
  /** What it names does not exist, or its figures contradict each other. */
  | 'profile/reference'
  /** Another file beside it has the same id. */
  | 'profile/duplicate';

export interface ProfileProblem extends TextSpan {
  readonly code: ProfileProblemCode;
  /** A board or runtime with an `error` of another code than `reference` is left out. */
  readonly severity: 'error' | 'warning' | 'information';
  readonly path: string;
  /** JSON pointer to the place, e.g. `/clock/maxHz`; empty for the whole file. */
  readonly pointer: string;
  /** A full sentence. */
  readonly message: string;
}

export interface LoadedProfiles {
  /** Those that ship and those that were added; an added one takes the place of a shipped one of the same id. */
  readonly boards: readonly Board[];
  readonly runtimes: readonly Runtime[];
  /** The path of the file that an added one was read from. */
  readonly origins: ReadonlyMap<Board | Runtime, string>;
  /** Files that count for nothing because of errors, by the id that they give or else by their name. */
  readonly unusable: ReadonlyMap<string, string>;
  readonly problems: readonly ProfileProblem[];
}

/** UTF-16 code units of a file: ten times the longest board that ships, and half more than the longest runtime. */
export const longestProfile = { board: 64 * 1024, runtime: 176 * 1024 } as const;

/** A file with more problems is told the first ones only: it is no profile with a few slips. */
export const mostProblems = 100;

/** Compiling a schema takes longer than starting a server may: only when there is a file to check. */
function lazily<T>(schema: object, others: readonly object[] = []): () => ValidateFunction<T> {
  let validate: ValidateFunction<T> | undefined;
  return () =>
    (validate ??= new Ajv({
      allErrors: true,
      allowUnionTypes: true,
      discriminator: true,
      verbose: true,
      schemas: [...others],
    }).compile<T>(schema));
}

const boardValidator = lazily<Board>(boardSchema);
const runtimeValidator = lazily<Runtime>(runtimeSchema);
const interpreterValidator = lazily<Interpreter>(interpreterSchema, [runtimeSchema]);
const kernelsValidator = lazily<KernelLibrary>(kernelsSchema, [runtimeSchema]);

/** Whether a value is as the schema of its kind says; what is wrong else. */
export const checkBoard = (value: unknown): Checked<Board> => checked(boardValidator(), value);
export const checkRuntime = (value: unknown): Checked<Runtime> => checked(runtimeValidator(), value);
export const checkInterpreter = (value: unknown): Checked<Interpreter> =>
  checked(interpreterValidator(), value);
export const checkKernels = (value: unknown): Checked<KernelLibrary> => checked(kernelsValidator(), value);

export type Checked<T> = { readonly value: T } | { readonly errors: readonly ErrorObject[] };

function checked<T>(validate: ValidateFunction<T>, value: unknown): Checked<T> {
  return validate(value) ? { value } : { errors: validate.errors ?? [] };
}

/** A member too many is underlined itself; for one that is missing, the name of what lacks it. */
function spanOfError(error: ErrorObject, json: JsonText): TextSpan {
  const { instancePath, keyword, propertyName } = error;
  if (keyword === 'required') return json.nameAt(instancePath);
  const { additionalProperty } = error.params as { readonly additionalProperty?: string };
  const name = propertyName ?? additionalProperty;
  if (name === undefined) return json.valueAt(instancePath);
  return json.nameAt(`${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function schemaProblems(path: string, json: JsonText, errors: readonly ErrorObject[]): ProfileProblem[] {
  const told = errors.filter((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames');
  return [
    ...told.slice(0, mostProblems).map((error) => ({
      code: 'profile/schema' as const,
      severity: 'error' as const,
      path,
      pointer: error.instancePath,
      message: faultSentence(error),
      ...spanOfError(error, json),
    })),
    ...furtherProblems('profile/schema', path, json, told.length),
  ];
}

/** One problem in the place of those beyond {@link mostProblems}. */
function furtherProblems(
  code: ProfileProblemCode,
  path: string,
  json: JsonText,
  count: number,
): ProfileProblem[] {
  if (count <= mostProblems) return [];
  const message = `This file has ${count - mostProblems} more problems that are not listed: correct the first ${mostProblems}, or begin again with a file that ships.`;
  return [{ code, severity: 'error', path, pointer: '', message, ...json.nameAt('') }];
}

/** The problem of a file that is not read because of its length, which would keep everything else waiting. */
function tooLarge({ path, text }: ProfileFile): ProfileProblem | undefined {
  const kind = isBoardPath(path) ? 'board' : 'runtime';
  const longest = longestProfile[kind];
  if (text.length <= longest) return undefined;
  const message = `This file has ${text.length.toLocaleString('en-US')} characters, and a ${kind} is read up to ${longest.toLocaleString('en-US')}: take out what does not belong to it.`;
  return {
    code: 'profile/too-large',
    severity: 'error',
    path,
    pointer: '',
    message,
    start: 0,
    end: Math.min(1, text.length),
  };
}

/** The folder that a file lies in says what it is; elsewhere, a runtime has latency paths and a board an MCU. */
function looksLikeRuntime(value: unknown, path: string): boolean {
  if (/(^|[\\/])runtimes?[\\/][^\\/]*$/.test(path)) return true;
  if (isBoardPath(path)) return false;
  return typeof value === 'object' && value !== null && ('latency' in value || 'support' in value);
}

function isBoardPath(path: string): boolean {
  return /(^|[\\/])boards?[\\/][^\\/]*$/.test(path);
}

interface Entry<T> {
  readonly path: string;
  readonly json: JsonText;
  readonly entry: T;
}

/** Of files with one id, the last counts; a twin in the very same folder is a mistake and is told. */
class Added<T extends Board | Runtime> {
  readonly #byId = new Map<string, Entry<T>>();

  get entries(): readonly Entry<T>[] {
    return [...this.#byId.values()];
  }

  add(entry: Entry<T>): ProfileProblem | undefined {
    const { id } = entry.entry;
    const other = this.#byId.get(id);
    if (other !== undefined && folderOf(other.path) === folderOf(entry.path)) {
      const message = `${other.path.slice(folderOf(other.path).length)} beside it has the id "${id}" already, so this file counts for nothing: give it an id of its own.`;
      const span = entry.json.valueAt('/id');
      return {
        code: 'profile/duplicate',
        severity: 'error',
        path: entry.path,
        pointer: '/id',
        message,
        ...span,
      };
    }
    this.#byId.set(id, entry);
    return undefined;
  }

  /** With what ships, in whose place they come. */
  with(shipped: readonly T[]): readonly T[] {
    const added = this.entries.map(({ entry }) => entry);
    return [...shipped.filter(({ id }) => !this.#byId.has(id)), ...added];
  }
}

/** Up to and with the last separator. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** What a target would call what is in a file. */
function nameOf(value: unknown, path: string): string {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' ? id : path.slice(folderOf(path).length).replace(/\.json$/, '');
}

/** Adds the given files to what ships. Of two files with one id in different folders, the later one counts. */
export function loadProfiles(files: readonly ProfileFile[]): LoadedProfiles {
  const problems: ProfileProblem[] = [];
  const unusable = new Map<string, string>();
  const addedBoards = new Added<Board>();
  const addedRuntimes = new Added<Runtime>();
  for (const file of files) {
    const { path, text } = file;
    const excess = tooLarge(file);
    if (excess !== undefined) {
      problems.push(excess);
      unusable.set(nameOf(undefined, path), path);
      continue;
    }
    let json: JsonText;
    try {
      json = readJson(text);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      const { message, span } = error;
      problems.push({ code: 'profile/json', severity: 'error', path, pointer: '', message, ...span });
      unusable.set(nameOf(undefined, path), path);
      continue;
    }
    const { value } = json;
    let twin: ProfileProblem | undefined;
    let found: readonly ErrorObject[] | undefined;
    if (looksLikeRuntime(value, path)) {
      const checked = checkRuntime(value);
      if ('value' in checked) twin = addedRuntimes.add({ path, json, entry: checked.value });
      else found = checked.errors;
    } else {
      const checked = checkBoard(value);
      if ('value' in checked) twin = addedBoards.add({ path, json, entry: checked.value });
      else found = checked.errors;
    }
    if (twin !== undefined) problems.push(twin);
    if (found !== undefined) {
      problems.push(...schemaProblems(path, json, found));
      unusable.set(nameOf(value, path), path);
    }
  }
  const known = { boards: addedBoards.with(boards), runtimes: addedRuntimes.with(runtimes), unusable };
  const tell = (path: string, json: JsonText, found: readonly ReferenceProblem[]): void => {
    for (const problem of found.slice(0, mostProblems)) {
      problems.push({ code: 'profile/reference', path, ...problem, ...json.valueAt(problem.pointer) });
    }
    problems.push(...furtherProblems('profile/reference', path, json, found.length));
  };
  for (const { path, json, entry } of addedBoards.entries) tell(path, json, boardProblems(entry, known));
  for (const { path, json, entry } of addedRuntimes.entries) tell(path, json, runtimeProblems(entry, known));
  const origins = new Map(
    [...addedBoards.entries, ...addedRuntimes.entries].map(({ entry, path }) => [entry, path]),
  );
  return { ...known, origins, problems };
}
