/** For a program that reads along: every event as one JSON object a line (`engine/search/types.ts`, SearchEvent). */

import { visibleJson } from '../../engine/space/index.ts';
import type { Io } from '../io.ts';
import type { Progress } from './progress.ts';

export function eventLines(io: Io): Progress {
  return {
    on: (event) => io.out(`${visibleJson(event)}\n`),
    close: () => undefined,
  };
}
