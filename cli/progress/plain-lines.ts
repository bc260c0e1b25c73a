/** For a log file or a pipe: one line for each trial, on standard error. */

import { counted, visibleLine } from '../../engine/space/index.ts';
import type { Io } from '../io.ts';
import { type Progress, trialText } from './progress.ts';

export function plainLines(io: Io): Progress {
  const say = (line: string): void => io.err(`${visibleLine(line)}\n`);
  /** Of the stage that was told last, so that the beginning of each has a line. */
  let epochs: number | undefined;
  return {
    on(event) {
      switch (event.event) {
        case 'started':
          say(`Searching in ${event.run} with ${event.workers} worker(s), training by ${event.backend}.`);
          if (event.resumed > 0)
            say(
              `${counted(event.resumed, 'result')} of earlier sittings ${event.resumed === 1 ? 'is' : 'are'} kept.`,
            );
          return;
        case 'message':
          say(`${event.level}: ${event.text}`);
          return;
        case 'progress': {
          const { training, text } = event.progress;
          if (training !== undefined && training.epochs !== epochs) say(`[${text}]`);
          epochs = training?.epochs;
          return;
        }
        case 'trial': {
          const onFront = event.fronts.some(({ trials }) => trials.includes(event.trial.trial));
          say(`[${event.progress.text}] trial ${trialText(event.trial)}${onFront ? ' (on the front)' : ''}`);
          return;
        }
        case 'failed':
          say(`error: ${event.message}`);
          return;
        case 'trial-started':
        case 'epoch':
        case 'finished':
      }
    },
    close: () => undefined,
  };
}
