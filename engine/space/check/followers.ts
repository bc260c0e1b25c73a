/** Checks what follows a layer, in what order, and the choices among it. */

import type { AnyFollower, Follower, Span } from '../../../grammar/ast.ts';
import { operators } from '../../operators/words.ts';
import { leavesOut } from '../program/followers.ts';
import type { Checker } from './checker.ts';
import { checkExpression } from './expressions.ts';
import { operatorInfos } from './known-symbols.ts';
import type { NameScope } from './scope.ts';

/** `operator` is undefined for what follows a choice of operators: anything that may follow some layer. */
export function checkFollowers(
  checker: Checker,
  operator: string | undefined,
  followers: readonly AnyFollower[],
  scope: NameScope,
): void {
  let activated = false;
  const check = (follower: Follower, isOption: boolean, removal: Span | undefined): boolean =>
    checkFollower(checker, follower, { operator, scope, activated, isOption, removal });
  for (const follower of followers) {
    if (follower.kind === 'follower') {
      activated = check(follower, false, undefined) || activated;
      continue;
    }
    const seen = new Set<string>();
    const { options } = follower;
    let activates = false;
    options.forEach((option, index) => {
      activates = check(option, true, removalOf(options, index)) || activates;
      const written = checker.file.text.slice(option.start, option.end);
      // Both of these are nothing.
      const meant = leavesOut.has(option.name.name) ? 'none' : written.replace(/\s+/g, ' ');
      if (seen.has(meant)) checker.found('choice/duplicate', { option: written }, option);
      seen.add(meant);
    });
    activated ||= activates;
  }
}

/** The option with the bar that goes with it; nothing where it is the only one. */
function removalOf(options: readonly Follower[], index: number): Span | undefined {
  const [option, before, after] = [options[index], options[index - 1], options[index + 1]];
  if (option === undefined) return undefined;
  if (before !== undefined) return { start: before.end, end: option.end };
  return after === undefined ? undefined : { start: option.start, end: after.start };
}

interface FollowerContext {
  readonly operator: string | undefined;
  readonly scope: NameScope;
  /** An activation can stand before it. */
  readonly activated: boolean;
  readonly isOption: boolean;
  readonly removal: Span | undefined;
}

/** Whether only what comes after an activation can follow it. */
function checkFollower(
  checker: Checker,
  { name: at, value }: Follower,
  { operator, scope, activated, isOption, removal }: FollowerContext,
): boolean {
  const { name } = at;
  const allowed = operators.get(operator ?? 'conv')?.followers ?? [];
  const known = isOption ? [...allowed, 'none'] : allowed;
  if (value !== undefined) checkExpression(checker, value, scope);
  const symbol = operatorInfos.get(name);
  const isNothing = isOption && leavesOut.has(name);
  if (!isNothing && !allowed.includes(name)) {
    if (name === 'bn') {
      const reason = `${operator ?? 'this layer'} has no weights to fold it into`;
      checker.found('follower/order', { name, reason }, at);
      return false;
    }
    const details = {
      operator: operator ?? 'the choice',
      name,
      known: known.length === 0 ? 'nothing' : known.join(', '),
      suggestion: checker.suggestions.nearest(name, known),
      removal,
    };
    checker.found('follower/unknown', details, at);
    return false;
  }
  if (symbol !== undefined) checker.references.add(at, symbol, 'read');
  if (name === 'bn' && activated) {
    checker.found('follower/order', { name, reason: 'it comes after an activation' }, at);
  }
  return name !== 'bn' && !isNothing;
}
