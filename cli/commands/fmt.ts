/** `nasturtium fmt`: lays files out in the one way. */

import { visibleLine } from '../../engine/space/index.ts';
import { writeWhole } from '../../engine/files/index.ts';
import { applyEdits, formatDocument, parse } from '../../grammar/index.ts';
import { CliError, exitCode, ioError } from '../exit-codes.ts';
import { type Io, printJson, stdinPath } from '../io.ts';
import { readText } from '../sources.ts';
import { nasFiles } from './check-subjects.ts';

export interface FmtOptions {
  /** Change nothing; say which files are not formatted. */
  readonly check: boolean;
  readonly json: boolean;
}

/** The one way: the editor's settings for tabs do not matter here. */
const layout = { tabSize: 2, insertSpaces: true };

export async function fmt(io: Io, paths: readonly string[], options: FmtOptions): Promise<number> {
  if (paths.includes(stdinPath)) {
    if (paths.length > 1)
      throw new CliError('usage', 'Give "-" alone: its text is printed, files are rewritten.');
    return formatStdin(io, options);
  }
  const changed: string[] = [];
  const files = nasFiles(paths);
  for (const file of files) {
    const text = readText(file);
    const formatted = format(io, file, text);
    if (formatted === text) continue;
    changed.push(file);
    if (!options.check) replace(file, formatted);
  }
  if (options.json) printJson(io, { schema: 1, files: files.length, changed, written: !options.check });
  else for (const file of changed) io.out(`${visibleLine(file)}\n`);
  return options.check && changed.length > 0 ? exitCode.problems : exitCode.ok;
}

async function formatStdin(io: Io, options: FmtOptions): Promise<number> {
  if (options.json && !options.check) {
    throw new CliError('usage', '"fmt -" prints the text itself. Leave out --json, or ask with --check.');
  }
  const text = await io.stdin();
  const formatted = format(io, 'Standard input', text);
  const isChanged = formatted !== text;
  if (options.json)
    printJson(io, { schema: 1, files: 1, changed: isChanged ? [stdinPath] : [], written: false });
  else if (!options.check) io.exact(formatted);
  return options.check && isChanged ? exitCode.problems : exitCode.ok;
}

/** Lines with syntax problems are left alone, since nobody knows what they mean. */
function format(io: Io, name: string, text: string): string {
  const parsed = parse(text);
  const count = parsed.problems.length;
  if (count > 0) {
    const problems =
      count === 1 ? 'a syntax problem; what it touches' : `${count} syntax problems; what they touch`;
    io.err(`${visibleLine(name)} has ${problems} is left as it is.\n`);
  }
  return applyEdits(text, formatDocument(text, layout, parsed));
}

/** Whole or not at all, with the permissions it had. */
function replace(file: string, text: string): void {
  try {
    writeWhole(file, text);
  } catch (error) {
    throw ioError(file, error);
  }
}
