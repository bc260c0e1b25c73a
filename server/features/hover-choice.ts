/**
 * A choice: what can be drawn, and how often it is drawn in one architecture. Where no space draws it (its block is
 * not used, or the text around it is half typed) its options are shown as they are written.
 */

import { markdownCode } from '../../engine/space/index.ts';
import type {
  ChoiceExpression,
  ChoiceStatement,
  FollowerChoice,
  RangeExpression,
} from '../../grammar/ast.ts';
import type { Snapshot } from '../analysis/snapshot.ts';

const mostOptions = 12;

export type AnyChoice = ChoiceExpression | ChoiceStatement | FollowerChoice | RangeExpression;

export function choiceHover(snapshot: Snapshot, choice: AnyChoice): string {
  const drawn = snapshot.analysis.spaces.flatMap((space) =>
    space.choices.filter(({ source }, index) => {
      const { start } = space.choicePlaces[index] ?? source;
      return source.file === snapshot.uri && start >= choice.start && start < choice.end;
    }),
  );
  const options = drawn[0]?.options;
  if (options === undefined) {
    const written = writtenOptions(snapshot.text, choice);
    return `${heading(written)}\n\nDrawn where it is used; no space of this file draws it yet.`;
  }
  const times = drawn.length === 1 ? 'Drawn once' : `Drawn in ${drawn.length} places`;
  const factor = drawn.length === 1 ? `${options.length}` : `${options.length}^${drawn.length}`;
  return `${heading(options)}\n\n${times} in an architecture: a factor of up to ${factor} in the size of the space.`;
}

function heading(options: readonly (number | string)[]): string {
  if (options.length === 0) return '**Choice**';
  const list = options.slice(0, mostOptions).map((option) => markdownCode(String(option)));
  const more = options.length > mostOptions ? `, and ${options.length - mostOptions} more` : '';
  return `**Choice** of ${options.length}: ${list.join(', ')}${more}`;
}

/** None for a range, whose values take working out. */
function writtenOptions(text: string, choice: AnyChoice): string[] {
  switch (choice.kind) {
    case 'range':
      return [];
    case 'choiceExpression':
    case 'followerChoice':
      return choice.options.map(({ start, end }) => text.slice(start, end)).filter((option) => option !== '');
    case 'choice':
      return choice.alternatives.map(({ label }) => label.name);
  }
}
