/**
 * How long an editor waits for a document that was made to be slow, and for another one meanwhile. Our server is bundled
 * from the source as it is, as the extension ships it. For each document of `hostile.ts`, at the length up to which the
 * main thread reads documents, and each of its short ones: it is opened, its problems and hints are asked for (again, as
 * often as the server says so), and all the time a hover of another document is asked for, the example or twelve hundred
 * generated lines, which are read in a thread. Prints the longest time of one request for the slow document and for the
 * other one, and the time until the slow one was answered, in ms.
 *
 * `node test/bench/waiting.bench.ts [part of a name] [example|long]`
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ProcessClient, RequestError } from '../lsp-client.ts';
import { generateSpace } from './generate-space.ts';
import { buildServer } from '../../scripts/build.ts';
import { costly, hostile } from './hostile.ts';

const wanted = process.argv[2] ?? '';
const isLong = process.argv[3] === 'long';
const characters = 31_900;
/** Between two questions about the other document. */
const restMs = 3;
const [slowUri, otherUri] = ['file:///bench/slow.nas', 'file:///bench/other.nas'];
const root = path.resolve(import.meta.dirname, '../..');
const bundle = await buildServer('.cache/bench');

const client = new ProcessClient(process.execPath, [bundle, '--stdio']);
await client.initialize({ textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown'] } } });
const other = isLong
  ? generateSpace(1200)
  : readFileSync(path.join(root, 'examples/fashion-mnist.nas'), 'utf8');
client.open(otherUri, other);
const layer = other.split('\n').findIndex((line) => /^ {2}conv/.test(line));
const position = { line: layer, character: 3 };

async function timed(method: string, params: object): Promise<number> {
  const started = performance.now();
  try {
    await client.request(method, params);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const ms = performance.now() - started;
    // -32802 (`ServerCancelled`): ask again.
    return error.code === -32802 ? -ms : ms;
  }
  return performance.now() - started;
}

/** Longest times of one request. */
const longest = { slow: 0, other: 0 };

async function measure(name: string, text: string, version: number): Promise<void> {
  const most = { slow: 0, other: 0 };
  const done = new AbortController();
  const others = (async () => {
    while (!done.signal.aborted) {
      most.other = Math.max(
        most.other,
        await timed('textDocument/hover', { textDocument: { uri: otherUri }, position }),
      );
      await setTimeout(restMs);
    }
  })();
  const started = performance.now();
  client.open(slowUri, text, version);
  const range = { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } };
  for (const method of ['textDocument/diagnostic', 'textDocument/inlayHint', 'textDocument/codeLens']) {
    for (let ms = -1; ms < 0;) {
      ms = await timed(method, { textDocument: { uri: slowUri }, range });
      most.slow = Math.max(most.slow, Math.abs(ms));
    }
  }
  const all = performance.now() - started;
  done.abort();
  await others;
  client.notify('textDocument/didClose', { textDocument: { uri: slowUri } });
  for (const key of ['slow', 'other'] as const) longest[key] = Math.max(longest[key], most[key]);
  const columns = [most.slow, most.other, all].map((ms) => ms.toFixed(0).padStart(7)).join('');
  console.log(`${name.padEnd(42)} ${String(text.length).padStart(6)} ${columns}`);
}

for (let index = 0; index < 100; index++)
  await timed('textDocument/hover', { textDocument: { uri: otherUri }, position });
console.log(`${'document'.padEnd(42)} length    slow  other    all`);
const shown = [
  ...costly,
  ...hostile.map(({ name, text }) => {
    const [one, many] = [text(1).length, text(1001).length];
    return { name, text: text(Math.floor((1000 * (characters - one)) / (many - one))) };
  }),
].filter(({ name }) => name.includes(wanted));
for (const [index, { name, text }] of shown.entries()) await measure(name, text, index);
console.log(
  `Longest: ${longest.slow.toFixed(0)} ms for a slow document, ${longest.other.toFixed(0)} ms for another.`,
);
client.kill();
