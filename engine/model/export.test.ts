import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { boards, runtimes } from '../../device-profiles/index.ts';
import { price } from '../cost/index.ts';
import { cIdentifier, cSource, exportReport, exportTflite, reportMarkdown, reportPages } from './index.ts';
import { targetNamed } from '../cost/testing.ts';
import { manyOperators } from './testing/many-operators.ts';

const model = manyOperators();
const tflite = exportTflite(model);
const [board] = boards;
const runtime = runtimes.find(({ id }) => id === 'tflm + cmsis-nn');
assert.ok(board !== undefined && runtime !== undefined);
const target = { board, runtime, clockHz: board.clock.defaultHz };

const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);

test('C names are valid and readable', () => {
  assert.equal(cIdentifier('fashion a3f9-1c02'), 'fashion_a3f9_1c02');
  assert.equal(cIdentifier('3x3'), 'model_3x3');
  assert.equal(cIdentifier('--'), 'model');
});

test('the header says what to register and how much arena to reserve', () => {
  const arena = { value: 9999.4, low: 9000, high: 10_001 };
  const { header } = cSource({
    name: 'Vww Net',
    tflite,
    network: model.network,
    runtime,
    arena,
    provenance: ['a */ b'],
  });
  assert.match(header, /#define VWW_NET_ARENA_BYTES 10016\n/);
  assert.match(header, /resolver\.AddDepthwiseConv2D\(\);/);
  assert.match(header, /resolver\.AddResizeNearestNeighbor\(\);/);
  assert.match(header, / \* a \* \/ b\n/);
  assert.match(header, /build with TF_LITE_STATIC_MEMORY/);
});

test('a runtime without calls, or without some, still exports and says what to take in', () => {
  const arena = { value: 1000, low: 1000, high: 1000 };
  const about = { name: 'net', tflite, network: model.network, arena, provenance: [] };
  const { registration, ...compiling } = runtime;
  assert.ok(registration !== undefined);
  const bare = cSource({ ...about, runtime: compiling }).header;
  assert.doesNotMatch(bare, /resolver\./);
  assert.match(
    bare,
    /names no calls that register operators\. .* take in CONV_2D, .*RESIZE_NEAREST_NEIGHBOR/,
  );
  assert.match(bare, /#define NET_OPERATOR_COUNT [1-9]/);

  const { CONV_2D: left, ...calls } = registration.calls;
  assert.equal(left, 'AddConv2D');
  const lacking = { ...runtime, registration: { ...registration, resolver: 'my::Kernels', calls } };
  const header = cSource({ ...about, runtime: lacking }).header;
  assert.match(header, /Register these operators with my::Kernels:/);
  assert.match(header, /resolver\.AddSoftmax\(\);/);
  assert.match(header, /names no call for CONV_2D: look for it/);
  assert.equal(/OPERATOR_COUNT (\d+)/.exec(header)?.[1], /OPERATOR_COUNT (\d+)/.exec(bare)?.[1]);

  const request = { model, network: model.network, tflite, provenance: {}, accuracy: {} };
  const report = exportReport({ ...request, target: { ...target, runtime: compiling } });
  assert.deepEqual(report.resolver, []);
  assert.match(reportMarkdown(report), /\| operators to register \| The profile of .* names no calls/);
  assert.equal(exportReport({ ...request, target }).resolver_gap, undefined);
});

test(
  'the C source compiles and holds the model',
  { skip: compiler === undefined && 'There is no C compiler.' },
  () => {
    const arena = { value: 1000, low: 1000, high: 1000 };
    const { header, source } = cSource({
      name: 'net',
      tflite,
      network: model.network,
      runtime,
      arena,
      provenance: ['a comment of */ its own /* in it'],
    });
    const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-c-'));
    try {
      const file = (name: string) => path.join(folder, name);
      writeFileSync(file('net.h'), header);
      writeFileSync(file('net.c'), source);
      writeFileSync(
        file('main.c'),
        '#include <stdio.h>\n#include "net.h"\nint main(void) { return fwrite(net, 1, NET_BYTES, stdout) == NET_BYTES && (unsigned long)net % 16 == 0 ? 0 : 1; }\n',
      );
      const strict = ['-std=c11', '-pedantic', '-Wall', '-Wextra', '-Werror'];
      execFileSync(compiler ?? 'cc', [...strict, '-o', file('main'), file('main.c'), file('net.c')]);
      assert.deepEqual(new Uint8Array(execFileSync(file('main'))), tflite);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('the report says what a schedule comes to, and only of a target that has one', () => {
  const request = { model, network: model.network, tflite, provenance: {}, accuracy: {} };
  const schedule = { everyMs: 2000, battery: { milliampHours: 230, volts: 3 } };
  const asleep = targetNamed({ board: 'nucleo-u575zi-q', schedule });
  const text = reportMarkdown(exportReport({ ...request, target: asleep }));
  assert.match(text, /\| average power \| [\d.]+ µW \([\d.]+ to [\d.]+ µW\)/);
  assert.match(text, /\| battery life \| [\d.]+ (days|years) \(/);
  assert.doesNotMatch(reportMarkdown(exportReport({ ...request, target })), /average power|battery life/);
});

test('the report repeats the cost of every layer and says how to feed the model', () => {
  const request = {
    model,
    network: model.network,
    tflite,
    target,
    provenance: { space: 'a | b', trial: 7 },
    accuracy: { 'int8, test split': 0.8812 },
  };
  const report = exportReport(request);
  assert.equal(report.cost.layers.length, model.network.ops.length);
  assert.equal(report.file_bytes, tflite.length);
  assert.deepEqual(report.input, {
    shape: [1, 8, 8, 3],
    dtype: 'int8',
    scale: Math.fround(0.02),
    zero_point: -5,
  });
  const total = report.cost.layers.reduce((sum, layer) => sum + layer.macs, 0);
  assert.equal(report.cost.total.macs, total);
  // An arena of what stays in use would be too small to set the network up.
  const { headBytes, tailBytes, neededBytes } = price(model.network, target).memory;
  assert.ok(neededBytes > 1.1 * (headBytes + tailBytes));
  assert.equal(report.cost.total.ram_bytes, neededBytes);
  assert.ok(report.arena_bytes >= neededBytes);
  const markdown = reportMarkdown(report);
  assert.match(markdown, /\| space \| a \\\| b \|/);
  assert.match(markdown, /\| accuracy, int8, test split \| 88\.12 % \|/);
  assert.equal(markdown.match(/^\| conv_2d\./gm)?.length, 2);
  assert.doesNotMatch(markdown, /!\[/);
  assert.match(reportMarkdown(report, 'memory.svg'), /^!\[[^\]]+\]\(memory\.svg\)$/m);
  const pages = reportPages({ ...request }, 'net 1');
  assert.match(pages.svg, /^<svg [^>]*>\s*<style>/);
  assert.match(pages.html, /<title>net 1: cost on /);
});
