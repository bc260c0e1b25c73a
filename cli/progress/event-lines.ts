/** For a program that reads along: every event as one JSON object a line (`engine/search/types.ts`, SearchEvent). */

import type { Io } from '../io.ts';
import type { Progress } from './progress.ts';

export function eventLines(io: Io): Progress {
  return {
    on: (event) => io.out(`${JSON.stringify(event)}\n`),
    close: () => undefined,
  };
}
