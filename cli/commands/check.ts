/** `nasturtium check`: the problems of files, the same ones that the editor underlines. */

import { counted, visibleLine } from '../../engine/space/index.ts';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem, Severity } from '../../engine/space/types.ts';
import { Lines } from '../../server/analysis/lines.ts';
import type { ProfileLibrary } from '../../server/analysis/profiles.ts';
import { refineRam } from '../../server/analysis/refine.ts';
import type { Settings } from '../../server/analysis/settings.ts';
import { Slices } from '../../server/analysis/slices.ts';
import { Workspace } from '../../server/analysis/workspace.ts';
import { documentationOf, problemsOf } from '../../server/diagnostics/index.ts';
import { searchObstacles } from '../../server/diagnostics/search-obstacles.ts';
import { profileProblems } from '../../server/diagnostics/profiles.ts';
import { disk } from '../../server/lsp/disk.ts';
import { installedSettings } from '../../server/lsp/installation.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { type Io, printJson, stdinPath, type Style } from '../io.ts';
import { libraryOf, shownPath, type ProfileOptions } from '../profiles.ts';
import { readText } from '../sources.ts';
import { subjectsOf } from './check-subjects.ts';

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

/**
 * The library reads the boards and runtimes that the file can use. `given` is the text that counts instead of the
 * file's, whose place says where imports are.
 */
async function problemsIn(library: ProfileLibrary, file: string, given?: string): Promise<CheckedProblem[]> {
  return checkedBy(problemsOf, library, file, given);
}

/**
 * What keeps the file from being searched, which is what {@link problemsIn} calls an error; where the file only prices
 * networks, also what a search lacks.
 */
export function obstaclesIn(library: ProfileLibrary, file: string): Promise<CheckedProblem[]> {
  return checkedBy(searchObstacles, library, file);
}

async function checkedBy(
  find: typeof problemsOf,
  library: ProfileLibrary,
  file: string,
  given?: string,
): Promise<CheckedProblem[]> {
  // An unreadable file must not count as one without problems.
  if (given === undefined) readText(file);
  const workspace = new Workspace(disk, library);
  const uri = pathToFileURL(path.resolve(file)).href;
  const snapshot =
    given === undefined ? workspace.snapshot(uri) : workspace.open(uri, 0, given.replace(/^\uFEFF/, ''));
  if (snapshot === undefined) throw new CliError('io', `${file} is no text file. Name a .nas file.`);
  // The editor has done so by the time that somebody reads its problems.
  await refineRam(snapshot, new Slices({ isCancellationRequested: false }));
  const settings = installedSettings();
  return find(snapshot, settings).map((problem) =>
    checked(file, problem, snapshot.lines, workspace, settings),
  );
}

/** Problems of the boards and runtimes that the files can use, each file once. */
function problemsOfProfiles(library: ProfileLibrary): { files: number; problems: CheckedProblem[] } {
  const workspace = new Workspace(disk, library);
  const settings = installedSettings();
  const found = [...library.problems()];
  const problems = found.flatMap(([uri, all]) => {
    const lines = new Lines(disk.read(uri) ?? '', 'utf-16');
    return profileProblems(all).map((each) => checked(shownPath(uri), each, lines, workspace, settings));
  });
  return { files: found.length, problems };
}

function checked(
  file: string,
  problem: Problem,
  lines: Lines,
  workspace: Workspace,
  settings: Settings,
): CheckedProblem {
  const range = lines.range(problem);
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
      file: shownPath(each.file),
      range: workspace.snapshot(each.file)?.lines.range(each.span) ?? null,
      message: each.message,
    })),
    fixes: problem.fixes.map((fix) => fix.title),
  };
}

const styles: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  information: 'cyan',
  hint: 'dim',
};

export interface CheckOptions extends ProfileOptions {
  readonly json: boolean;
}

export async function check(io: Io, paths: readonly string[], options: CheckOptions): Promise<number> {
  const { files, using, profiles: named } = subjectsOf(paths);
  const library = libraryOf({ profiles: [...(options.profiles ?? []), ...named] });
  const own: CheckedProblem[] = [];
  for (const file of files) {
    const given = file === stdinPath ? await io.stdin() : undefined;
    own.push(...(await problemsIn(library, file, given)));
  }
  for (const folder of [...using, ...named]) library.in(pathToFileURL(folder).href);
  const profiles = problemsOfProfiles(library);
  const problems = [...own, ...profiles.problems];
  const count = (severity: Severity) => problems.filter((problem) => problem.severity === severity).length;
  const summary = {
    files: files.length + profiles.files,
    errors: count('error'),
    warnings: count('warning'),
    information: count('information'),
    hints: count('hint'),
  };
  if (options.json) {
    printJson(io, { schema: 1, problems, summary });
  } else {
    for (const { file, line, column, severity, message, code, related } of problems) {
      const what = `${io.style(styles[severity], severity)}: ${visibleLine(message)}`;
      io.out(`${visibleLine(file)}:${line}:${column}: ${what} [${code}]\n`);
      for (const place of related) {
        if (place.file === file || place.range === null) continue;
        const { line: at, character } = place.range.start;
        io.out(`  ${visibleLine(place.file)}:${at + 1}:${character + 1}: ${visibleLine(place.message)}\n`);
      }
    }
    io.err(
      `${counted(summary.errors, 'error')} and ${counted(summary.warnings, 'warning')} in ${counted(summary.files, 'file')}.\n`,
    );
  }
  return summary.errors > 0 ? exitCode.problems : exitCode.ok;
}
