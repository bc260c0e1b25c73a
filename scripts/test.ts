/**
 * `npm test`: everything that can show a mistake, in one run.
 *
 *   npm test                     all stages
 *   npm test -- unit             one or more of: check, unit, e2e
 *   npm test -- unit 'grammar/**'    the unit tests whose path matches
 *   npm test -- e2e journey      the end-to-end tests with that word in their path
 *
 * The last line is `N passed, N failed, N skipped`, and the exit code is 0 only when nothing failed.
 */

import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { inspect } from 'node:util';
import { installLiteRt } from '../test/interpreters/litert.ts';
import { root } from './build.ts';
import { packageExtension } from './package.ts';
import {
  armCompiler,
  armEmulator,
  chromium,
  cmake,
  ensure,
  hostCompiler,
  riscvCompiler,
  riscvEmulator,
} from './system-packages.ts';

const stages = ['check', 'unit', 'e2e'] as const;
type Stage = (typeof stages)[number];

const tally = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
const skips: string[] = [];

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Runs one command as one test; its output is shown only when it fails. */
async function check(name: string, command: string, args: readonly string[]): Promise<void> {
  const start = performance.now();
  const [code, output] = await new Promise<readonly [number, string]>((done) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', command), ...args], { cwd: root });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', (status) => done([status ?? 1, text]));
  });
  count(name, code === 0 ? undefined : output, seconds(start));
}

function count(name: string, failure: string | undefined, took: string): void {
  if (failure === undefined) tally.passed++;
  else {
    tally.failed++;
    failures.push(`${name}\n${failure}`);
  }
  console.log(`${failure === undefined ? 'ok  ' : 'FAIL'} ${name} (${took})`);
}

interface Row {
  readonly file: string;
  passed: number;
  failed: number;
  skipped: number;
  ms: number;
}

/** Runs test files with node:test, each in a process of its own, and counts what they report. */
async function testFiles(files: readonly string[], concurrency: number): Promise<void> {
  const perFile = new Map<string, Row>();
  const stream = run({ files: files.map((file) => join(root, file)), concurrency, cwd: root });
  const rowOf = (data: { readonly file?: string | undefined; readonly name: string }): Row => {
    const file = relative(root, data.file ?? data.name);
    const row = perFile.get(file) ?? { file, passed: 0, failed: 0, skipped: 0, ms: 0 };
    perFile.set(file, row);
    return row;
  };
  stream.on('test:pass', (data) => {
    const row = rowOf(data);
    if (data.nesting === 0) row.ms += data.details.duration_ms;
    if (data.skip !== undefined && data.skip !== false) {
      row.skipped++;
      skips.push(`${row.file}: ${data.name}${typeof data.skip === 'string' ? ` (${data.skip})` : ''}`);
    } else if (data.details.type !== 'suite') row.passed++;
  });
  stream.on('test:fail', (data) => {
    const row = rowOf(data);
    if (data.nesting === 0) row.ms += data.details.duration_ms;
    const { error } = data.details;
    // A suite, or a test with parts, fails because of a part that has been counted.
    if (/^\d+ subtests? failed/.test(error.message)) return;
    row.failed++;
    failures.push(`${row.file}: ${data.name}\n${inspect(error.cause)}`);
    console.log(`FAIL ${row.file}: ${data.name}`);
  });
  stream.on('test:stderr', (data) => process.stderr.write(data.message));
  await finished(stream.resume());
  for (const [file, row] of [...perFile].sort(([a], [b]) => (a < b ? -1 : 1))) {
    tally.passed += row.passed;
    tally.failed += row.failed;
    tally.skipped += row.skipped;
    const word = row.failed > 0 ? 'FAIL' : 'ok  ';
    console.log(`${word} ${file}: ${row.passed} passed (${(row.ms / 1000).toFixed(1)} s)`);
  }
}

async function checkStage(): Promise<void> {
  await Promise.all([
    check('types (tsc)', 'typescript/bin/tsc', ['-p', '.']),
    check('format (prettier)', 'prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  ]);
  await check('lint (eslint)', 'eslint/bin/eslint.js', ['--max-warnings=0', '.']);
}

async function unitStage(patterns: readonly string[]): Promise<void> {
  const missing = installLiteRt();
  if (missing !== undefined) console.log(`${missing} The tests against it are skipped.`);
  for (const program of [armCompiler, armEmulator, hostCompiler, riscvCompiler, riscvEmulator, cmake]) {
    const found = ensure(program);
    if ('missing' in found) console.log(found.missing);
  }
  const chosen = patterns.length > 0 ? new Set(globSync(patterns, { cwd: root })) : undefined;
  const files = globSync('**/*.test.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name.startsWith('.'),
  }).filter((file) => chosen === undefined || chosen.has(file));
  await testFiles(files.sort(), availableParallelism());
}

async function endToEndStage(patterns: readonly string[]): Promise<void> {
  const start = performance.now();
  const failure = await packageExtension().then(
    () => undefined,
    (error: unknown) => inspect(error),
  );
  count('package (esbuild, vsce)', failure, seconds(start));
  if (failure !== undefined) return;
  const browser = ensure(chromium);
  if ('missing' in browser) console.log(browser.missing);
  const files = globSync('test/e2e/*.e2e.ts', { cwd: root }).filter(
    (file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)),
  );
  await testFiles(files.sort(), 1);
}

const words = process.argv.slice(2);
const patterns = words.filter((word) => !stages.some((stage) => stage === word));
const asked: readonly Stage[] = stages.filter((stage) => words.includes(stage));
for (const stage of asked.length > 0 ? asked : patterns.length > 0 ? (['unit'] as const) : stages) {
  if (stage === 'check') await checkStage();
  else if (stage === 'unit') await unitStage(patterns);
  else await endToEndStage(patterns);
}

for (const failure of failures) console.log(`\n--- ${failure}`);
for (const skip of skips) console.log(`skipped: ${skip}`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
