/**
 * Boards and runtimes that a workspace adds: JSON files of the same form as those that ship. What is wrong with
 * one is said by place and cure, and the others still load.
 */

import { Ajv, type ErrorObject } from 'ajv';
import { boards, runtimes } from './index.ts';
import boardSchema from './schema/board.schema.json' with { type: 'json' };
import runtimeSchema from './schema/runtime.schema.json' with { type: 'json' };
import type { Board, Runtime } from './types.ts';

/** A file as the caller read it. Its folder or its `$schema` says whether it is a board or a runtime. */
export interface ProfileFile {
  /** Shown in messages. */
  readonly path: string;
  readonly text: string;
}

export interface ProfileProblem {
  readonly path: string;
  /** JSON pointer to the place, e.g. `/clock/maxHz`; empty for the whole file. */
  readonly pointer: string;
  /** A full sentence. */
  readonly message: string;
}

export interface LoadedProfiles {
  /** Those that ship and those that were added; an added one replaces a shipped one of the same id. */
  readonly boards: readonly Board[];
  readonly runtimes: readonly Runtime[];
  readonly problems: readonly ProfileProblem[];
}

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
export const isBoard = ajv.compile<Board>(boardSchema);
export const isRuntime = ajv.compile<Runtime>(runtimeSchema);

/** One sentence for what the schema check found. */
function sentenceOf(error: ErrorObject): string {
  const place =
    error.instancePath === '' ? 'The file' : `"${error.instancePath.slice(1).replaceAll('/', '.')}"`;
  const parameters = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return `${place} lacks "${String(parameters.missingProperty)}": add it.`;
    case 'additionalProperties':
      return `${place} has "${String(parameters.additionalProperty)}", which means nothing here: remove it or check its spelling.`;
    case 'enum':
      return `${place} must be one of ${(parameters.allowedValues as unknown[]).map(String).join(', ')}.`;
    default:
      return `${place} ${error.message ?? 'is not as the schema says'}.`;
  }
}

function problemsOf(path: string, errors: readonly ErrorObject[] | null | undefined): ProfileProblem[] {
  return (errors ?? [])
    .filter((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames')
    .map((error) => ({ path, pointer: error.instancePath, message: sentenceOf(error) }));
}

/** A runtime has latency paths, a board has an MCU: either is enough to tell a half-written file. */
function looksLikeRuntime(value: unknown, path: string): boolean {
  if (/runtimes?[\\/]/.test(path)) return true;
  if (/boards?[\\/]/.test(path)) return false;
  return typeof value === 'object' && value !== null && ('latency' in value || 'support' in value);
}

function merged<T extends { readonly id: string }>(shipped: readonly T[], added: readonly T[]): readonly T[] {
  const ids = new Set(added.map((entry) => entry.id));
  return [...shipped.filter((entry) => !ids.has(entry.id)), ...added];
}

/** Adds the given files to what ships. */
export function loadProfiles(files: readonly ProfileFile[]): LoadedProfiles {
  const problems: ProfileProblem[] = [];
  const addedBoards: Board[] = [];
  const addedRuntimes: Runtime[] = [];
  for (const { path, text } of files) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'it cannot be read';
      problems.push({ path, pointer: '', message: `The file is not valid JSON: ${reason}.` });
      continue;
    }
    if (looksLikeRuntime(value, path)) {
      if (isRuntime(value)) addedRuntimes.push(value);
      else problems.push(...problemsOf(path, isRuntime.errors));
    } else if (isBoard(value)) addedBoards.push(value);
    else problems.push(...problemsOf(path, isBoard.errors));
  }
  const allRuntimes = merged(runtimes, addedRuntimes);
  const known = new Set(allRuntimes.map((runtime) => runtime.id));
  for (const board of addedBoards) {
    if (known.has(board.defaultRuntime)) continue;
    const path = files.find((file) => file.text.includes(`"${board.id}"`))?.path ?? '';
    const message = `"defaultRuntime" names "${board.defaultRuntime}", which is not known. Known runtimes are ${[...known].join(', ')}.`;
    problems.push({ path, pointer: '/defaultRuntime', message });
  }
  return { boards: merged(boards, addedBoards), runtimes: allRuntimes, problems };
}
