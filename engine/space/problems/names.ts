/** What can be wrong with names: their definition, their use, imports. */

import { didYouMean, error, hint, replaceBy, replaceBySuggestion, type Suggested } from './problem.ts';

export const nameProblems = {
  /** A name that nothing in scope defines. */
  'name/unknown': error(
    (a: { name: string; what: string } & Suggested) =>
      `There is no ${a.what} \`${a.name}\` here.${didYouMean(a)} Define it before this line, or import it.`,
    replaceBySuggestion,
  ),
  /** `a-b` read as one name where a subtraction was meant. */
  'name/hyphen': error(
    (a: { name: string; spaced: string }) =>
      `\`${a.name}\` is read as one name, since names may contain hyphens. Write \`${a.spaced}\` with blanks to subtract.`,
    (a, span) => replaceBy(a.spaced, span),
  ),
  /** Two definitions of one name in one place. */
  'name/duplicate': error(
    (a: { name: string; what: string }) =>
      `The ${a.what} \`${a.name}\` is defined twice here. Rename one of them.`,
  ),
  /** A value, block or tensor that nothing reads. */
  'name/unused': hint(
    (a: { name: string; what: string }) =>
      `Nothing uses the ${a.what} \`${a.name}\`. Use it or delete it; a choice that is not read does not count as an architecture.`,
  ),
  /** A block or function used as a number. */
  'name/not-a-value': error(
    (a: { name: string; what: string }) =>
      `\`${a.name}\` is a ${a.what}, not a value. Write the name of a value, or call it with parentheses where a layer stands.`,
  ),
  /** An imported file that cannot be read. */
  'import/not-found': error((a: { path: string; instead?: string | undefined }) =>
    a.instead === undefined
      ? `The file \`${a.path}\` cannot be read. Check the path; it is relative to this file.`
      : `\`${a.path}\` is ${a.instead}, and only regular files are read. Name a .nas file.`,
  ),
  /** An imported file whose own mistakes keep a space from being built. */
  'import/broken': error(
    (a: { path: string }) =>
      `The file \`${a.path}\`, or one that it imports, has mistakes, so that no network can be built with its blocks. Open it and mend them.`,
  ),
  /** Files that import each other in a circle. */
  'import/cycle': error(
    (a: { chain: string }) =>
      `These files import each other in a circle: ${a.chain}. Move the shared blocks into a file that imports none of them.`,
  ),
  /** A name that the imported file does not export. */
  'import/unknown-name': error(
    (a: { name: string; path: string } & Suggested) =>
      `The file \`${a.path}\` has no block or cell \`${a.name}\`.${didYouMean(a)} Only blocks and cells can be imported.`,
    replaceBySuggestion,
  ),
  /** A block that uses itself. */
  'block/recursive': error(
    (a: { chain: string }) =>
      `This block uses itself: ${a.chain}. A network has to end; use a repeat such as \`x2..4\` instead.`,
  ),
  /** A declaration that a file can hold only once. */
  'declaration/duplicate': error(
    (a: { what: string }) => `A file can hold only one ${a.what}. Remove this one or the other.`,
  ),
};
