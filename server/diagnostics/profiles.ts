/** `profile/…`: what is wrong with a workspace's own boards and runtimes, in the JSON files themselves. */

import type { ProfileProblem } from '../../device-profiles/load.ts';
import type { Problem } from '../../engine/space/types.ts';

export const profileCodes = [
  'profile/json',
  'profile/too-large',
  'profile/schema',
  'profile/reference',
  'profile/duplicate',
] as const satisfies readonly ProfileProblem['code'][];

/** In the form that all problems have, in the order of the text. */
export function profileProblems(found: readonly ProfileProblem[]): Problem[] {
  return found
    .map(({ code, severity, message, path, start, end }) => ({
      code,
      severity,
      message,
      file: path,
      start,
      end,
      related: [],
      fixes: [],
    }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}
