/** `syntax/*`: what the parser could not read. Where one token is missing, the fix puts it in. */

import { fix } from '../../engine/space/index.ts';
import type { Fix, Problem } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { slipFixes, type Mistake } from './slips.ts';

export function syntaxProblems(snapshot: Snapshot): Problem[] {
  return snapshot.parse.problems.map(({ code, message, start, end, insert }) => ({
    code,
    message,
    start,
    end,
    severity: 'error',
    file: snapshot.uri,
    related: [],
    fixes: fixesOf(snapshot.text, { code, start, end }, insert),
  }));
}

/** What was meant, as far as the text tells; else the token that is missing. */
function fixesOf(text: string, mistake: Mistake, insert: string | undefined): readonly Fix[] {
  const meant = slipFixes(text, mistake);
  if (meant.length > 0 || insert === undefined) return meant;
  return fix(`Insert "${insert.trim()}"`, { start: mistake.start, end: mistake.start }, insert);
}
