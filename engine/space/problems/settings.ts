/** What can be wrong with settings: data sets, targets, goals and searches. */

import { didYouMean, error, fix, replaceBy, replaceBySuggestion, type Suggested } from './problem.ts';

export const settingProblems = {
  /** A property that nothing reads. */
  'setting/unknown': error(
    (a: { section: string; name: string; known: string } & Suggested) =>
      `\`${a.section}\` has no setting \`${a.name}\`.${didYouMean(a)} Known are ${a.known}.`,
    replaceBySuggestion,
  ),
  /** A property that is written twice. */
  'setting/duplicate': error(
    (a: { section: string; name: string }) =>
      `The setting \`${a.name}\` of \`${a.section}\` is written twice. Remove one of them.`,
  ),
  /** A declaration that lacks something it needs; `insert` is what can be put behind it. */
  'setting/missing': error(
    (a: { section: string; what: string; example: string; insert?: string | undefined }) =>
      `\`${a.section}\` needs ${a.what}. Write for example \`${a.example}\`.`,
    (a, { end }) =>
      a.insert === undefined ? [] : fix(`Insert "${a.insert}"`, { start: end, end }, ` ${a.insert}`),
  ),
  /** A setting that says nothing without another one beside it. */
  'setting/alone': error(
    (a: { name: string; other: string; example: string }) =>
      `\`${a.name}\` says nothing without \`${a.other}\`. Write one beside it, such as \`${a.other} ${a.example}\`.`,
    (a, { start }) =>
      fix(`Insert "${a.other} ${a.example}"`, { start, end: start }, `${a.other} ${a.example}; `),
  ),
  /** A constraint or objective on something that is not measured. */
  'metric/unknown': error(
    (a: { name: string; known: string } & Suggested) =>
      `There is no metric \`${a.name}\`.${didYouMean(a)} Known are ${a.known}.`,
    replaceBySuggestion,
  ),
  /** A search strategy that does not exist. */
  'strategy/unknown': error(
    (a: { name: string; known: string } & Suggested) =>
      `There is no search strategy \`${a.name}\`.${didYouMean(a)} Known are ${a.known}.`,
    replaceBySuggestion,
  ),
  /** A dataset or data format that does not exist. */
  'dataset/unknown': error(
    (a: { name: string; known: string } & Suggested) =>
      `There is no dataset or format \`${a.name}\`.${didYouMean(a)} Known are ${a.known}.`,
    replaceBySuggestion,
  ),
  /** `on` with a board that the file does not declare. */
  'target/unnamed': error(
    (a: { board: string } & Suggested) =>
      `The file declares no target \`${a.board}\`.${didYouMean(a)} Add a \`target\` line, or name one that is there.`,
    (a, span) => replaceBy(a.suggestion === undefined ? undefined : `"${a.suggestion}"`, span),
  ),
};
