/** For a log file or a pipe: one line for each trial, on standard error. */

import type { Io } from '../io.ts';
import { trialText } from './progress.ts';
import type { Progress } from './progress.ts';

export function plainLines(io: Io): Progress {
  /** Of the stage that was told last, so that the beginning of each has a line. */
  let epochs: number | undefined;
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
        case 'progress': {
          const { training, text } = event.progress;
          if (training !== undefined && training.epochs !== epochs) io.err(`[${text}]\n`);
          epochs = training?.epochs;
          return;
        }
        case 'trial': {
          const onFront = event.fronts.some(({ trials }) => trials.includes(event.trial.trial));
          io.err(
            `[${event.progress.text}] trial ${trialText(event.trial)}${onFront ? ' (on the front)' : ''}\n`,
          );
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
