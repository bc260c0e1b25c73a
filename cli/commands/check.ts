/** `nasturtium check`: the problems of files, the same ones that the editor underlines. */

import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Problem, Severity } from '../../engine/space/types.ts';
import { Workspace } from '../../server/analysis/workspace.ts';
import { documentationOf, problemsOf } from '../../server/diagnostics/index.ts';
import { disk } from '../../server/lsp/disk.ts';
import { installedSettings } from '../../server/lsp/installation.ts';
import { CliError, exitCode, ioError } from '../exit-codes.ts';
import { printJson } from '../io.ts';
import type { Io, Style } from '../io.ts';
import { readText } from '../sources.ts';

interface Place {
  /** Counted from 0, `character` in UTF-16 code units, as the Language Server Protocol counts. */
  readonly line: number;
  readonly character: number;
}

export interface CheckedProblem {
  readonly file: string;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: { readonly start: Place; readonly end: Place };
  /** The start again, counted from 1 as editors show it. */
  readonly line: number;
  readonly column: number;
  readonly documentation: string | null;
  readonly related: readonly {
    readonly file: string;
    readonly range: { readonly start: Place; readonly end: Place } | null;
    readonly message: string;
  }[];
  /** Titles of the quick fixes that the editor offers. */
  readonly fixes: readonly string[];
}

/** Files as named; folders searched for `.nas` files. Throws a {@link CliError} for a path that is not there. */
export function nasFiles(paths: readonly string[]): string[] {
  const files = paths.flatMap((each) => {
    let folder: boolean;
    try {
      folder = statSync(each).isDirectory();
    } catch (error) {
      throw ioError(each, error);
    }
    if (!folder) return [each];
    const found = disk.find(pathToFileURL(path.resolve(each)).href).map((uri) => shown(uri));
    if (found.length === 0)
      throw new CliError('io', `${each} holds no .nas files. Name a file or another folder.`);
    return found;
  });
  return [...new Set(files)];
}

/** The path of a URI as a person would type it from here. */
function shown(uri: string): string {
  const file = fileURLToPath(uri);
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

export function problemsIn(file: string): CheckedProblem[] {
  // An unreadable file must not count as one without problems.
  readText(file);
  const workspace = new Workspace(disk);
  const snapshot = workspace.snapshot(pathToFileURL(path.resolve(file)).href);
  if (snapshot === undefined) throw new CliError('io', `${file} is no text file. Name a .nas file.`);
  const settings = installedSettings();
  return problemsOf(snapshot, settings).map((problem: Problem) => {
    const range = snapshot.lines.range(problem);
    return {
      file,
      code: problem.code,
      severity: problem.severity,
      message: problem.message,
      range,
      line: range.start.line + 1,
      column: range.start.character + 1,
      documentation: documentationOf(problem.code, settings) ?? null,
      related: problem.related.map((each) => ({
        file: shown(each.file),
        range: workspace.snapshot(each.file)?.lines.range(each.span) ?? null,
        message: each.message,
      })),
      fixes: problem.fixes.map((fix) => fix.title),
    };
  });
}

const styles: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  information: 'cyan',
  hint: 'dim',
};

export function check(io: Io, paths: readonly string[], options: { readonly json: boolean }): number {
  const files = nasFiles(paths);
  const problems = files.flatMap(problemsIn);
  const count = (severity: Severity) => problems.filter((problem) => problem.severity === severity).length;
  const summary = {
    files: files.length,
    errors: count('error'),
    warnings: count('warning'),
    information: count('information'),
    hints: count('hint'),
  };
  if (options.json) {
    printJson(io, { schema: 1, problems, summary });
  } else {
    for (const { file, line, column, severity, message, code } of problems) {
      io.out(`${file}:${line}:${column}: ${io.style(styles[severity], severity)}: ${message} [${code}]\n`);
    }
    const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
    io.err(
      `${plural(summary.errors, 'error')} and ${plural(summary.warnings, 'warning')} in ${plural(files.length, 'file')}.\n`,
    );
  }
  return summary.errors > 0 ? exitCode.problems : exitCode.ok;
}
