/** For a log file or a pipe: one line for each trial, on standard error. */

import type { Io } from '../io.ts';
import { Best, durationText, trialText } from './progress.ts';
import type { Progress } from './progress.ts';

export function plainLines(io: Io): Progress {
  const best = new Best();
  return {
    on(event) {
      switch (event.event) {
        case 'started':
          io.err(
            `Searching in ${event.run} with ${event.workers} worker(s), training by ${event.backend}.\n`,
          );
          if (event.resumed > 0) io.err(`${event.resumed} results of earlier sittings are kept.\n`);
          return;
        case 'message':
          io.err(`${event.level}: ${event.text}\n`);
          return;
        case 'trial': {
          best.hear(event.trial);
          const { done, expected } = event.evaluations;
          const of = expected === undefined ? '' : ` of ${expected}`;
          const left = event.secondsLeft === undefined ? '' : `, ${durationText(event.secondsLeft)} left`;
          const onFront = event.front.includes(event.trial.trial) ? ' (on the front)' : '';
          io.err(`[${done}${of}${left}, best ${best.text}] trial ${trialText(event.trial)}${onFront}\n`);
          return;
        }
        case 'failed':
          io.err(`error: ${event.message}\n`);
          return;
        case 'trial-started':
        case 'epoch':
        case 'finished':
      }
    },
    close: () => undefined,
  };
}
