/**
 * The entry of a worker process: trains one trial at a time and reports by IPC. It ends when its parent does, since
 * the channel between them closes.
 */

import { pathToFileURL } from 'node:url';
import { reasonOf } from '../../files/index.ts';

import { SearchError } from '../errors.ts';
import type { CreateEvaluator, FromWorker, ToWorker, TrialEvaluator } from './protocol.ts';

/** Signs of life are for whoever waits for minutes; more of them would only cost time. */
const ALIVE_EVERY_MS = 100;

// As in cli/main.ts: a file that may not grow fails to be written, and the process lives to say so.
process.on('SIGXFSZ', () => undefined);

let evaluator: TrialEvaluator | undefined;

function send(message: FromWorker): void {
  process.send?.(message);
}

async function load(module: string | undefined): Promise<CreateEvaluator> {
  // Loaded only where it is wanted: training brings tfjs along.
  if (module === undefined) return (await import('../training-evaluator.ts')).createEvaluator;
  const loaded = (await import(pathToFileURL(module).href)) as { createEvaluator: CreateEvaluator };
  return loaded.createEvaluator;
}

async function handle(message: ToWorker): Promise<void> {
  if (message.type === 'start') {
    try {
      evaluator = await (await load(message.module))(message.context);
      const { backend, dataFingerprint } = evaluator;
      send({ type: 'ready', backend, dataFingerprint });
    } catch (error) {
      send({
        type: 'unusable',
        code: error instanceof SearchError ? error.code : 'workers',
        message: reasonOf(error),
      });
    }
    return;
  }
  try {
    if (evaluator === undefined) throw new Error('The worker was given a trial before it was started.');
    let told = performance.now();
    const result = await evaluator.evaluate(
      message.job,
      (epoch, epochs, loss) => send({ type: 'epoch', epoch, epochs, loss }),
      () => {
        if (performance.now() - told < ALIVE_EVERY_MS) return;
        told = performance.now();
        send({ type: 'alive' });
      },
    );
    send({ type: 'result', result });
  } catch (error) {
    const text = reasonOf(error);
    // What a person can mend outside the trial must not count against it: it would be failed for ever.
    if (error instanceof SearchError) send({ type: 'broken', code: error.code, message: text });
    else send({ type: 'failed', message: text });
  }
}

process.on('message', (message) => void handle(message as ToWorker));
process.on('disconnect', () => process.exit(0));
// A person's Ctrl+C goes to the whole process group; the parent decides what to do with the workers.
process.on('SIGINT', () => undefined);
