/** `syntax/*`: what the parser could not read. Where one token is missing, the fix puts it in. */

import type { Fix, Problem } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { slipFixes } from './slips.ts';

export function syntaxProblems(snapshot: Snapshot): Problem[] {
  return snapshot.parse.problems.map(({ code, message, start, end, insert }) => ({
    code,
    message,
    start,
    end,
    severity: 'error',
    file: snapshot.uri,
    related: [],
    fixes: fixesOf(snapshot.text, code, start, end, insert),
  }));
}

/** What was meant, as far as the text tells; else the token that is missing. */
function fixesOf(text: string, code: string, start: number, end: number, insert: string | undefined): Fix[] {
  const meant = slipFixes(text, { code, start, end });
  return meant.length === 0 && insert !== undefined ? [insertion(insert, start)] : meant;
}

function insertion(text: string, at: number): Fix {
  return {
    title: `Insert "${text.trim()}"`,
    preferred: true,
    edits: [{ span: { start: at, end: at }, text }],
  };
}
