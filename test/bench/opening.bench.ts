/**
 * How long a document takes to open, beside a Langium server of the same grammar (`test/bench/langium`) and, if asked
 * for, beside other bundles of our server. Ours is started as VS Code starts it from the second time on, with the code that
 * was compiled before, and without that as at the first time. Every time is one of a fresh process, the peers one after the
 * other in every round: `start` until it has answered `initialize`, `open` from `didOpen` until its problems are there
 * (asked for where the server lets itself be asked, as VS Code does, unless with `--push`), `hints` from `didOpen` until
 * the hints of the whole text are there (Langium has none), `all` from starting the process until the last of these, `CPU`
 * the time of all threads up to then. With a rest, `didOpen` follows `initialized` after so many milliseconds; without, at
 * once.
 *
 * `node test/bench/opening.bench.ts [--rounds 20] [--lines example,1000,10000] [--rest 0] [--push] [--other NAME=SERVER.cjs ...]`
 */

import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { generateSpace } from './generate-space.ts';
import { buildLangiumServer } from './langium/build.ts';
import { processorMs, Series } from './measure.ts';
import { example, ownServer } from './own-server.ts';
import { ProcessClient } from '../lsp-client.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    lines: { type: 'string', default: 'example,1000,10000' },
    rest: { type: 'string', default: '0' },
    push: { type: 'boolean', default: false },
    other: { type: 'string', multiple: true, default: [] },
  },
});
const rounds = Number(options.rounds);
const restMs = Number(options.rest);
const uri = 'file:///bench/space.nas';
const steps = ['start', 'open', 'hints', 'all', 'CPU'] as const;

interface Peer {
  readonly name: string;
  readonly script: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly hints: boolean;
}

const own = await ownServer();
const peers: readonly Peer[] = [
  { name: 'nasturtium', ...own, hints: true },
  { name: 'first start', script: own.script, hints: true },
  ...options.other.map((other) => {
    const [name = '', script = ''] = other.split('=');
    return { name, script, hints: true };
  }),
  { name: 'langium', script: await buildLangiumServer(), hints: false },
];

const textOf = (lines: string): string => (lines === 'example' ? example : generateSpace(Number(lines)));

/** A time for each of {@link steps}. */
async function open({ script, env, hints }: Peer, text: string): Promise<readonly number[]> {
  const begun = performance.now();
  const client = new ProcessClient(process.execPath, [script, '--stdio'], env);
  try {
    const { capabilities } = (await client.initialize({
      textDocument: {
        ...(options.push ? {} : { diagnostic: {} }),
        publishDiagnostics: { versionSupport: true },
        inlayHint: {},
      },
    })) as { readonly capabilities: { readonly diagnosticProvider?: object } };
    const started = performance.now();
    await setTimeout(restMs);
    const opened = performance.now();
    const published = client.next(
      'textDocument/publishDiagnostics',
      (params) => (params as { readonly uri: string }).uri === uri,
    );
    client.open(uri, text);
    if (capabilities.diagnosticProvider === undefined) await published;
    else await client.requestUntilAnswered('textDocument/diagnostic', { textDocument: { uri } });
    const diagnosed = performance.now();
    const range = { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } };
    if (hints) {
      const params = { textDocument: { uri }, range };
      const found = await client.requestUntilAnswered('textDocument/inlayHint', params);
      if ((found as unknown[]).length === 0) throw new Error('There are no hints.');
    }
    const hinted = performance.now();
    const [start, shown] = [started - begun, hinted - opened];
    return [start, diagnosed - opened, shown, start + shown, processorMs(client.process.pid)];
  } finally {
    client.kill();
    await client.exited;
  }
}

console.log(`node ${process.version}, ${rounds} fresh processes each; p50 / p95 in ms`);
for (const lines of options.lines.split(',')) {
  const text = textOf(lines);
  const results = peers.map((peer) => ({ peer, series: steps.map(() => new Series()) }));
  for (let round = 0; round < rounds; round++) {
    for (const { peer, series } of results) {
      const times = await open(peer, text);
      for (const [index, each] of series.entries()) each.add(times[index] ?? NaN);
    }
  }
  console.log(`\n${lines === 'example' ? 'the example' : `${lines} lines`}`);
  const langium = results.at(-1)?.series[1];
  for (const { peer, series } of results) {
    const shown = steps.map((step, index) => `${step} ${series[index]?.toString() ?? ''}`);
    const share = [0.5, 0.95].map((at) => ((series[1]?.at(at) ?? NaN) / (langium?.at(at) ?? NaN)).toFixed(2));
    console.log(`  ${peer.name.padEnd(12)} ${shown.join('  ')}  open / Langium's ${share.join(' / ')}`);
  }
}
