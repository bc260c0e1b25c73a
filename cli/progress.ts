/** What hears of a search while it runs: a program that reads along, a log, or a person at a terminal. */

import { SingleBar } from 'cli-progress';
import { formatBytes, formatPercent, formatTime } from '../engine/cost/index.ts';
import type { SearchEvent, TrialRecord } from '../engine/search/types.ts';
import { counted, visibleJson, visibleLine } from '../engine/space/index.ts';
import type { Io } from './io.ts';

export interface Progress {
  on(event: SearchEvent): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** Every event as one JSON object a line (`engine/search/types.ts`, SearchEvent). */
export function eventLines(io: Io): Progress {
  return { on: (event) => io.out(`${visibleJson(event)}\n`), close: () => undefined };
}

/** `7 a3f9-1c02: 86.2 % on validation, 12.4 ms, 11.2 KB of RAM, 20 KB of flash` or why it failed. */
function trialText(trial: TrialRecord): string {
  const name = `${trial.trial} ${trial.name}`;
  if (trial.result === undefined) return `${name} failed: ${trial.error ?? 'no reason was given'}`;
  const targets = Object.entries(trial.costs);
  const costs = targets.map(([target, cost]) => {
    const latency = cost.latency === undefined ? 'no data on latency' : formatTime(cost.latency);
    const where = targets.length > 1 ? `${target}: ` : '';
    return `${where}${latency}, ${formatBytes(cost.ram)} of RAM, ${formatBytes(cost.flash)} of flash`;
  });
  const epochs = counted(trial.result.epochs, 'epoch');
  return `${name}: ${[`${formatPercent(trial.result.validation.int8)} on validation`, ...costs].join(', ')} after ${epochs}`;
}

/** What is said of an event in the same words to whoever reads them. */
function sentenceOf(event: SearchEvent): string | undefined {
  switch (event.event) {
    case 'started':
      return `Searching in ${event.run} with ${event.workers} worker(s), training by ${event.backend}.`;
    case 'message':
      return `${event.level}: ${event.text}`;
    case 'failed':
      return `error: ${event.message}`;
    default:
      return undefined;
  }
}

/** For a log file or a pipe: one line for each trial, on standard error. */
export function plainLines(io: Io): Progress {
  const say = (line: string): void => io.err(`${visibleLine(line)}\n`);
  /** Of the stage that was told last, so that the beginning of each has a line. */
  let epochs: number | undefined;
  return {
    on(event) {
      const sentence = sentenceOf(event);
      if (sentence !== undefined) say(sentence);
      if (event.event === 'started' && event.resumed > 0) {
        const kept = event.resumed === 1 ? 'is' : 'are';
        say(`${counted(event.resumed, 'result')} of earlier sittings ${kept} kept.`);
      } else if (event.event === 'progress') {
        const { training, text } = event.progress;
        if (training !== undefined && training.epochs !== epochs) say(`[${text}]`);
        epochs = training?.epochs;
      } else if (event.event === 'trial') {
        const onFront = event.fronts.some(({ trials }) => trials.includes(event.trial.trial));
        say(`[${event.progress.text}] trial ${trialText(event.trial)}${onFront ? ' (on the front)' : ''}`);
      }
    },
    close: () => undefined,
  };
}

/** The bar counts thousandths of the whole. */
const WHOLE = 1000;

/** For a person at a terminal: one bar that redraws itself, with where the search stands in words. */
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
      const sentence = sentenceOf(event);
      if (sentence !== undefined) say(sentence);
      if (event.event === 'started') {
        if (!drawn) draw();
      } else if (event.event === 'trial' || event.event === 'progress') {
        text = visibleLine(event.progress.text);
        value = Math.round(WHOLE * event.progress.share);
        if (!drawn) draw();
        if (event.event === 'trial' && event.trial.status === 'failed')
          say(`warning: trial ${trialText(event.trial)}`);
        bar.update(value, { text });
      }
    },
    close() {
      if (drawn) bar.stop();
      drawn = false;
    },
  };
}
