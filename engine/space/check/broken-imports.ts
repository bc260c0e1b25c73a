/** Tells a file which of its imports has mistakes, where it would otherwise not show why nothing can be built. */

import type { ProgramFile } from '../files.ts';
import { finding } from '../problems/catalogue.ts';
import type { Report } from '../program/body.ts';
import { finished } from '../steps.ts';
import { Checker } from './checker.ts';
import type { Importer } from './imports.ts';

export function reportBrokenImports(file: ProgramFile, importer: Importer, report: Report): void {
  for (const declaration of file.tree.declarations) {
    if (declaration.kind !== 'import' || declaration.path === undefined) continue;
    const imported = importer.openedBy(file, declaration.path.value);
    if (imported === undefined || !reaches(imported, importer, new Set([file]))) continue;
    report(finding('import/broken', { path: declaration.path.value }), file.file, declaration.path);
  }
}

/** Whether the file or one that it imports has mistakes. */
function reaches(file: ProgramFile, importer: Importer, seen: Set<ProgramFile>): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  if (isBroken(file)) return true;
  return file.tree.declarations.some((declaration) => {
    if (declaration.kind !== 'import' || declaration.path === undefined) return false;
    const next = importer.openedBy(file, declaration.path.value);
    return next !== undefined && reaches(next, importer, seen);
  });
}

function isBroken(file: ProgramFile): boolean {
  if (file.parse.problems.length > 0) return true;
  let broken = false;
  // How many classes there are is for the file that imports to say.
  const checker = new Checker({
    file,
    report: ({ severity }) => (broken ||= severity === 'error'),
    classes: 1,
  });
  finished(checker.declarations(file.tree.declarations));
  return broken;
}
