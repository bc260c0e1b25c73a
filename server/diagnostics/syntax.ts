/** `syntax/*`: what the parser could not read. Where one token is missing, the fix puts it in. */

import type { Fix, Problem } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';

export function syntaxProblems(snapshot: Snapshot): Problem[] {
  return snapshot.parse.problems.map(({ code, message, start, end, insert }) => ({
    code,
    message,
    start,
    end,
    severity: 'error',
    file: snapshot.uri,
    related: [],
    fixes: insert === undefined ? [] : [insertion(insert, start)],
  }));
}

function insertion(text: string, at: number): Fix {
  return {
    title: `Insert "${text.trim()}"`,
    preferred: true,
    edits: [{ span: { start: at, end: at }, text }],
  };
}
