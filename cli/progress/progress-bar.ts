/** For a person at a terminal: one bar that redraws itself, with the best so far and the time left. */

import { SingleBar } from 'cli-progress';
import type { Io } from '../io.ts';
import { Best, durationText, trialText } from './progress.ts';
import type { Progress } from './progress.ts';

/** Shown until the number of trainings is known. */
const unknownTotal = 1;

export function progressBar(io: Io): Progress {
  const best = new Best();
  const bar = new SingleBar({
    format: '{bar} {value}/{total} | best {best} | front {front} | {left}',
    hideCursor: true,
    stream: process.stderr,
    gracefulExit: false,
    linewrap: false,
  });
  let drawn = false;
  const begin = () => {
    if (drawn) return;
    bar.start(unknownTotal, 0, { best: best.text, front: 0, left: 'starting' });
    drawn = true;
  };
  /** A line above the bar. */
  const say = (text: string) => {
    if (drawn) bar.stop();
    io.err(`${text}\n`);
    const [value, total] = [done, expected];
    if (drawn) bar.start(total, value, { best: best.text, front, left });
  };
  let done = 0;
  let expected = unknownTotal;
  let front = 0;
  let left = 'starting';
  return {
    on(event) {
      switch (event.event) {
        case 'started':
          say(`Searching in ${event.run} with ${event.workers} worker(s), training by ${event.backend}.`);
          begin();
          return;
        case 'message':
          say(`${event.level}: ${event.text}`);
          return;
        case 'trial':
          best.hear(event.trial);
          done = event.evaluations.done;
          expected = Math.max(event.evaluations.expected ?? 0, done, unknownTotal);
          front = event.front.length;
          left =
            event.secondsLeft === undefined ? 'time left unknown' : `${durationText(event.secondsLeft)} left`;
          begin();
          if (event.trial.status === 'failed') say(`warning: trial ${trialText(event.trial)}`);
          bar.setTotal(expected);
          bar.update(done, { best: best.text, front, left });
          return;
        case 'failed':
          say(`error: ${event.message}`);
          return;
        case 'trial-started':
        case 'epoch':
        case 'finished':
      }
    },
    close() {
      if (drawn) bar.stop();
      drawn = false;
    },
  };
}
