/**
 * Ends this process when its client has gone while the event loop is busy. An idle server hears of it by itself: its
 * input ends, and `vscode-languageserver` asks for the client's process every few seconds. Neither is heard in the
 * middle of long work, so a thread of its own asks as well.
 */

import { Worker } from 'node:worker_threads';

interface Watched {
  /** What the client says it is, if it does. */
  readonly client: number | undefined;
  readonly parent: number;
  readonly everyMs: number;
}

const askEveryMs = 1000;

/**
 * Watches for the rest of the process's life.
 *
 * @param client the client's process id, if it told
 * @param everyMs the watch begins after as long, and the process ends within three times as long
 */
export function endWithClient(client: number | undefined, everyMs = askEveryMs): void {
  const workerData: Watched = { client, parent: process.ppid, everyMs };
  // Starting a thread takes as long as reading a short document, which somebody waits for while a server starts.
  setTimeout(() => {
    const worker = new Worker(`(${watch.toString()})()`, { eval: true, workerData, stdin: false });
    // Whoever answers is not busy, and ends by itself if it has to.
    worker.on('message', () => worker.postMessage('here'));
    worker.on('error', () => undefined);
    worker.unref();
  }, everyMs).unref();
}

/** Runs in the thread, from its source: it can use nothing from around it. */
function watch(): void {
  const thread = process.getBuiltinModule('node:worker_threads');
  const { parentPort } = thread;
  const { client, parent, everyMs } = thread.workerData as Watched;
  let unanswered = 0;
  parentPort?.on('message', () => {
    unanswered = 0;
  });
  const isGone = (): boolean => {
    // Whose parent has ended is given another one.
    if (process.ppid !== parent) return true;
    if (client === undefined) return false;
    try {
      process.kill(client, 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  };
  setInterval(() => {
    if (!isGone()) return;
    // A thread cannot end its process otherwise while the main thread is at work.
    if (unanswered > 1) process.kill(process.pid, 'SIGKILL');
    unanswered++;
    parentPort?.postMessage('there?');
  }, everyMs);
}
