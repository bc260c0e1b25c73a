/** What passes of a stream in which some messages are broken, whatever the pieces in which it arrives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamMessageReader } from 'vscode-languageserver/node';
import { Frames } from './frames.ts';

const message = (id: number, text = ''): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'm', params: { text } });
const framed = (body: string, length = Buffer.byteLength(body)): string =>
  `Content-Length: ${length}\r\n\r\n${body}`;
const good = (id: number): string => framed(message(id));

interface Case {
  readonly name: string;
  readonly input: string | Buffer;
  /** Ids of the messages that arrive. */
  readonly ids: readonly number[];
  readonly faults: number;
}

const tricky = message(2, 'Content-Length: 12\r\n\r\n{"é": "\u{1f600}"}');
const cases: Case[] = [
  { name: 'whole messages', input: good(1) + framed(tricky) + good(3), ids: [1, 2, 3], faults: 0 },
  { name: 'further headers', input: `Content-Type: x; charset=utf-8\r\n${good(1)}`, ids: [1], faults: 0 },
  { name: 'a header in small letters', input: good(1).toLowerCase(), ids: [1], faults: 0 },
  { name: 'no length', input: `Content-Type: x\r\n\r\n${message(1)}${good(2)}`, ids: [2], faults: 1 },
  {
    name: 'a length that is no number',
    input: `Content-Length: many\r\n\r\n${message(1)}${good(2)}`,
    ids: [2],
    faults: 1,
  },
  { name: 'a negative length', input: framed(message(1), -5) + good(2), ids: [2], faults: 1 },
  { name: 'a huge length', input: framed(message(1), 9_999_999_999) + good(2), ids: [2], faults: 1 },
  {
    name: 'a length of thirty digits',
    input: `Content-Length: ${'9'.repeat(30)}\r\n\r\n${good(2)}`,
    ids: [2],
    faults: 1,
  },
  {
    name: 'a length that is too large',
    input: framed(message(1), 5000) + good(2) + good(3),
    ids: [1, 2, 3],
    faults: 0,
  },
  { name: 'a length that is too small', input: framed(message(1), 10) + good(2), ids: [2], faults: 1 },
  { name: 'a body that breaks off', input: framed('{"jsonrpc": "2.', 60) + good(2), ids: [2], faults: 1 },
  { name: 'lines without a colon', input: `GET / HTTP/1.1\r\n\r\n${good(2)}`, ids: [2], faults: 1 },
  { name: 'bare line feeds', input: `Content-Length: 5\n\n{}${good(2)}`, ids: [2], faults: 1 },
  { name: 'words in front', input: `listening...${good(2)}`, ids: [2], faults: 1 },
  {
    name: 'bytes of any kind',
    input: Buffer.concat([
      Buffer.from(Array.from({ length: 700 }, (_, i) => (i * 37) % 256)),
      Buffer.from(good(2)),
    ]),
    ids: [2],
    faults: 1,
  },
  { name: 'a header without an end', input: `X: ${'x'.repeat(5000)}${good(2)}`, ids: [2], faults: 1 },
  {
    name: 'four broken headers',
    input: `${'Content-Length: x\r\n\r\n'.repeat(4)}${good(2)}`,
    ids: [2],
    faults: 4,
  },
  { name: 'nothing but line ends', input: `\r\n\r\n\r\n\r\n${good(2)}`, ids: [2], faults: 1 },
  { name: 'an end in the middle', input: good(1) + good(2).slice(0, 30), ids: [1], faults: 1 },
];

async function read(input: Buffer, size: number): Promise<{ ids: unknown[]; faults: string[] }> {
  const faults: string[] = [];
  const frames = new Frames((fault) => faults.push(fault));
  const ids: unknown[] = [];
  new StreamMessageReader(frames).listen((each) => ids.push((each as { id?: unknown }).id));
  const ended = new Promise((resolve) => frames.on('end', resolve));
  for (let at = 0; at < input.length; at += size) frames.write(input.subarray(at, at + size));
  frames.end();
  await ended;
  await new Promise((resolve) => setImmediate(resolve));
  return { ids, faults };
}

for (const { name, input, ids, faults } of cases) {
  test(name, async () => {
    for (const size of [1, 7, 100, 1e6]) {
      const found = await read(Buffer.from(input as string), size);
      assert.deepEqual(found.ids, ids, `in pieces of ${size}`);
      assert.equal(found.faults.length, faults, JSON.stringify(found.faults));
    }
  });
}
