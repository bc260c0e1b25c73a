/**
 * From a keystroke to diagnostics and hints, as a client sees it over standard streams, beside a Langium server
 * generated from the same grammar (`test/bench/langium`). Our server is bundled from the source as it is, as the
 * extension ships it. Both get the same text and the same edits, one after the other: a fresh server for each size,
 * kind of edit and peer, some warm-up edits, then as many as asked for. An edit of a `number` changes the kernel of a
 * layer in the middle of the text, so that every space that uses its block has to be built anew; one of `layout` only
 * types or removes a blank. Ours answers with diagnostics and the hints around the edit, Langium (which has none)
 * with diagnostics. The answers are checked.
 *
 * `node test/bench/lsp.bench.ts [edits] [lines,lines,...] [number,layout]`
 */

import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { generateSpace } from './generate-space.ts';
import { buildLangiumServer } from './langium/build.ts';
import { processorMs, Series } from './measure.ts';
import { ownServer } from './own-server.ts';
import { ProcessClient } from '../lsp-client.ts';

const edits = Number(process.argv[2] ?? 60);
const sizes = (process.argv[3] ?? '100,1000,10000').split(',').map(Number);
const kinds = (process.argv[4] ?? 'number,layout').split(',');
/** Enough for the hot functions of both servers to be compiled: edits get quicker up to about the sixtieth. */
const warmUps = 60;
/** Before each edit: fingers take longer, and the threads that collect the garbage of the other server come to rest. */
const restMs = 50;
const uri = 'file:///bench/space.nas';
const document = { textDocument: { uri } };
const shownLines = 60;

interface Peer {
  readonly name: string;
  readonly script: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly languageId: string;
  /** Inlay hints are part of what is waited for. */
  readonly hints: boolean;
}

const peers: Peer[] = [
  { name: 'nasturtium', ...(await ownServer()), languageId: 'nas', hints: true },
  { name: 'langium', script: await buildLangiumServer(), languageId: 'nas', hints: false },
];

interface Result {
  readonly peer: Peer;
  initialize: number;
  open: number;
  readonly diagnostics: Series;
  readonly hints: Series;
  readonly completion: Series;
  readonly hover: Series;
  /** Processor time of the server per edit and its requests, in ms; all threads. */
  cpu: number;
  rss: number;
}

/** One client with one peer on one text, an edit at a time. */
class Run {
  readonly #client: ProcessClient;
  readonly result: Result;
  readonly #lines: string[];
  readonly #line: number;
  readonly #column: number;
  readonly #isLayout: boolean;
  #version = 1;
  #cpuBefore = 0;
  #pulls = false;

  constructor(peer: Peer, text: string, kind: string) {
    this.#isLayout = kind === 'layout';
    this.#client = new ProcessClient(process.execPath, [peer.script, '--stdio'], peer.env);
    this.result = {
      peer,
      initialize: NaN,
      open: NaN,
      diagnostics: new Series(),
      hints: new Series(),
      completion: new Series(),
      hover: new Series(),
      cpu: NaN,
      rss: NaN,
    };
    this.#lines = text.split('\n');
    const middle = Math.floor(this.#lines.length / 2);
    // A plain layer in a block, e.g. `  conv 1x1 -> out, relu6`; its kernel is changed.
    const found = this.#lines.findIndex((line, index) => index >= middle && /^ {2}conv [13]x[13]/.test(line));
    this.#line = found < 0 ? middle : found;
    this.#column = (this.#lines[this.#line] ?? '').search(/[13]x/);
  }

  async start(text: string): Promise<void> {
    const started = performance.now();
    const { capabilities } = (await this.#client.initialize({
      textDocument: {
        diagnostic: {},
        publishDiagnostics: { versionSupport: true },
        hover: { contentFormat: ['markdown'] },
        completion: { completionItem: { snippetSupport: true } },
        inlayHint: {},
      },
    })) as { capabilities: Record<string, unknown> };
    this.result.initialize = performance.now() - started;
    this.#pulls = capabilities['diagnosticProvider'] !== undefined;
    const opened = performance.now();
    const diagnostics = this.#diagnostics();
    this.#client.open(uri, text, 1, this.result.peer.languageId);
    await (this.#pulls ? this.#diagnostics() : diagnostics);
    this.result.open = performance.now() - opened;
  }

  async edit(counted: boolean): Promise<void> {
    const { result } = this;
    this.#version++;
    const isEven = this.#version % 2 === 0;
    const position = { line: this.#line, character: this.#column };
    const change = this.#isLayout
      ? {
          range: {
            start: { line: this.#line, character: 0 },
            end: { line: this.#line, character: isEven ? 0 : 1 },
          },
          text: isEven ? ' ' : '',
        }
      : {
          range: { start: position, end: { ...position, character: this.#column + 1 } },
          text: isEven ? '3' : '1',
        };
    const started = performance.now();
    const pushed = this.#pulls ? undefined : this.#diagnostics();
    this.#client.change(uri, this.#version, [change]);
    await (pushed ?? this.#diagnostics());
    const diagnosed = performance.now();
    if (result.peer.hints) {
      const top = Math.max(0, this.#line - shownLines / 2);
      const hints = (await this.#client.requestUntilAnswered('textDocument/inlayHint', {
        ...document,
        range: { start: { line: top, character: 0 }, end: { line: top + shownLines, character: 0 } },
      })) as unknown[];
      if (hints.length === 0) throw new Error('There are no hints around the edit.');
    }
    const hinted = performance.now();
    const list = await this.#client.requestUntilAnswered('textDocument/completion', {
      ...document,
      position: { line: this.#line, character: 2 },
    });
    const completed = performance.now();
    if (list === null) throw new Error('There is nothing to complete at the edit.');
    const hover = performance.now();
    await this.#client.requestUntilAnswered('textDocument/hover', {
      ...document,
      position: { line: this.#line, character: 3 },
    });
    const hovered = performance.now();
    if (!counted) return;
    result.diagnostics.add(diagnosed - started);
    result.hints.add(hinted - started);
    result.completion.add(completed - hinted);
    result.hover.add(hovered - hover);
  }

  /** Counts processor time from here on. */
  count(): void {
    this.#cpuBefore = processorMs(this.#client.process.pid);
  }

  stop(): void {
    this.result.cpu = (processorMs(this.#client.process.pid) - this.#cpuBefore) / edits;
    const status = readFileSync(`/proc/${this.#client.process.pid ?? 0}/status`, 'utf8');
    this.result.rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
    this.#client.kill();
  }

  #diagnostics(): Promise<unknown> {
    if (this.#pulls) return this.#client.requestUntilAnswered('textDocument/diagnostic', document);
    const version = this.#version;
    return this.#client.next('textDocument/publishDiagnostics', (params) => {
      const published = params as { readonly uri: string; readonly version?: number };
      return published.uri === uri && (published.version ?? version) >= version;
    });
  }
}

async function compare(lines: number, kind: string): Promise<void> {
  const text = generateSpace(lines);
  const runs: Run[] = [];
  for (const peer of peers) {
    const run = new Run(peer, text, kind);
    await run.start(text);
    runs.push(run);
  }
  for (let edit = 0; edit < edits + warmUps; edit++) {
    for (const run of runs) {
      await setTimeout(restMs);
      if (edit === warmUps) run.count();
      await run.edit(edit >= warmUps);
    }
  }
  console.log(`\n${lines} lines, edits of ${kind}`);
  for (const run of runs) {
    run.stop();
    const { peer, initialize, open, diagnostics, hints, completion, hover, cpu, rss } = run.result;
    const shown = peer.hints ? `  with hints ${hints.toString()}` : '';
    console.log(
      `  ${peer.name.padEnd(10)} start ${initialize.toFixed(0)}  open ${open.toFixed(0)}  diagnostics ${diagnostics.toString()}${shown}` +
        `  completion ${completion.toString()}  hover ${hover.toString()}  CPU ${cpu.toFixed(0)}  RSS ${rss.toFixed(0)} MB`,
    );
  }
  const [own, other] = runs.map(({ result }) => result);
  if (own === undefined || other === undefined) return;
  const times = (share: number): string => (other.diagnostics.at(share) / own.hints.at(share)).toFixed(1);
  console.log(
    `  Langium's diagnostics take ${times(0.5)} (p95: ${times(0.95)}) times as long as our diagnostics and hints.`,
  );
}

console.log(`node ${process.version}, ${edits} edits after ${warmUps} to warm up; p50 / p95 in ms`);
for (const lines of sizes) for (const kind of kinds) await compare(lines, kind);
