/** For a person at a terminal: one bar that redraws itself, with where the search stands in words. */

import { SingleBar } from 'cli-progress';
import { visibleLine } from '../../engine/space/index.ts';
import type { Io } from '../io.ts';
import { type Progress, trialText } from './progress.ts';

/** The bar counts thousandths of the whole. */
const WHOLE = 1000;

export function progressBar(io: Io): Progress {
  const bar = new SingleBar({
    format: '{bar} {text}',
    hideCursor: true,
    stream: process.stderr,
    gracefulExit: false,
    linewrap: false,
    barsize: 20,
  });
  let drawn = false;
  let value = 0;
  let text = 'starting';
  const draw = () => {
    bar.start(WHOLE, value, { text });
    drawn = true;
  };
  /** A line above the bar. */
  const say = (line: string) => {
    if (drawn) bar.stop();
    io.err(`${visibleLine(line)}\n`);
    if (drawn) draw();
  };
  return {
    on(event) {
      switch (event.event) {
        case 'started':
          say(`Searching in ${event.run} with ${event.workers} worker(s), training by ${event.backend}.`);
          if (!drawn) draw();
          return;
        case 'message':
          say(`${event.level}: ${event.text}`);
          return;
        case 'trial':
        case 'progress':
          text = visibleLine(event.progress.text);
          value = Math.round(WHOLE * event.progress.share);
          if (!drawn) draw();
          if (event.event === 'trial' && event.trial.status === 'failed')
            say(`warning: trial ${trialText(event.trial)}`);
          bar.update(value, { text });
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
