/**
 * The kernels answer as this project's int8 interpreter, which answers as LiteRT, on every core that they are written for;
 * and execute no more instructions than their bars. Each emulator is launched once: its clock counts instructions, so the
 * counts are the same in every run.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { buildForHost, buildImage, machines, type Core } from './build.ts';
import { checksumOf } from './checksum.ts';
import type { CaseResult } from './job.ts';
import { kernelNames } from './lower/call.ts';
import { scratchOf, type Family } from './lower/scratch.ts';
import { runEmulated, runOnHost } from './run.ts';
import { skipWithout } from '../testing/programs.ts';
import { barCase, bars, networkLayers } from './testing/bars.ts';
import { exampleCases, oddCases, type OperatorCase } from './testing/operators.ts';

const folder = mkdtempSync(join(tmpdir(), 'nasturtium-firmware-'));
after(() => rmSync(folder, { recursive: true }));

/** Asserts that the kernels made of each case what is expected. */
function sameAnswers(cases: readonly OperatorCase[], results: readonly CaseResult[]): void {
  assert.equal(results.length, cases.length);
  cases.forEach(({ name, job, expected, tolerance }, i) => {
    const { checksum, output } = results[i] ?? {};
    if (tolerance === 0)
      assert.equal(checksum, checksumOf(expected).toString(16), `${name}: ${JSON.stringify(job.calls)}`);
    else {
      assert.equal(output?.length, expected.length, name);
      const far = expected.filter((q, at) => Math.abs(q - (output[at] ?? NaN)) > tolerance).length;
      assert.equal(far, 0, name);
    }
  });
}

/** Asserts that the kernels asked for as much scratch as memory is laid out with. */
function sameScratch(family: Family, cases: readonly OperatorCase[], results: readonly CaseResult[]): void {
  cases.forEach(({ name, job }, i) => {
    const most = Math.max(0, ...job.calls.map((call) => scratchOf(call, family)));
    assert.equal(results[i]?.scratchBytes, most, `${name}: ${JSON.stringify(job.calls[0]?.numbers)}`);
  });
}

const families = {
  m0plus: 'plain',
  m3: 'plain',
  m4: 'dsp',
  m33: 'dsp',
  m55: 'mve',
  rv32imc: 'plain',
} as const satisfies Record<Core, Family>;

/** Greatest geometric mean of instructions over those of CMSIS-NN. */
const BARS = { m3: 0.8, m4: 0.75, m33: 0.75, m55: 1 } as const;
/** So that a tick of the emulated timer, of up to 50 instructions, does not show. */
const REPEATS = 10;

const ratios = (core: keyof typeof BARS, results: readonly CaseResult[]): readonly number[] =>
  bars.map(({ instructions }, i) => (results[i]?.instructions ?? NaN) / instructions[core]);

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

const examples = exampleCases();

for (const core of Object.keys(machines) as Core[]) {
  const skip = skipWithout(machines[core].compiler, machines[core].emulator);
  describe(`kernels on ${core}`, { skip }, () => {
    const operators = skip === false ? [...examples, ...oddCases(200, core)] : [];
    const networks = core === 'm0plus' && skip === false ? networkLayers() : [];
    const barResults: CaseResult[] = [];
    const networkResults: CaseResult[] = [];
    const operatorResults: CaseResult[] = [];

    it('run to the end', () => {
      const image = buildImage(core, folder);
      const all = runEmulated(core, image, [
        ...bars.map((bar) => barCase(bar, REPEATS)),
        ...networks.map(({ job }) => job),
        ...operators.map(({ job }) => job),
      ]);
      barResults.push(...all.slice(0, bars.length));
      networkResults.push(...all.slice(bars.length, bars.length + networks.length));
      operatorResults.push(...all.slice(bars.length + networks.length));
    });

    it("have TFLite's arithmetic", () => {
      assert.deepEqual(
        barResults.map(({ checksum }) => checksum),
        bars.map(({ checksum }) => checksum),
      );
    });

    it('answer as the interpreter', () => sameAnswers(operators, operatorResults));

    it('ask for the scratch that exported programs have for them', () =>
      sameScratch(families[core], operators, operatorResults));

    if (core === 'm0plus') {
      it('execute at most 0.8 of the instructions of CMSIS-NN over the layers of published networks', () => {
        const sum = networkResults.reduce((total, { instructions }) => total + instructions, 0);
        const other = networks.reduce((total, { instructions }) => total + instructions, 0);
        assert.ok(sum / other <= 0.8, String(sum / other));
        const each = networks.map(
          ({ instructions }, i) => (networkResults[i]?.instructions ?? NaN) / instructions,
        );
        assert.ok(geometricMean(each) <= 0.8, String(geometricMean(each)));
      });
    } else if (core !== 'rv32imc') {
      it(`execute at most ${BARS[core]} of the instructions of CMSIS-NN`, () => {
        const each = ratios(core, barResults);
        assert.ok(geometricMean(each) <= BARS[core], String(geometricMean(each)));
        if (core === 'm4' || core === 'm33') assert.ok(Math.max(...each) <= 1, String(Math.max(...each)));
      });
    }
  });
}

const noCompiler = skipWithout('gcc');

describe(
  'kernels on the host, under the sanitizers of addresses and of undefined behaviour',
  { skip: noCompiler },
  () => {
    it('answer as the interpreter', () => {
      const operators = [...examples, ...oddCases(1000, 'host')];
      const program = buildForHost(folder);
      sameAnswers(
        operators,
        runOnHost(
          program,
          operators.map(({ job }) => job),
        ),
      );
    });
  },
);

describe('images', { skip: skipWithout(machines.m4.compiler) }, () => {
  it('are the same bytes whenever they are built', () => {
    const [first, second] = ['one', 'other'].map((name) => buildImage('m4', join(folder, name)));
    assert.deepEqual(readFileSync(first ?? ''), readFileSync(second ?? ''));
  });
});

describe('layers', () => {
  /** Members of the structs of the header, by struct: `int32_t`, then pointers. */
  const header = readFileSync(join(import.meta.dirname, 'kernels', 'nas_kernels.h'), 'utf8');
  const structs = new Map(
    [...header.matchAll(/typedef struct \{([^}]*)\} (\w+);/g)].map(([, body = '', name = '']) => [
      name,
      body
        .replace(/\/\*[^]*?\*\//g, '')
        .split(';')
        .flatMap((line) => line.replace(/^\s*(const )?\w+\s/, '').split(','))
        .map((member) => member.replace('*', '').trim())
        .filter((member) => member !== ''),
    ]),
  );
  /** The struct of the first argument of each kernel. */
  const structOf = new Map(
    [...header.matchAll(/void nas_(\w+)_s8\(const (\w+) \*layer/g)].map(([, kernel = '', name = '']) => [
      kernel,
      name,
    ]),
  );

  it('have the members of their structs, in their order', () => {
    const seen = new Set<string>();
    for (const { job } of [...examples, ...oddCases(60, 'layers')])
      for (const { kernel, numbers, arrays } of job.calls) {
        seen.add(kernel);
        const members = structs.get(structOf.get(kernel) ?? '');
        assert.deepEqual([...Object.keys(numbers), ...Object.keys(arrays)], members, kernel);
      }
    assert.deepEqual([...seen].sort(), [...kernelNames].sort());
  });
});
