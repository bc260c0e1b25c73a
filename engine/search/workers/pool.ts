/**
 * Worker processes, each with one trial at a time. A process that dies, or hangs and is ended, takes one trial with it:
 * that is tried once more in a new process and then counted as failed. The run goes on, unless one trial after the
 * other ends that way: then something is wrong with the machine and not with the trials.
 */

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { SearchError, type SearchErrorCode } from '../errors.ts';
import type { TrialResult } from '../types.ts';
import { explainDeath } from './last-words.ts';
import type { FromWorker, Readiness, ToWorker, WorkerJob } from './protocol.ts';

export type Outcome =
  | { readonly status: 'done'; readonly result: TrialResult }
  | { readonly status: 'failed'; readonly error: string };

/** What evaluates trials for a run; a pool of processes, or anything else in tests and benchmarks. */
export interface Executor {
  /** Trials that it can work on at a time. */
  readonly slots: number;
  /** Resolves when it can work. */
  start(): Promise<Readiness>;
  /** @throws SearchError when the run cannot go on, whatever the trial */
  evaluate(job: WorkerJob, onEpoch: (epoch: number, epochs: number, loss: number) => void): Promise<Outcome>;
  /** Ends all work at once; pending evaluations never settle. */
  stop(): void;
}

export interface PoolOptions {
  readonly workers: number;
  /** Sent to every worker for its evaluator. */
  readonly context: unknown;
  /** Module that exports `createEvaluator`; the built-in training when undefined. */
  readonly module?: string | undefined;
  /** The worker's entry; beside this file unless the code has been bundled. */
  readonly entry?: string | undefined;
  /** A worker that has a trial and is silent for so long hangs. */
  readonly silenceSeconds?: number | undefined;
}

/** Training tells of itself every few seconds; what is silent longest is judging a large network on many images. */
const SILENCE_SECONDS = 600;

/** How often a trial whose process dies is started, and a process that dies before it can work. */
const ATTEMPTS = 2;
/** Trials in a row that may take their processes with them. */
const DEADLY_TRIALS = 3;
/** Characters of a worker's error output that are kept, in case they tell why it died. */
const KEPT_OUTPUT = 8000;

export class WorkerPool implements Executor {
  readonly slots: number;
  private readonly options: PoolOptions;
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();
  private stopped = false;
  private deadly = 0;
  /** What the first worker found. */
  private first: Readiness | undefined;

  constructor(options: PoolOptions) {
    this.options = options;
    this.slots = options.workers;
  }

  /** Starts the first worker, which shows whether any can work; the others start when there is work for them. */
  async start(): Promise<Readiness> {
    const worker = await this.spawn();
    this.idle.push(worker);
    return worker.readiness;
  }

  async evaluate(
    job: WorkerJob,
    onEpoch: (epoch: number, epochs: number, loss: number) => void,
  ): Promise<Outcome> {
    let died = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const worker = this.takeIdle() ?? (await this.spawn());
      const outcome = await worker.evaluate(job, onEpoch);
      if (outcome.status === 'done') {
        this.deadly = 0;
        this.idle.push(worker);
        return outcome;
      }
      // Who has failed may have done so for want of memory, or may leave a mess: the next trial gets a new process.
      this.all.delete(worker);
      worker.kill();
      if (this.stopped) return new Promise(() => undefined);
      if (outcome.status === 'broken') throw outcome.error;
      if (outcome.status === 'failed') {
        this.deadly = 0;
        return outcome;
      }
      died = outcome.error;
    }
    if (++this.deadly >= DEADLY_TRIALS) {
      throw new SearchError(
        'workers',
        `${DEADLY_TRIALS} trials in a row ended their worker processes, so the search stops here. The last time: ${died} Mend that, then resume the run: the trial is tried again.`,
      );
    }
    return { status: 'failed', error: died };
  }

  stop(): void {
    this.stopped = true;
    for (const worker of this.all) worker.kill();
    this.all.clear();
    this.idle.length = 0;
  }

  /** One that was ended while it had nothing to do has cost no trial. */
  private takeIdle(): Worker | undefined {
    for (let worker = this.idle.pop(); worker !== undefined; worker = this.idle.pop()) {
      if (!worker.isDead) return worker;
      this.all.delete(worker);
    }
    return undefined;
  }

  /** One that dies before it can work may have been ended from outside; a second one shows that it was not that. */
  private async spawn(): Promise<Worker> {
    for (let attempt = 1; ; attempt++) {
      const worker = new Worker(this.options);
      this.all.add(worker);
      try {
        await worker.ready();
      } catch (error) {
        this.all.delete(worker);
        worker.kill();
        if (this.stopped) return new Promise(() => undefined);
        if (worker.isDead && attempt < ATTEMPTS) continue;
        throw error;
      }
      this.first ??= worker.readiness;
      if (worker.readiness.dataFingerprint === this.first.dataFingerprint) return worker;
      throw new SearchError(
        'dataset',
        'The dataset has changed while the search was running, so results from now on could not be compared with earlier ones. Restore the data and resume the run, or start a new one.',
      );
    }
  }
}

type WorkerOutcome =
  | Outcome
  | { readonly status: 'died'; readonly error: string }
  | { readonly status: 'broken'; readonly error: SearchError };

class Worker {
  readiness: Readiness = { backend: '', dataFingerprint: '' };
  private readonly process: ChildProcess;
  private readonly started: Promise<void>;
  private output = '';
  private works = false;
  private dead: string | undefined;
  private onMessage: (message: FromWorker) => void = () => undefined;
  private onDeath: (why: string) => void = () => undefined;
  private readonly silenceSeconds: number;

  constructor(options: PoolOptions) {
    this.silenceSeconds = options.silenceSeconds ?? SILENCE_SECONDS;
    const entry = options.entry ?? fileURLToPath(new URL('worker.ts', import.meta.url));
    this.process = fork(entry, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.output = (this.output + text).slice(-KEPT_OUTPUT);
    });
    this.process.on('message', (message) => this.onMessage(message as FromWorker));
    this.process.on('error', (error) => this.die(error.message));
    // At `close`, unlike at `exit`, all that it said has been heard.
    this.process.on('close', (code, signal) => {
      const doing = this.works ? 'during training' : 'before it could work';
      this.die(explainDeath({ code, signal }, doing, this.output));
    });
    this.started = new Promise((resolve, reject) => {
      this.onMessage = (message) => {
        if (message.type === 'ready') {
          this.works = true;
          this.readiness = { backend: message.backend, dataFingerprint: message.dataFingerprint };
          resolve();
        } else if (message.type === 'unusable') {
          reject(new SearchError(message.code as SearchErrorCode, message.message));
        }
      };
      this.onDeath = (why) =>
        reject(new SearchError('workers', `A worker process could not be started. ${why}`));
    });
    this.send({ type: 'start', module: options.module, context: options.context });
  }

  ready(): Promise<void> {
    return this.started;
  }

  get isDead(): boolean {
    return this.dead !== undefined;
  }

  evaluate(
    job: WorkerJob,
    onEpoch: (epoch: number, epochs: number, loss: number) => void,
  ): Promise<WorkerOutcome> {
    if (this.dead !== undefined) return Promise.resolve({ status: 'died', error: this.dead });
    return new Promise((resolve) => {
      const silence = setTimeout(() => this.end(), this.silenceSeconds * 1000);
      const settle = (outcome: WorkerOutcome): void => {
        clearTimeout(silence);
        resolve(outcome);
      };
      this.onDeath = (error) => settle({ status: 'died', error });
      this.onMessage = (message) => {
        silence.refresh();
        if (message.type === 'epoch') onEpoch(message.epoch, message.epochs, message.loss);
        else if (message.type === 'result') settle({ status: 'done', result: message.result });
        else if (message.type === 'failed') settle({ status: 'failed', error: message.message });
        else if (message.type === 'broken') {
          const error = new SearchError(message.code as SearchErrorCode, message.message);
          settle({ status: 'broken', error });
        }
      };
      this.send({ type: 'evaluate', job });
    });
  }

  /** Ends a process that hangs. */
  private end(): void {
    const { silenceSeconds: seconds } = this;
    const long = seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${seconds} seconds`;
    this.die(
      `The worker process gave no sign of life for ${long} during training, so it was ended. The network may be too large for this machine: add a constraint on macs or ram.`,
    );
    this.kill();
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  private die(why: string): void {
    this.dead ??= why;
    this.onDeath(this.dead);
  }

  private send(message: ToWorker): void {
    if (this.dead !== undefined) return;
    // A failure to send means that the process is gone, of which its exit tells.
    this.process.send(message, () => undefined);
  }
}
