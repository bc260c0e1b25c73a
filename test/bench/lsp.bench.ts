/**
 * From a keystroke to diagnostics and hints, as a client sees it over standard streams, beside a Langium server
 * generated from the same grammar (`test/bench/langium`). Both run interleaved in this process's time: a fresh
 * server for each size and peer, two warm-up edits, then as many edits as asked for. An edit changes a number in a
 * layer in the middle of the text, so that its space has to be built anew; with `layout` it only types or removes a
 * blank. The answers are checked.
 *
 * `node test/bench/lsp.bench.ts [edits] [lines,lines,...] [number|layout]`
 */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { generateSpace } from './generate-space.ts';
import { buildLangiumServer } from './langium/build.ts';
import { ProcessClient } from '../lsp-client.ts';

const edits = Number(process.argv[2] ?? 25);
const sizes = (process.argv[3] ?? '100,1000,10000').split(',').map(Number);
const layoutOnly = process.argv[4] === 'layout';
const warmUps = 2;
const uri = 'file:///bench/space.nas';
const document = { textDocument: { uri } };
const shownLines = 60;

interface Peer {
  readonly name: string;
  readonly args: readonly string[];
  readonly languageId: string;
  /** Inlay hints are part of what is waited for. */
  readonly hints: boolean;
}

const root = path.resolve(import.meta.dirname, '../..');
const bundled = path.join(root, 'dist/server.cjs');
const langium = await buildLangiumServer();

const peers: Peer[] = [
  {
    name:
      existsSync(bundled) && process.env['NASTURTIUM_SOURCE'] === undefined
        ? 'nasturtium (bundle)'
        : 'nasturtium (source)',
    args: [
      existsSync(bundled) && process.env['NASTURTIUM_SOURCE'] === undefined
        ? bundled
        : path.join(root, 'server/main.ts'),
      '--stdio',
    ],
    languageId: 'nas',
    hints: true,
  },
  { name: 'langium', args: [langium, '--stdio'], languageId: 'nas', hints: false },
];

class Series {
  readonly #values: number[] = [];

  add(value: number): void {
    this.#values.push(value);
  }

  at(share: number): number {
    const sorted = [...this.#values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  }

  toString(): string {
    return `${this.at(0.5).toFixed(1)} / ${this.at(0.95).toFixed(1)}`;
  }
}

interface Result {
  readonly peer: Peer;
  initialize: number;
  open: number;
  readonly diagnostics: Series;
  readonly hints: Series;
  readonly completion: Series;
  readonly hover: Series;
  rss: number;
}

/** One client with one peer on one text, an edit at a time. */
class Run {
  readonly #client: ProcessClient;
  readonly result: Result;
  readonly #lines: string[];
  readonly #line: number;
  readonly #column: number;
  #version = 1;
  #pulls = false;

  constructor(peer: Peer, text: string) {
    this.#client = new ProcessClient(process.execPath, peer.args);
    this.result = {
      peer,
      initialize: NaN,
      open: NaN,
      diagnostics: new Series(),
      hints: new Series(),
      completion: new Series(),
      hover: new Series(),
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
    const change = layoutOnly
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
      const hints = (await this.#client.request('textDocument/inlayHint', {
        ...document,
        range: { start: { line: top, character: 0 }, end: { line: top + shownLines, character: 0 } },
      })) as unknown[];
      if (hints.length === 0) throw new Error('There are no hints around the edit.');
    }
    const hinted = performance.now();
    const list = await this.#client.request('textDocument/completion', {
      ...document,
      position: { line: this.#line, character: 2 },
    });
    const completed = performance.now();
    if (list === null) throw new Error('There is nothing to complete at the edit.');
    const hover = performance.now();
    await this.#client.request('textDocument/hover', {
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

  stop(): void {
    const status = readFileSync(`/proc/${this.#client.process.pid ?? 0}/status`, 'utf8');
    this.result.rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
    this.#client.kill();
  }

  #diagnostics(): Promise<unknown> {
    if (this.#pulls) return this.#client.request('textDocument/diagnostic', document);
    const version = this.#version;
    return this.#client.next('textDocument/publishDiagnostics', (params) => {
      const published = params as { readonly uri: string; readonly version?: number };
      return published.uri === uri && (published.version ?? version) >= version;
    });
  }
}

console.log(
  `node ${process.version}, ${edits} edits of ${layoutOnly ? 'layout' : 'a number'}; p50 / p95 in ms`,
);
for (const lines of sizes) {
  const text = generateSpace(lines);
  const runs: Run[] = [];
  for (const peer of peers) {
    const run = new Run(peer, text);
    await run.start(text);
    runs.push(run);
  }
  for (let edit = 0; edit < edits + warmUps; edit++) {
    for (const run of runs) await run.edit(edit >= warmUps);
  }
  console.log(`\n${lines} lines`);
  for (const run of runs) {
    run.stop();
    const { peer, initialize, open, diagnostics, hints, completion, hover, rss } = run.result;
    console.log(
      `  ${peer.name.padEnd(20)} spawn->initialize ${initialize.toFixed(0)}  open->diagnostics ${open.toFixed(0)}  edit->diagnostics ${diagnostics.toString()}` +
        `  edit->diagnostics+hints ${hints.toString()}  completion ${completion.toString()}  hover ${hover.toString()}  RSS ${rss.toFixed(0)} MB`,
    );
  }
  const [own, other] = runs.map(({ result }) => result);
  if (own !== undefined && other !== undefined) {
    const ratio = other.diagnostics.at(0.5) / own.hints.at(0.5);
    console.log(
      `  Langium's diagnostics take ${ratio.toFixed(1)} times as long as our diagnostics and hints (medians).`,
    );
  }
}
