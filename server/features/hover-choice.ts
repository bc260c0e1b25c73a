/** A choice: what can be drawn, and how often it is drawn in one architecture. */

import type { Span } from '../../grammar/ast.ts';
import type { Snapshot } from '../analysis/snapshot.ts';

const mostOptions = 12;

export function choiceHover(snapshot: Snapshot, choice: Span): string {
  const drawn = snapshot.analysis.spaces.flatMap((space) =>
    space.choices.filter(({ source }) => {
      if (source.file !== snapshot.uri) return false;
      const start = snapshot.placeNow(space, source);
      return start !== undefined && start >= choice.start && start < choice.end;
    }),
  );
  const options = drawn[0]?.options;
  if (options === undefined) {
    return '**Choice**\n\nDrawn where it is used; no space of this file draws it yet.';
  }
  const list = options.slice(0, mostOptions).map((option) => `\`${option}\``);
  const more = options.length > mostOptions ? `, and ${options.length - mostOptions} more` : '';
  const times = drawn.length === 1 ? 'Drawn once' : `Drawn in ${drawn.length} places`;
  const factor = drawn.length === 1 ? `${options.length}` : `${options.length}^${drawn.length}`;
  return `**Choice** of ${options.length}: ${list.join(', ')}${more}\n\n${times} in an architecture: a factor of up to ${factor} in the size of the space.`;
}
