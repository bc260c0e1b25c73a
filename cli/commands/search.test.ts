/**
 * Search, resume, front and export on one small run, with an evaluator that imagines accuracies; and, as processes,
 * what only a process can show.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { readRun } from '../../engine/search/index.ts';
import { readTflite } from '../../engine/model/index.ts';
import { invoke, violations } from '../testing/capture.ts';

const root = path.resolve(import.meta.dirname, '../..');
const evaluator = path.join(root, 'engine/search/workers/testing/imagined-evaluator.ts');
const trained = path.join(root, 'test/fixtures/tflite/nasturtium_clothes_int8.tflite');
const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-search-'));
const run = path.join(folder, 'run');
const program = path.join(folder, 'space.nas');

writeFileSync(
  program,
  `target "nucleo-f446re"
dataset fashion-mnist
space tiny {
  conv {3 | 5} -> {8 | 12 | 16} stride 2, relu
  conv 3x3 -> {8 | 12 | 16} stride 2, relu
  gap
  dense -> classes
}
search random { trials 4; fidelity 1..1 epochs; seed 3 }
`,
);
after(() => rmSync(folder, { recursive: true, force: true }));

interface Front {
  readonly status: string;
  readonly best: number | null;
  readonly fronts: readonly { readonly target: string; readonly trials: readonly number[] }[];
  readonly trials: readonly {
    readonly trial: number;
    readonly name: string;
    readonly decisions: Readonly<Record<string, number>>;
  }[];
}

function frontOf(text: string): Front {
  const document: unknown = JSON.parse(text);
  assert.deepEqual(violations('front', document), []);
  return document as Front;
}

/** The kinds of the events, each of which has the documented form. */
function eventsOf(lines: string): string[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const event: unknown = JSON.parse(line);
      assert.deepEqual(violations('events', event), [], line);
      return (event as { event: string }).event;
    });
}

describe('a run from the command line', () => {
  before(async () => {
    const args = ['search', program, '--run', run, '--workers', '1', '--evaluator-module', evaluator];
    const { code, out, err } = await invoke(args);
    assert.equal(code, 0, err);
    assert.match(err, /^Searching in .*run with 1 worker/m);
    assert.match(err, /^\[4 of 4 tried, best \d+\.\d %.*\] trial 3 /m);
    assert.match(err, / export .*run --trial best -o model/);
    assert.match(out, /^tiny: 4 trials in .*, finished\.$/m);
  });

  test('what happens is told in the documented form, shares of an epoch and failures included', async () => {
    const shares = path.join(folder, 'shares');
    const common = ['--events', '--workers', '1', '--evaluator-module', evaluator];
    const text = readFileSync(program, 'utf8').replace('fidelity 1..1', 'fidelity 0.5..1');
    writeFileSync(path.join(folder, 'shares.nas'), text);
    const { code, out } = await invoke([
      'search',
      path.join(folder, 'shares.nas'),
      '--run',
      shares,
      ...common,
    ]);
    assert.equal(code, 0);
    const kinds = eventsOf(out);
    assert.deepEqual(
      [kinds[0], kinds.at(-1), kinds.filter((kind) => kind === 'trial').length],
      ['started', 'finished', 6],
    );
    assert.equal(frontOf((await invoke(['front', shares, '--json', '--all'])).out).trials.length, 4);
    writeFileSync(path.join(shares, 'run.json'), '{}');
    const failed = await invoke(['resume', shares, ...common]);
    assert.deepEqual([failed.code, eventsOf(failed.out)], [3, ['failed']]);
  });

  test('front prints the documented form', async () => {
    const { status, fronts, trials } = frontOf((await invoke(['front', run, '--json'])).out);
    assert.equal(status, 'finished');
    assert.equal(trials.length, 4);
    assert.deepEqual(
      fronts.map(({ target }) => target),
      ['nucleo-f446re'],
    );
    assert.ok((fronts[0]?.trials.length ?? 0) > 0);
  });

  test('a trial of the front can be priced, by its decisions and as a decided text', async () => {
    const [trial] = frontOf((await invoke(['front', run, '--json'])).out).trials;
    assert.ok(trial !== undefined);
    const decisions = path.join(folder, 'trial.json');
    writeFileSync(decisions, JSON.stringify(trial));
    const decided = path.join(folder, 'decided.nas');
    const printed = await invoke(['front', run, '--print', String(trial.trial)]);
    writeFileSync(decided, printed.out);
    const totalOf = async (arch: string) => {
      const { out } = await invoke(['cost', program, '--arch', arch, '--json']);
      return (JSON.parse(out) as { total: unknown }).total;
    };
    assert.deepEqual(await totalOf(decided), await totalOf(decisions));
    assert.equal((await invoke(['check', decided])).code, 0);
  });

  test('a front that no trial reaches says which constraint keeps it empty, and proposes no export', async () => {
    const strict = path.join(folder, 'strict.nas');
    writeFileSync(strict, `${readFileSync(program, 'utf8')}constraints { accuracy >= 99 % }\n`);
    const empty = path.join(folder, 'empty');
    const args = ['search', strict, '--run', empty, '--epochs', '0.02', '--evaluator-module', evaluator];
    const { code, out, err } = await invoke(args);
    assert.equal(code, 0, err);
    const reason =
      /no trial meets every constraint\. Trial \d comes nearest: accuracy is \d\d\.?\d* %, which has to be >= 99 %\. Train/;
    assert.match(out, reason);
    assert.doesNotMatch(err, / export /);
    const best = await invoke(['front', empty, '--print', 'best']);
    assert.equal(best.code, 4);
    assert.match(best.err, reason);
  });

  test('a search in which every trial failed is a failure that names the commonest reason first', async () => {
    const failed = path.join(folder, 'failed');
    const failing = path.join(root, 'engine/search/workers/testing/failing-evaluator.ts');
    const common = ['--workers', '1', '--evaluator-module', failing];
    const reason =
      /Every one of the 4 trials failed, most often \(3 times\) because: 12 outputs do not fit 10 classes\./;
    const first = await invoke(['search', program, '--run', failed, '--events', ...common]);
    assert.equal(first.code, 4);
    assert.match(first.err, reason);
    const kinds = eventsOf(first.out);
    assert.deepEqual([kinds.at(-1), kinds.includes('finished')], ['failed', false]);
    // Asked again, it says the same.
    const again = await invoke(['resume', failed, ...common]);
    assert.equal(again.code, 4);
    assert.match(again.err, reason);
    assert.match((await invoke(['front', failed])).out, reason);
    const best = await invoke(['export', failed, '--trial', 'best', '-o', path.join(folder, 'none')]);
    assert.equal(best.code, 4);
    assert.match(best.err, reason);
  });

  test('the end is told with its reason, how much was done, how long it took, and the best', async () => {
    const { out } = await invoke(['resume', run, '--events', '--evaluator-module', evaluator]);
    const end = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    const { best, trials } = frontOf((await invoke(['front', run, '--json'])).out);
    assert.partialDeepStrictEqual(end, { event: 'finished', reason: 'trials', trials: 4, failed: 0 });
    assert.equal((end['best'] as { trial: number }).trial, best);
    const name = trials.find(({ trial }) => trial === best)?.name ?? '';
    const text = new RegExp(
      `^The search has finished, every trial is done: 4 trials in .*\\. The best is ${name}: \\d\\d\\.\\d % on validation, [\\d.]+ (ms|µs)\\.$`,
    );
    assert.match(String(end['text']), text);
  });

  test('while trials are trained again every line says which of how many', async () => {
    const shares = path.join(folder, 'again');
    const { err } = await invoke([
      ...['search', program, '--trials', '9', '--epochs', '1..9', '--run', shares],
      ...['--workers', '1', '--evaluator-module', evaluator],
    ]);
    assert.match(err, /^\[9 of 9 tried, training 1 of 3 for 3 epochs, best/m);
    assert.match(err, /^\[9 of 9 tried, training 1 of 1 in full, best/m);
  });

  test('export without a saved model says so', async () => {
    const { code, err } = await invoke(['export', run, '--trial', 'best', '-o', path.join(folder, 'out')]);
    assert.equal(code, 3);
    assert.match(err, /Trial \d of .*run has no model/);
    const missing = await invoke(['export', run, '--trial', '99', '-o', path.join(folder, 'out')]);
    assert.equal(missing.code, 2);
    assert.match(missing.err, /has no trial 99\. Its trials are numbered up to 3/);
  });

  /** The run with a model in every trial. */
  function withModels(name: string): string {
    const copy = path.join(folder, name);
    cpSync(run, copy, { recursive: true });
    for (const trial of readRun(copy).trials) {
      const saved = path.join(copy, 'trials', String(trial.trial), '1');
      mkdirSync(saved, { recursive: true });
      cpSync(trained, path.join(saved, 'model.tflite'));
    }
    return copy;
  }

  test('export writes the model, its text, C source and a report', async () => {
    const copy = withModels('exported-run');
    const out = path.join(folder, 'out');
    const { code, out: text, err } = await invoke(['export', copy, '--trial', 'best', '-o', out, '--json']);
    assert.equal(code, 0, err);
    const document = JSON.parse(text) as { files: string[]; report: { file_bytes: number } };
    assert.deepEqual(violations('export', document), []);
    assert.deepEqual(
      document.files.map((name) => path.extname(name)),
      ['.tflite', '.nas', '.md', '.svg', '.html', '.json', '.h', '.c'],
    );
    for (const name of document.files) assert.ok(existsSync(name), name);
    const model = new Uint8Array(readFileSync(document.files[0] ?? ''));
    assert.equal(document.report.file_bytes, model.length);
    assert.notEqual(readTflite(model, 'out').quantized, undefined);

    const report = readFileSync(document.files.find((name) => name.endsWith('.md')) ?? '', 'utf8');
    assert.match(report, /\| accuracy, int8, validation split \| .* %; by this the search ranked \|/);
    assert.match(
      report,
      /\| accuracy, int8, test split \| .* %; 95 % interval .* to .* %, by 2000 samples \|/,
    );
    assert.match(report, /\| training \| 1 of 1 epoch \|/);
    assert.equal(err, '');

    const single = path.join(folder, 'firmware', 'net.tflite');
    const alone = await invoke(['export', copy, '--trial', 'best', '-o', single]);
    assert.equal(alone.out, `${single}\n`);
    const withC = await invoke(['export', copy, '--trial', 'best', '-o', single, '--c']);
    assert.match(withC.out, /net\.tflite\n.*net\.h\n.*net\.c\n/);
  });

  test('export writes C that needs no runtime, with the kernels that it calls', async () => {
    const copy = withModels('exported-as-c');
    const out = path.join(folder, 'own');
    const best = ['export', copy, '--trial', 'best', '--format', 'c'];
    const { code, out: text, err } = await invoke([...best, '-o', out, '--json']);
    assert.deepEqual([code, err], [0, '']);
    const document = JSON.parse(text) as {
      files: string[];
      report: { cost: { target: { runtime: string } } };
    };
    assert.deepEqual(violations('export', document), []);
    const names = document.files.map((file) => path.basename(file));
    assert.ok(!names.some((name) => name.endsWith('.tflite')), names.join());
    for (const name of ['conv2d.c', 'nas_kernels.h', 'nas_core.h', 'core.c']) assert.ok(names.includes(name));
    assert.ok(!names.includes('moving.c'));
    const header = readFileSync(document.files.find((name) => /tiny.*\.h$/.test(name)) ?? '', 'utf8');
    assert.match(header, /_ARENA_BYTES \d+\n/);
    assert.match(header, /_run\(void \*arena\);/);
    assert.match(JSON.stringify(document.report), /nasturtium-probe/);

    const refused = [
      await invoke([...best, '-o', path.join(folder, 'net.tflite')]),
      await invoke([...best, '-o', out, '--no-c']),
      await invoke([...best.slice(0, -1), 'onnx', '-o', out]),
    ];
    assert.deepEqual(
      refused.map((each) => each.code),
      [2, 2, 2],
    );
    assert.match(refused[0]?.err ?? '', /needs no model file and no runtime, .* Give a folder with -o/);
    assert.match(refused[2]?.err ?? '', /Allowed choices are tflite, c/);
  });

  test('deploy writes a project for the board, or a library where there is no start-up code', async () => {
    const copy = withModels('deployed');
    const out = path.join(folder, 'project');
    const best = ['deploy', copy, '--trial', 'best', '-o', out];
    const { code, out: text, err } = await invoke([...best, '--board', 'virtual:m4', '--json']);
    assert.deepEqual([code, err], [0, '']);
    const document = JSON.parse(text) as { files: string[]; program: string; name: string };
    assert.deepEqual(violations('deploy', document), []);
    for (const name of document.files) assert.ok(existsSync(name), name);
    assert.equal(document.program, `${document.name}.elf`);
    const names = document.files.map((file) => path.relative(out, file));
    for (const name of ['CMakeLists.txt', 'main.c', 'board/board.ld', 'library.json', 'src/nas_kernels.h'])
      assert.ok(names.includes(path.normalize(name)), name);

    const library = await invoke([...best.slice(0, -1), path.join(folder, 'library')]);
    assert.equal(library.code, 0);
    assert.match(
      library.err,
      /There is no start-up code for ST Nucleo-64 STM32F446RE here, so the project is a library/,
    );
    assert.ok(!library.out.includes('main.c'));

    const unknown = await invoke([...best, '--board', 'no-such-board']);
    assert.deepEqual([unknown.code, unknown.out], [2, '']);
    assert.match(unknown.err, /no-such-board/);
    const occupied = await invoke([...best.slice(0, -1), program]);
    assert.deepEqual([occupied.code, occupied.out], [3, '']);
  });

  test('a search does not write over a run', async () => {
    const { code, err } = await invoke(['search', program, '--run', run]);
    assert.equal(code, 3);
    assert.match(err, /holds a run already\. Resume it/);
  });

  test('a program that cannot be searched is refused', async () => {
    const bare = path.join(folder, 'bare.nas');
    writeFileSync(bare, 'space a { input 8x8x1; gap; dense -> 2 }\n');
    const { code, err } = await invoke(['search', bare]);
    assert.equal(code, 4);
    assert.match(err, /A search has no dataset to train on/);
    const [failed, ...more] = (await invoke(['search', bare, '--events'])).out.trim().split('\n');
    assert.deepEqual(more, []);
    const event: unknown = JSON.parse(failed ?? '');
    assert.deepEqual(violations('events', event), []);
    assert.deepEqual((event as { place: unknown }).place, { file: bare, line: 1, column: 7 });
  });
});

describe('the process', () => {
  const start = (...args: string[]) =>
    spawn(process.execPath, [path.join(root, 'cli/main.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exitOf = (child: ReturnType<typeof start>) =>
    new Promise<number | null>((done) => child.on('close', (code) => done(code)));

  test('stops on Ctrl+C after writing down what is done, and goes on from there', async () => {
    const stopped = path.join(folder, 'stopped');
    const common = ['--workers', '1', '--evaluator-module', evaluator];
    const child = start('search', program, '--trials', '15', '--run', stopped, '--events', ...common);
    let trials = 0;
    createInterface({ input: child.stdout }).on('line', (line) => {
      eventsOf(line);
      const { event } = JSON.parse(line) as { event: string };
      if (event === 'trial' && ++trials === 2) child.kill('SIGINT');
    });
    assert.equal(await exitOf(child), 130);
    const before = readRun(stopped);
    assert.equal(before.status, 'stopped');
    assert.ok(before.trials.length >= 2 && before.trials.length < 15);

    const { code, out } = await invoke(['resume', stopped, '--events', ...common]);
    assert.equal(code, 0);
    assert.deepEqual(eventsOf(out).slice(-1), ['finished']);
    const after = readRun(stopped);
    assert.equal(after.trials.length, 15);
    assert.deepEqual(after.trials.slice(0, before.trials.length), before.trials);
  });

  test('serves the language server on its standard streams', async () => {
    const child = spawn(process.execPath, [path.join(root, 'cli/main.ts'), 'lsp', '--stdio'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const send = (message: object) => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    let answers = '';
    child.stdout.on('data', (chunk: Buffer) => {
      answers += chunk.toString();
      if (/"id":1\b/.test(answers) && !/"id":2\b/.test(answers))
        send({ id: 2, method: 'shutdown', params: null });
      if (/"id":2\b/.test(answers)) send({ method: 'exit' });
    });
    const exit = new Promise((done) => child.on('close', (code) => done(code)));
    send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
    assert.equal(await exit, 0);
    assert.match(answers, /"capabilities":\{/);
  });

  test('a reader that leaves early is no failure', async () => {
    const child = start('cost', program, '--json');
    child.stdout.destroy();
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    assert.equal(await exitOf(child), 0);
    assert.equal(errors, '');
  });
});
